"""Upkeep: copies of the database and back again, and proof that nobody has changed the audit trail.

Copies are for SQLite, where the database is one file. PostgreSQL has tools of its own (docs/reliability.md).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from alembic.util.exc import CommandError
from sqlalchemy import make_url

from store import audit, companies
from store.database import Database

RESTORED = "restore"
"""Who paused the companies after a restore, as the audit has it."""


class CannotDo(Exception):
    """Why a copy cannot be made or taken back, and what to do instead. Nothing was changed."""


def file_of(database_url: str) -> Path:
    """The file behind a SQLite URL. Raises CannotDo for any other database."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise CannotDo("only a SQLite database is copied here; for PostgreSQL use pg_dump and pg_restore")
    return Path(url.database)


def back_up(database: Path, to: Path) -> int:
    """Copy the database to `to` while it is in use; returns the copy's size in bytes. Raises CannotDo."""
    if to.exists():
        raise CannotDo(f"{to} is there already: choose another name")
    if not database.exists():
        raise CannotDo(f"there is no database at {database} yet")
    unfinished = to.with_name(f"{to.name}.part")
    try:
        _new_private_file(unfinished)
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(unfinished)) as copy:
            # One step: pages of a busy database would otherwise be copied again and again.
            source.backup(copy)
            _insist_on_soundness(copy, to)
            # A copy is one file, whatever the database itself writes beside its own.
            copy.execute("PRAGMA journal_mode = DELETE")
        unfinished.replace(to)
    except (OSError, sqlite3.Error) as error:
        raise CannotDo(f"{to} cannot be written: {getattr(error, 'strerror', None) or error}") from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return to.stat().st_size


def restore(database: Path, copy: Path, now: datetime) -> int:
    """Put a copy in the place of the database; returns how many companies it holds, each paused until a person looks.

    Whatever went out after the copy was made is not in it, and would go out again. Raises CannotDo, with the database
    as it was, while anything else uses it, and for a copy that is damaged or newer than this Dunwell.
    """
    with _to_ourselves(database) as target:
        prepared = database.with_name(f"{database.name}.restoring")
        prepared.unlink(missing_ok=True)
        try:
            with closing(_open_copy(copy)) as source, closing(sqlite3.connect(prepared)) as fresh:
                _insist_on_soundness(source, copy)
                source.backup(fresh)
            found = _brought_up_to_date(prepared, now)
            with closing(sqlite3.connect(prepared)) as source:
                source.backup(target)
        finally:
            for name in (prepared, *prepared.parent.glob(f"{prepared.name}-*")):
                name.unlink(missing_ok=True)
    return found


def check_audit(database: Database) -> Iterator[tuple[str, list[str]]]:
    """Every company's audit trail: which company, and its problems in the order of their positions."""
    with database.read() as session:
        for company in companies.all_companies(session):
            yield f"company {company.id} ({company.name})", audit.verify(session, company.id or 0)


def _open_copy(file: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        raise CannotDo(f"{file} cannot be read") from None


def _insist_on_soundness(copy: sqlite3.Connection, name: Path) -> None:
    try:
        [verdict] = copy.execute("PRAGMA integrity_check(1)").fetchone()
        copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        raise CannotDo(f"{name} is not a Dunwell database") from None
    if verdict != "ok":
        raise CannotDo(f"{name} is damaged: {verdict}")


@contextmanager
def _to_ourselves(database: Path) -> Iterator[sqlite3.Connection]:
    """The database with nobody else in it. Any process that has it open keeps it from leaving WAL mode."""
    if not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _new_private_file(database)
    with closing(sqlite3.connect(database, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError:
            raise CannotDo("the database is in use: stop every `dunwell serve` and `dunwell worker` first") from None
        yield connection


def _brought_up_to_date(file: Path, now: datetime) -> int:
    database = Database(f"sqlite:///{file}")
    try:
        database.upgrade()
        with database.begin() as session:
            found = companies.all_companies(session)
            for company in found:
                companies.set_paused(session, company.id or 0, True, now, RESTORED)
    except CommandError:
        raise CannotDo("the copy was made by a newer Dunwell: install that one first") from None
    finally:
        database.dispose()
    return len(found)


def _new_private_file(path: Path) -> None:
    """Books and customers' addresses are in it: nobody else on this machine needs to read them."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
