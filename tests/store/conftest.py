"""A real database for every test: every rule of the store holds on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from store import companies
from store.database import Database
from store.secrets import SecretBox
from tests.databases import Databases
from tests.store.books import NOW, Shop


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    with databases.migrated_database() as url:
        yield url


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
