"""The few SQL words that every module here uses: tables by model, upserts for either database, counts of changed rows.

The only place, with `store.database`, that knows SQLite from PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, CursorResult, Executable, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Rows = Sequence[Mapping[str, Any]]
Item = TypeVar("Item")

CHUNK = 1000
"""Bound values in one statement stay well under either database's limit (32,766 on SQLite)."""


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model: statements are built on it, rows come back as the model."""
    table = inspect(model).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not a table")
    return table


def run(session: Session, statement: Executable, rows: Rows | None = None) -> int:
    """Execute a writing statement, once or for many rows; returns how many rows it changed."""
    if rows is not None and not rows:
        return 0
    # The connection, not the session: no unit of work is involved, and an empty flush costs more than the statement.
    result = session.connection().execute(statement, rows)
    return max(cast("CursorResult[Any]", result).rowcount, 0)


def insert_into(session: Session, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the session's own dialect."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def upsert(session: Session, table: Table, rows: Rows, kept: Iterable[str] = ()) -> int:
    """Insert rows, or update the ones whose key is there and whose content differs; returns how many changed.

    `kept` names columns that an update leaves alone. Unchanged rows write nothing. No RETURNING: it costs four times.
    """
    if not rows:
        return 0
    statement = insert_into(session, table)
    key = [column.name for column in table.primary_key]
    told = [name for name in rows[0] if name not in key and name not in set(kept)]
    if not told:
        return run(session, statement.on_conflict_do_nothing(index_elements=key), rows)
    differs = _any_differs(table, statement, told)
    changes = {name: statement.excluded[name] for name in told}
    return run(session, statement.on_conflict_do_update(index_elements=key, set_=changes, where=differs), rows)


def _any_differs(
    table: Table, statement: sqlite.Insert | postgresql.Insert, names: Sequence[str]
) -> ColumnElement[bool]:
    first, *rest = (table.c[name].is_distinct_from(statement.excluded[name]) for name in names)
    for other in rest:
        first = first | other
    return first


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
