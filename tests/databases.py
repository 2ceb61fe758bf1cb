"""Databases for tests, by kind: what holds for one must hold for the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from store.database import Database


class Databases(Protocol):
    """Makes databases of one kind, each for one test; the context gives its SQLAlchemy URL."""

    def empty_database(self) -> AbstractContextManager[str]:
        """With nothing in it at all."""
        ...

    def migrated_database(self) -> AbstractContextManager[str]:
        """With the newest schema and no rows."""
        ...


class Files:
    """SQLite: migrated once, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._migrated = folder / "migrated.sqlite"
        database = Database(f"sqlite:///{self._migrated}")
        database.upgrade()
        with database.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        yield f"sqlite:///{self._own_folder() / 'dunwell.sqlite'}"

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        path = self._own_folder() / "dunwell.sqlite"
        shutil.copy(self._migrated, path)
        yield f"sqlite:///{path}"

    def _own_folder(self) -> Path:
        own = self._folder / uuid4().hex
        own.mkdir()
        return own
