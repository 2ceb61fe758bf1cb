"""The real app over a real database in a temporary folder, and people at browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from flask import Flask

from store import companies
from store.database import Database
from store.secrets import SecretBox
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser
from webapp import create_app
from webapp.limits import limiter
from webapp.services import Services

KEYS = ("a current key of enough length", "a former key of enough length")


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the newest schema, made once and copied for each test."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.dispose()  # the last connection to close brings the log into the file
    return path


@pytest.fixture(scope="session")
def books_read(fresh_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with Harbour Joinery in it, its books read and decided on, in automatic mode."""
    path = tmp_path_factory.mktemp("books") / "joinery.db"
    copyfile(fresh_database, path)
    database = Database(f"sqlite:///{path}")
    books.read_and_decide(database, books.connect(database))
    database.dispose()
    return path


@pytest.fixture
def database(request: pytest.FixtureRequest, fresh_database: Path, tmp_path: Path) -> Iterator[Database]:
    """A test that asks for `company` begins with its books; any other begins empty."""
    path = tmp_path / "dunwell.db"
    wants_books = "company" in request.fixturenames
    copyfile(request.getfixturevalue("books_read") if wants_books else fresh_database, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def services(database: Database) -> Services:
    return Services(
        database=database,
        box=SecretBox(KEYS),
        platforms={},
        clock=lambda: books.NOW,
        base_url="http://localhost",
        secret_keys=KEYS,
        default_mode="observe",
        is_sandbox=False,
        metrics=lambda: b"dunwell_runs_total 1\n",
        is_ready=lambda: {"database": True, "scheduler": True},
    )


@pytest.fixture
def app(services: Services) -> Iterator[Flask]:
    app = create_app(services)
    yield app
    limiter.reset()


@pytest.fixture
def make_app(services: Services) -> Iterator[Callable[..., Flask]]:
    """The app over changed parts: `make_app(base_url="https://…")`."""

    def make(**changes: Any) -> Flask:
        return create_app(replace(services, **changes))

    yield make
    limiter.reset()


@pytest.fixture
def company(database: Database) -> Company:
    """Harbour Joinery, its books read and decided on, in automatic mode."""
    with database.read() as session:
        return companies.all_companies(session)[0]


@pytest.fixture
def browser_of(app: Flask, database: Database) -> Callable[..., Browser]:
    """Somebody with a role in a company, signed in: `browser_of(company, "viewer")`."""

    def sign_in(company: Company, role: str = "owner", subject: str = "mia") -> Browser:
        client = app.test_client()
        user_id = books.member(database, company, role, subject)
        with client.session_transaction() as session:
            session["user"], session["since"] = user_id, int(books.NOW.timestamp())
        return Browser(client)

    return sign_in


@pytest.fixture
def owner(browser_of: Callable[..., Browser], company: Company) -> Browser:
    return browser_of(company)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """Somebody who has not signed in."""
    return Browser(app.test_client())
