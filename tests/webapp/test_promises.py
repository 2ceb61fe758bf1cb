"""Promises as an owner notes them on the customer file."""

from __future__ import annotations

from datetime import timedelta

from engine.money import Money
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser

FRIDAY = books.TODAY + timedelta(days=3)


def promised(database: Database, company: Company, customer_id: str) -> dict[str, object]:
    account = books.account_of(database, company, customer_id)
    return {one.number: one.promise and (one.promise.pay_on, one.promise.amount) for one in account.invoices}


def test_they_will_pay_what_is_due(owner: Browser, database: Database, company: Company) -> None:
    owner.says_of("c2", "Note the promise", pay_on=FRIDAY.isoformat(), amount="13000")
    assert promised(database, company, "c2") == {
        "INV-103": (FRIDAY, None),
        "INV-104": (FRIDAY, Money(60_000, "NZD")),
    }
    assert "… Waiting" in owner.open("/customers/c2").text
    owner.says_of("c2", "Take back")
    owner.says_of("c2", "Take back")
    assert promised(database, company, "c2") == {"INV-103": None, "INV-104": None}


def test_a_promise_of_part_of_an_invoice(owner: Browser, database: Database, company: Company) -> None:
    form = owner.form("/customers/c1", "/customers/c1/invoices/inv-101")
    owner.press(form, "Save", word="promise", on=FRIDAY.isoformat(), amount="500")
    assert promised(database, company, "c1")["INV-101"] == (FRIDAY, Money(50_000, "NZD"))


def test_a_promise_needs_a_day_to_come(owner: Browser) -> None:
    form = owner.form("/customers/c2", "/customers/c2/promises")
    for day in ("", (books.TODAY - timedelta(days=1)).isoformat()):
        assert owner.press(form, "Note the promise", pay_on=day).status_code == 422


def test_nothing_due_by_that_day_is_said(owner: Browser) -> None:
    owner.press(owner.form("/customers/c1", "/customers/c1/invoices/inv-101"), "Save", word="dispute")
    form = owner.form("/customers/c1", "/customers/c1/promises")
    page = owner.press(form, "Note the promise", pay_on=books.TODAY.isoformat())
    assert "Nothing will be due by that day" in page.text
