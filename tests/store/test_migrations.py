from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect
from sqlmodel import SQLModel

import store.tables  # noqa: F401 - fills the metadata
from store.database import Database
from tests.store.processes import run_all


@pytest.fixture
def fresh(tmp_path: Path) -> Engine:
    """A database made from today's tables, without any migration."""
    engine = create_engine(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    SQLModel.metadata.create_all(engine)
    return engine


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
        if table != "alembic_version"
    }


def _options(index: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {value}" for name, value in index.get("dialect_options", {}).items()]


def test_the_migrated_schema_is_the_one_that_the_tables_describe(migrated: Path, fresh: Engine) -> None:
    assert described(create_engine(f"sqlite:///{migrated}")) == described(fresh)


def test_alembic_finds_nothing_left_to_migrate(migrated: Path) -> None:
    with create_engine(f"sqlite:///{migrated}").connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_a_new_database_again_changes_nothing(database: Database) -> None:
    before = described(database.engine)
    database.upgrade()
    assert described(database.engine) == before


def upgrade(url: str) -> None:
    database = Database(url)
    database.upgrade()
    database.dispose()


def test_two_processes_may_upgrade_at_once(tmp_path: Path, fresh: Engine) -> None:
    url = f"sqlite:///{tmp_path / 'shared.sqlite'}"
    assert run_all(upgrade, [(url,)] * 3) == [0, 0, 0]
    assert described(create_engine(url)) == described(fresh)
