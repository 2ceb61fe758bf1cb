"""One uploaded file read: its headings found, its columns proposed, its rows made ready to be kept or told as bad.

Pure. Nothing is stored here, so that an owner can look first and correct the columns as often as they like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from connectors.errors import SkipRecord
from connectors.uploads.columns import Columns, found_in, missing_from
from connectors.uploads.sheets import HEADING_WITHIN, Line, UnreadableFileError, lines_of
from connectors.uploads.translate import Translator
from connectors.uploads.values import Row
from engine.uploads import UploadedRow

SHOWN = 5
"""Rows that an owner sees before they say yes."""
MUST_HAVE_ROWS = ("customer", "invoice")


class Reading(Struct, frozen=True, kw_only=True):
    """What a file says under these columns."""

    headings: tuple[str, ...]
    places: dict[str, int]
    """Our field → the place of its column."""
    missing: tuple[str, ...]
    """Fields that every row needs and no column is for. Then no row is read."""
    first: tuple[tuple[str, ...], ...]
    """The first rows as they stand in the file."""
    rows: tuple[UploadedRow, ...] = ()
    problems: tuple[SkipRecord, ...] = ()
    """What is wrong with the rows that could not be read; a BadCell says where."""

    @property
    def good(self) -> int:
        return len(self.rows) - len(self.problems)


def read(entity: str, content: bytes, columns: Columns, translator: Translator) -> Reading:
    """Read a whole file of one entity. Files that customers stand in come first: `translator` learns from them.

    Raises UnreadableFileError for what is no list at all.
    """
    lines = lines_of(content)
    top = _heading(entity, lines, columns)
    headings = tuple(_text(cell) for cell in lines[top].cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    body = lines[top + 1 :]
    if not body and entity in MUST_HAVE_ROWS:
        # An export that failed half-way leaves as much. That is not everybody having paid.
        raise UnreadableFileError("There are headings in it, and no rows.")
    places = found_in(entity, headings, columns)
    missing = tuple(missing_from(entity, places))
    first = tuple(tuple(_text(cell) for cell in line.cells[: len(headings)]) for line in body[:SHOWN])
    reading = Reading(headings=headings, places=places, missing=missing, first=first)
    return reading if missing else _rows(entity, body, reading, columns, translator)


def _rows(entity: str, lines: Sequence[Line], reading: Reading, columns: Columns, translator: Translator) -> Reading:
    rows, problems = [], []
    for line in lines:
        row = Row(entity, line, reading.places, reading.headings, columns)
        try:
            rows.append(translator.row(row))
        except SkipRecord as error:
            problems.append(error)
            rows.append(UploadedRow(entity=entity, id=error.record_id, problem=error.reason))
    return Reading(
        headings=reading.headings,
        places=reading.places,
        missing=(),
        first=reading.first,
        rows=tuple(rows),
        problems=tuple(problems),
    )


def _heading(entity: str, lines: Sequence[Line], columns: Columns) -> int:
    """The line with the headings: of the first lines the one in which most of our fields are found."""
    found: Mapping[int, int] = {
        place: len(found_in(entity, [_text(cell) for cell in line.cells], columns))
        for place, line in enumerate(lines[:HEADING_WITHIN])
    }
    return max(found, key=lambda place: (found[place], -place))


def _text(cell: object) -> str:
    return " ".join(str(cell).split())[:80]
