"""The few SQL words that every module here uses: tables by model, upserts for either database, counts of changed rows.

The only place, with `store.database`, that knows SQLite from PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    CursorResult,
    Dialect,
    Executable,
    Row,
    Select,
    String,
    Table,
    bindparam,
    func,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session, SQLModel

Rows = Sequence[dict[str, Any]]
Item = TypeVar("Item")
Insert: TypeAlias = sqlite.Insert | postgresql.Insert

_DIALECTS: dict[str, Dialect] = {}

CHUNK = 1000
"""Bound values in one statement stay well under either database's limit (32,766 on SQLite)."""


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model: statements are built on it, rows come back as the model."""
    table = inspect(model).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not a table")
    return table


def run(session: Session, statement: Executable, rows: Rows | None = None, **given: Any) -> int:
    """Execute a writing statement, once or for many rows; returns how many rows it changed.

    What runs with every company is made once, and `given` is what it binds: to build it anew costs more than to execute
    it. In an UPDATE such a name must not be a column's, which would set that column.
    """
    if rows is not None and not rows:
        return 0
    # The connection, not the session: no unit of work is involved, and an empty flush costs more than the statement.
    # The count is asked for: PostgreSQL's driver forgets it once an INSERT's cursor is closed, and that is at once.
    bound = given if rows is None else rows
    result = session.connection().execute(statement, bound, execution_options={"preserve_rowcount": True})
    return max(cast("CursorResult[Any]", result).rowcount, 0)


def ask(session: Session, statement: Select[Any], **given: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a statement that is made once and asked for every page, by the driver itself: SQLAlchemy's own way
    takes three times as long. Only texts, whole numbers and what `listed` makes go in, and only such come out.
    """
    connection = session.connection()
    ready = _ready(one_dialect(connection), statement)
    bound = {**ready.params, **given}
    if ready.positiontup is None:
        return connection.exec_driver_sql(str(ready), bound).all()
    return connection.exec_driver_sql(str(ready), tuple([bound[name] for name in ready.positiontup])).all()


def one_dialect(connection: Connection) -> Dialect:
    """The first of its kind in this process stands for all: what is compiled for one database fits every other."""
    return _DIALECTS.setdefault(connection.dialect.name, connection.dialect)


@lru_cache(maxsize=64)
def _ready(dialect: Dialect, statement: Select[Any]) -> SQLCompiler:
    return statement.compile(dialect=dialect)


def insert_into(session: Session, table: Table) -> Insert:
    """An INSERT that knows ON CONFLICT, in the session's own dialect."""
    if is_postgresql(session):
        return postgresql.insert(table)
    return sqlite.insert(table)


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def among(session: Session, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """`column IN (values)` with all values in one parameter: a long list costs SQLAlchemy more than the database."""
    on_server = is_postgresql(session)
    return among_listed(on_server, column, bindparam(None, listed(on_server, values)))


def among_listed(on_server: bool, column: ColumnElement[str], values: BindParameter[Any]) -> ColumnElement[bool]:
    """The same for a statement that is made once, for PostgreSQL or for SQLite: each use binds `listed` values."""
    if on_server:
        return column == func.any(type_coerce(values, postgresql.ARRAY(String)))
    return column.in_(select(func.json_each(values).table_valued("value").c.value))


def listed(on_server: bool, values: Sequence[str]) -> Any:
    """Many values as the one that `among_listed` compares with."""
    return list(values) if on_server else json.dumps(values)


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
