"""Many rows at once: inserts and upserts as the driver takes them, on either database.

SQLAlchemy's own executemany prepares every value of every row, at three times the price of the write itself. Here it
compiles the statement, once, and values are prepared column by column, and only those the driver cannot take. No two
rows of one call may have the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, defstruct
from sqlalchemy import JSON, Boolean, Date, Dialect, Table, bindparam, cast, func, null, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from store.sql import Insert, Rows, one_dialect

Process: TypeAlias = Callable[[Any], Any]
Columns: TypeAlias = dict[str, Sequence[Any]]
"""Rows laid out by column: the values of each, all in the same order."""


def insert_many(session: Session, table: Table, rows: Rows) -> int:
    """Insert rows that are surely new; returns how many. Every row names the same columns."""
    return _write(session, table, _columns(rows), None)


def upsert(session: Session, table: Table, rows: Rows, kept: Iterable[str] = ()) -> int:
    """Insert rows, or update the ones whose key is there and whose content differs; returns how many changed.

    Every row names the same columns; `kept` are columns that an update leaves alone. Unchanged rows write nothing. No
    RETURNING: it costs four times the write.
    """
    return _write(session, table, _columns(rows), frozenset(kept))


def upsert_columns(session: Session, table: Table, columns: Columns) -> int:
    """As `upsert`, of rows that are laid out by column."""
    return _write(session, table, columns, frozenset())


def _columns(rows: Rows) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _write(session: Session, table: Table, columns: Columns, kept: frozenset[str] | None) -> int:
    if not any(columns.values()):
        return 0
    connection = session.connection()
    dialect = one_dialect(connection)
    if dialect.name == "postgresql":
        prepared = _in_one_value(dialect, table, tuple(columns), kept)
    else:
        prepared = _by_place(dialect, table, tuple(columns), kept, _unset(columns))
    values = (map(process, columns[name]) if process else columns[name] for name, process in prepared.columns)
    rows = zip(*values, strict=True)
    if prepared.encode is not None:
        return max(connection.exec_driver_sql(prepared.sql, (prepared.encode(rows),)).rowcount, 0)
    return max(connection.exec_driver_sql(prepared.sql, _Streamed(rows)).rowcount, 0)


class _Streamed(list[tuple[Any, ...]]):
    """Rows that are made one by one as the driver takes them, each let go of at once: a thousand of them held together
    are what the garbage collector would walk through four times a page.

    The driver takes any iterable; SQLAlchemy, which names the driver's errors, insists on a list of tuples.
    """

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        super().__init__([(), ()])
        self._rows = rows

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows)


def _unset(columns: Columns) -> frozenset[str]:
    """Columns without a value in any row."""
    return frozenset(
        name for name, values in columns.items() if not any(values) and all(value is None for value in values)
    )


class _Prepared(Struct, frozen=True):
    """A statement as the driver takes it; its columns, and what is done to their values; and how rows become one value,
    where they do.
    """

    sql: str
    columns: tuple[tuple[str, Process | None], ...]
    encode: Callable[[Iterable[tuple[Any, ...]]], str] | None = None


@lru_cache(maxsize=256)
def _by_place(
    dialect: Dialect, table: Table, columns: tuple[str, ...], kept: frozenset[str] | None, unset: frozenset[str]
) -> _Prepared:
    """For SQLite: the driver's executemany, each row a tuple. Its driver looks for somebody who can adapt each None, at
    the price of five other values: where a column is `unset`, the statement itself says NULL.
    """
    statement = _with_kept(sqlite.insert(table), table, columns, kept).values(dict.fromkeys(unset, null()))
    compiled = statement.compile(dialect=dialect, column_keys=[name for name in columns if name not in unset])
    places = compiled.positiontup or ()
    return _Prepared(str(compiled), tuple((name, _process(table, name, dialect)) for name in places))


@lru_cache(maxsize=256)
def _in_one_value(dialect: Dialect, table: Table, columns: tuple[str, ...], kept: frozenset[str] | None) -> _Prepared:
    """For PostgreSQL: all rows in one JSON value, which the server takes apart; its driver is slow over single rows."""
    rows = func.json_to_recordset(cast(bindparam("rows"), JSON)).table_valued(*(table.c[name] for name in columns))
    given = rows.render_derived(name="given", with_types=True)
    insert = postgresql.insert(table).from_select(
        list(columns), select(*(given.c[name] for name in columns)), include_defaults=False
    )
    compiled = _with_kept(insert, table, columns, kept).compile(dialect=dialect)
    shape = defstruct("Row", [(f"f{place}", Any, msgspec.field(name=name)) for place, name in enumerate(columns)])
    encode = msgspec.json.Encoder().encode
    return _Prepared(
        str(compiled) % {"rows": "%s"},
        tuple((name, _process(table, name, dialect)) for name in columns),
        lambda rows: encode([shape(*row) for row in rows]).decode(),
    )


def _process(table: Table, column: str, dialect: Dialect) -> Process | None:
    kind = table.c[column].type
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return None
    if isinstance(kind, Boolean):
        return {value: process(value) for value in (None, False, True)}.__getitem__
    # A few hundred days make up a whole book.
    return lru_cache(maxsize=4096)(process) if isinstance(kind, Date) else process


def _with_kept(statement: Insert, table: Table, columns: Sequence[str], kept: frozenset[str] | None) -> Insert:
    """What happens to rows whose key is there: an error where `kept` is None, else an update of what differs."""
    if kept is None:
        return statement
    key = [column.name for column in table.primary_key]
    told = [name for name in columns if name not in key and name not in kept]
    if not told:
        return statement.on_conflict_do_nothing(index_elements=key)
    differs = or_(*(table.c[name].is_distinct_from(statement.excluded[name]) for name in told))
    changes = {name: statement.excluded[name] for name in told}
    return statement.on_conflict_do_update(index_elements=key, set_=changes, where=differs)
