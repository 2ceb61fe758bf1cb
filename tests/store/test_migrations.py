from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect
from sqlmodel import SQLModel

import store.tables  # noqa: F401 - fills the metadata
from store.database import Database
from tests.databases import Databases
from tests.store.processes import run_all


@pytest.fixture
def fresh(databases: Databases) -> Iterator[Engine]:
    """A database made from today's tables, without any migration."""
    with databases.empty_database() as url:
        engine = create_engine(url)
        SQLModel.metadata.create_all(engine)
        yield engine
        engine.dispose()


QUEUE = "procrastinate_"
"""Tables of the task queue, which brings its own schema: not ours to describe."""


def is_ours(item: Any, name: str, kind: str, _reflected: bool, _other: object) -> bool:
    table = name if kind == "table" else item.table.name
    return not table.startswith(QUEUE)


def described(engine: Engine) -> dict[str, Any]:
    """Tables, columns, keys and indexes as the database itself tells them, names of constraints aside."""
    seen = inspect(engine)
    return {
        table: {
            "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in seen.get_columns(table)},
            "key": seen.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted((f["constrained_columns"], f["referred_table"]) for f in seen.get_foreign_keys(table)),
            "unique": sorted(u["column_names"] for u in seen.get_unique_constraints(table)),
            "indexes": sorted(
                (i["name"], i["column_names"], i["unique"], _options(i)) for i in seen.get_indexes(table)
            ),
        }
        for table in seen.get_table_names()
        if table != "alembic_version" and not table.startswith(QUEUE)
    }


def _options(index: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {value}" for name, value in index.get("dialect_options", {}).items()]


def test_the_migrated_schema_is_the_one_that_the_tables_describe(database: Database, fresh: Engine) -> None:
    assert described(database.engine) == described(fresh)


def test_alembic_finds_nothing_left_to_migrate(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_a_new_database_again_changes_nothing(database: Database) -> None:
    before = described(database.engine)
    database.upgrade()
    assert described(database.engine) == before


def upgrade(url: str) -> None:
    database = Database(url)
    database.upgrade()
    database.dispose()


def test_three_processes_may_upgrade_at_once(databases: Databases, fresh: Engine) -> None:
    with databases.empty_database() as url:
        assert run_all(upgrade, [(url,)] * 3) == [0, 0, 0]
        migrated = create_engine(url)
        assert described(migrated) == described(fresh)
        migrated.dispose()
