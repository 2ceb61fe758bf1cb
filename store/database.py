"""The database: one engine, sessions that write and sessions that only read, and the way to the newest schema.

SQLite in WAL mode by default, PostgreSQL by URL. What to store is the other modules' business.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one on SQLite before it gives up."""

MIGRATION_LOCK = 0x44554E57
"""Any number that nobody else takes: the PostgreSQL advisory lock under which the schema is changed."""


class Database:
    """One database by its SQLAlchemy URL. Safe to share between threads; each process makes its own."""

    def __init__(self, url: str) -> None:
        # A server may restart between two uses of a connection: asking first costs less than a lost run.
        # What is bound to a statement is a customer's business, and an error's text ends up in a log.
        self.engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite:"), hide_parameters=True)
        self.is_postgresql = self.engine.dialect.name == "postgresql"
        self._writing = self.engine.execution_options(dunwell_writes=True)
        if self.is_postgresql:
            self._reading = self.engine.execution_options(postgresql_readonly=True)
        else:
            self._reading = self.engine.execution_options(dunwell_writes=False)
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A writing session: committed at the end of the block, rolled back on any error.

        On SQLite the write lock is taken at once, so that two processes wait for each other and never deadlock. Rows
        stay readable after the block.
        """
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database and cannot write. Rows stay readable after the block."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session
            session.expunge_all()

    def upgrade(self) -> None:
        """Bring the schema to the newest version. Safe for two processes at once: the second finds nothing to do."""
        with self._writing.begin() as connection:
            if self.is_postgresql:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def revision(self) -> str:
        """The schema's version, as the database itself says."""
        with self.engine.connect() as connection:
            return str(MigrationContext.configure(connection).get_current_revision())

    @staticmethod
    def newest() -> str:
        """The schema's version that this Dunwell brings."""
        return str(ScriptDirectory.from_config(_alembic()).get_current_head())

    def is_up(self) -> bool:
        """Whether the database answers just now."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def dispose(self) -> None:
        """Close every pooled connection. Needed before a fork, and at the end of a test."""
        self.engine.dispose()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    return config


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction guessing is switched off: it would begin late, and deadlock two writers.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS:d}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("dunwell_writes", True)
    # Straight to the driver: it goes before every transaction, and SQLAlchemy's way there costs ten times as much.
    connection.connection.cursor().execute(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
