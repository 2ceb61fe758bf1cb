"""Rows of one kind, in the order of their last change, with indexes and a way back.

A row is never changed in place: `put` takes a new document, so that what a page renders stays what it was. Rows stand
in the order in which they were put; as `UpdatedDateUTC` rises with every change, that is Xero's default order for free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sandbox.xero.values import Doc

Undo = Callable[[], None]


@dataclass
class Journal:
    """What to do to undo the changes of one request, newest last."""

    undos: list[Undo] = field(default_factory=list)

    def roll_back(self) -> None:
        while self.undos:
            self.undos.pop()()


class Table:
    """Documents of one entity by id. `indexes` names the fields by whose value rows are found."""

    def __init__(self, name: str, key: str, indexes: tuple[str, ...] = ()) -> None:
        self.name, self.key = name, key
        self.rows: dict[str, Doc] = {}
        self.journal: Journal | None = None
        self._indexes: dict[str, dict[str, dict[str, None]]] = {field_name: {} for field_name in indexes}

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, row_id: str) -> Doc | None:
        return self.rows.get(row_id)

    def find(self, index: str, value: str) -> Iterator[Doc]:
        """Rows whose `index` field has this value, oldest put first."""
        return (self.rows[row_id] for row_id in tuple(self._indexes[index].get(value, ())))

    def put(self, doc: Doc, *, keep_place: bool = False) -> None:
        """Store a new document or a new version of one; it moves to the end unless `keep_place`."""
        row_id = doc[self.key]
        old = self.rows.get(row_id)
        if self.journal is not None:
            self.journal.undos.append(lambda: self._restore(row_id, old))
        self._unindex(row_id, old)
        if old is not None and not keep_place:
            del self.rows[row_id]
        self.rows[row_id] = doc
        self._index(row_id, doc)

    def remove(self, row_id: str) -> None:
        old = self.rows[row_id]
        if self.journal is not None:
            self.journal.undos.append(lambda: self._restore(row_id, old))
        self._unindex(row_id, old)
        del self.rows[row_id]

    def sort(self, by: str) -> None:
        """Put the rows in the order of a field: after documents with their own timestamps were loaded."""
        self.rows = dict(sorted(self.rows.items(), key=lambda row: (row[1][by], row[0])))

    def _restore(self, row_id: str, old: Doc | None) -> None:
        self._unindex(row_id, self.rows.pop(row_id, None))
        if old is not None:
            self.rows[row_id] = old
            self._index(row_id, old)
            if "UpdatedDateUTC" in old:
                self.sort("UpdatedDateUTC")

    def _index(self, row_id: str, doc: Doc) -> None:
        for name, index in self._indexes.items():
            index.setdefault(doc.get(name, ""), {})[row_id] = None

    def _unindex(self, row_id: str, doc: Doc | None) -> None:
        if doc is None:
            return
        for name, index in self._indexes.items():
            rows = index.get(doc.get(name, ""))
            if rows is not None:
                rows.pop(row_id, None)
