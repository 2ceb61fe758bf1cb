"""The few SQL words that every module here uses: tables by model, upserts for either database, counts of changed rows.

The only place, with `store.database`, that knows SQLite from PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias, TypeVar, cast

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Dialect,
    Executable,
    String,
    Table,
    bindparam,
    func,
    inspect,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Rows = Sequence[dict[str, Any]]
Item = TypeVar("Item")
Insert: TypeAlias = sqlite.Insert | postgresql.Insert

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
    # The count is asked for: PostgreSQL's driver forgets it once an INSERT's cursor is closed, and that is at once.
    result = session.connection().execute(statement, rows, execution_options={"preserve_rowcount": True})
    return max(cast("CursorResult[Any]", result).rowcount, 0)


def insert_into(session: Session, table: Table) -> Insert:
    """An INSERT that knows ON CONFLICT, in the session's own dialect."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_many(session: Session, table: Table, rows: Rows) -> int:
    """Insert rows that are surely new; returns how many. Every row names the same columns, and is used up by this."""
    return _write(session, table, rows, None)


def upsert(session: Session, table: Table, rows: Rows, kept: Iterable[str] = ()) -> int:
    """Insert rows, or update the ones whose key is there and whose content differs; returns how many changed.

    Every row names the same columns, and is used up by this; `kept` are columns that an update leaves alone. Unchanged
    rows write nothing. No RETURNING: it costs four times the write.
    """
    return _write(session, table, rows, frozenset(kept))


class _Prepared(Struct, frozen=True):
    """A statement as the driver takes it. `order` is None where the driver wants names instead of places."""

    sql: str
    order: tuple[str, ...] | None
    processors: tuple[tuple[str, Callable[[Any], Any]], ...]


def _write(session: Session, table: Table, rows: Rows, kept: frozenset[str] | None) -> int:
    # SQLAlchemy's own executemany prepares every value of every row, at three times the price of the write itself.
    # Here it compiles the statement, once, and the driver gets the values as they are, but for those it cannot take.
    if not rows:
        return 0
    connection = session.connection()
    prepared = _prepared(connection.dialect, table, tuple(rows[0]), kept)
    for name, process in prepared.processors:
        for row in rows:
            if row[name] is not None:
                row[name] = process(row[name])
    bound: list[Any] = list(rows)
    if prepared.order is not None:
        bound = [tuple(map(row.__getitem__, prepared.order)) for row in rows]
    return max(connection.exec_driver_sql(prepared.sql, bound).rowcount, 0)


@lru_cache(maxsize=256)
def _prepared(dialect: Dialect, table: Table, columns: tuple[str, ...], kept: frozenset[str] | None) -> _Prepared:
    statement: Insert = (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(table)
    if kept is not None:
        statement = _on_conflict(table, statement, [name for name in columns if name not in kept])
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    kinds = ((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in columns)
    processors = tuple((name, process) for name, process in kinds if process is not None)
    order = None if compiled.positiontup is None else tuple(compiled.positiontup)
    return _Prepared(str(compiled), order, processors)


def _on_conflict(table: Table, statement: Insert, columns: Sequence[str]) -> Insert:
    key = [column.name for column in table.primary_key]
    told = [name for name in columns if name not in key]
    if not told:
        return statement.on_conflict_do_nothing(index_elements=key)
    differs = or_(*(table.c[name].is_distinct_from(statement.excluded[name]) for name in told))
    changes = {name: statement.excluded[name] for name in told}
    return statement.on_conflict_do_update(index_elements=key, set_=changes, where=differs)


def among(session: Session, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """`column IN (values)` with all values in one parameter: a long list costs SQLAlchemy more than the database."""
    if session.get_bind().dialect.name == "postgresql":
        return column == func.any(bindparam(None, list(values), type_=postgresql.ARRAY(String)))
    listed = func.json_each(json.dumps(values)).table_valued("value")
    return column.in_(select(listed.c.value))


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
