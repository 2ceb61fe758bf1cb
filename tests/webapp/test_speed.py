"""The number of queries behind a page does not grow with the books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from engine.books import CustomerRecord
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser

PAGES = (
    "/",
    "/sync",
    "/activity",
    "/activity?search=INV",
    "/tasks",
    "/customers",
    "/customers/c1",
    "/customers?state=overdue",
    "/customers.csv",
    "/activity.csv",
    "/runs",
    "/customers/c1/statement",
    "/customers/c1/story",
    "/settings",
    "/settings/people",
    "/settings/booking",
    "/settings/versions",
    "/settings/programs",
    "/settings/webhooks",
    "/customers/c2/letter",
    "/connect",
    "/charts/ageing/NZD-wide.svg",
)
MOST = 35
"""Far more than any page needs; the point is that the number stands still."""


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            said.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def grow(database: Database, company: Company) -> None:
    """Forty more customers, each with three invoices in every state of lateness."""
    numbers = range(40)
    people = tuple(CustomerRecord(id=f"g{n}", name=f"Grown {n}", email=f"g{n}@grown.example") for n in numbers)
    bills = tuple(
        books.invoice(f"G-{n}-{late}", f"g{n}" if n else "c1", -late) for n in numbers for late in (5, 25, 70)
    )
    books.read_and_decide(database, company, replace(books.joinery(), cursor="2", customers=people, invoices=bills))


@pytest.fixture
def queries(owner: Browser, database: Database) -> dict[str, int]:
    return count_all(owner, database)


def count_all(owner: Browser, database: Database) -> dict[str, int]:
    found = {}
    for path in PAGES:
        with counted(database) as said:
            assert owner.open(path).status_code == 200, path
        found[path] = len(said)
    return found


def test_no_page_asks_once_per_row(
    owner: Browser, database: Database, company: Company, queries: dict[str, int]
) -> None:
    assert max(queries.values()) <= MOST, queries
    grow(database, company)
    assert count_all(owner, database) == queries
