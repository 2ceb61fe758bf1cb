"""A real database for every test: migrated once, copied for each.

With `DUNWELL_TEST_DATABASE_URL` the same tests run on that server instead, each in a schema of its own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from store import companies
from store.database import Database
from store.secrets import SecretBox
from tests.store.books import NOW, Shop


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "dunwell.sqlite"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@contextmanager
def fresh_url(migrated: Path, folder: Path) -> Iterator[str]:
    """The address of a database with the newest schema and nothing in it."""
    server = os.environ.get("DUNWELL_TEST_DATABASE_URL")
    if server is None:
        shutil.copy(migrated, folder / "dunwell.sqlite")
        yield f"sqlite:///{folder / 'dunwell.sqlite'}"
        return
    admin, schema = Database(server), f"t{uuid4().hex}"
    with admin.begin() as session:
        session.connection().execute(text(f"CREATE SCHEMA {schema}"))
    own = f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{schema}"
    database = Database(own)
    database.upgrade()
    database.dispose()
    yield own
    with admin.begin() as session:
        session.connection().execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def url(migrated: Path, tmp_path: Path) -> Iterator[str]:
    with fresh_url(migrated, tmp_path) as own:
        yield own


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.dispose()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def today() -> date:
    return NOW.date()


@pytest.fixture
def box() -> SecretBox:
    return SecretBox(("a secret key for tests",))


@pytest.fixture
def shop(database: Database) -> Shop:
    """A company in automatic mode whose books are filled page by page."""
    return Shop.open(database, "tenant-1", NOW)


@pytest.fixture
def neighbour(database: Database) -> Shop:
    """Another company in the same database."""
    return Shop.open(database, "tenant-2", NOW)


@pytest.fixture
def watching_shop(shop: Shop) -> Shop:
    """The company in observe mode."""
    with shop.database.begin() as session:
        companies.set_mode(session, shop.id, "observe", NOW, "user 1")
    return shop
