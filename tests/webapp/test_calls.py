"""What came of a call: noted on the list of tasks, it counts at once. c2 owes INV-103 and INV-104, both late."""

from __future__ import annotations

import pytest

from store import remarks, tasks
from store.database import Database
from store.scope import Scope
from store.tables import Company, ContactEvent, InvoiceWish
from tests.webapp.books import NOW
from tests.webapp.browsing import Browser


@pytest.fixture
def to_call(database: Database, company: Company) -> None:
    with database.begin() as session:
        tasks.open_task(
            session, company.id or 0, kind="call", subject="c2", customer_id="c2", title="Call", detail="", now=NOW
        )


def words(database: Database, company: Company) -> dict[str, InvoiceWish]:
    with database.read() as session:
        scope = Scope(session, company.id or 0)
        return {one.invoice_id: one for one in scope.all(scope.select(InvoiceWish))}


@pytest.mark.usefixtures("to_call")
def test_a_promise_on_the_telephone_is_about_everything_overdue(
    owner: Browser, database: Database, company: Company
) -> None:
    form = owner.form("/tasks", "/tasks/call")
    owner.press(form, "Note the call", outcome="promise", on="2026-03-10", text="Sam will pay both")
    assert {name: str(one.promised_on) for name, one in words(database, company).items()} == {
        "inv-103": "2026-03-10",
        "inv-104": "2026-03-10",
    }
    with database.read() as session:
        scope = Scope(session, company.id or 0)
        assert [one.kind for one in scope.all(scope.select(ContactEvent)) if one.customer_id == "c2"] == ["call"]
        said = remarks.of_customer(session, company.id or 0, ["c2"], 1)
        assert tasks.counts(session, company.id or 0).get("call") is None
    assert (said[0].what, said[0].text) == ("call: promised to pay", "Sam will pay both")


@pytest.mark.usefixtures("to_call")
def test_a_call_that_nobody_answered_changes_nothing_else(owner: Browser, database: Database, company: Company) -> None:
    owner.press(owner.form("/tasks", "/tasks/call"), "Note the call", outcome="nobody")
    assert words(database, company) == {}


@pytest.mark.usefixtures("to_call")
def test_a_promise_needs_its_day(owner: Browser, database: Database, company: Company) -> None:
    page = owner.press(owner.form("/tasks", "/tasks/call"), "Note the call", outcome="promise").text
    assert "Choose the day" in page
    assert "Note the call" in page, "the task is still there"
