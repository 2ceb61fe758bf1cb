"""What old debt is worth by the company's own books, and how it takes the place of a rule of thumb."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from engine.books import AllocationRecord, DocumentStatus, PaymentRecord
from store import policies
from store.database import Database
from store.pages import store_page
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser


def old_debt(database: Database, company: Company, count: int) -> None:
    """So many invoices of 100.00, due 600 days ago; every other one was paid 200 days late."""
    bills = [books.invoice(f"OLD-{n}", "c1", -600, "100.00") for n in range(count)]
    paid_on = books.TODAY - timedelta(days=400)
    payments = tuple(
        PaymentRecord(
            id=f"p-{bill.id}",
            customer_id="c1",
            status=DocumentStatus.POSTED,
            paid_on=paid_on,
            currency="NZD",
            total=bill.total,
        )
        for bill in bills[::2]
    )
    applied = tuple(
        AllocationRecord(
            source_kind="payment",
            source_id=f"p-{bill.id}",
            invoice_id=bill.id,
            position=0,
            amount=bill.total,
            currency="NZD",
            allocated_on=paid_on,
        )
        for bill in bills[::2]
    )
    page = replace(
        books.joinery(), cursor="2", invoices=tuple(bills), payments=payments, allocations=applied, credits=()
    )
    with database.begin() as session:
        store_page(session, company.stored_id, page, books.NOW)


def test_without_any_old_debt_rules_of_thumb_are_used(owner: Browser) -> None:
    assert "rules of thumb are used" in owner.open("/settings/losses").text


def test_without_experience_there_is_nothing_to_take_over(owner: Browser, database: Database, company: Company) -> None:
    old_debt(database, company, 4)
    page = owner.open("/settings/losses")
    assert "50% lost" in page.text
    assert "it takes 20" in page.text
    assert "Use our own figures" not in page.text


def test_enough_experience_takes_the_place_of_a_rule_of_thumb(
    owner: Browser, database: Database, company: Company
) -> None:
    """Of 24 invoices that reached 90 and 180 days half came in; none is known to have reached a year for a year."""
    old_debt(database, company, 24)
    asked = owner.press(owner.form("/settings/losses", "/settings/losses"), "Use our own figures")
    assert "Before it is saved" in asked.text
    answer = owner.client.post(
        "/settings/losses", data=dict(owner.form_in(asked, "/settings/losses").fields) | {"confirmed": "1"}
    )
    assert answer.status_code == 302
    with database.read() as session:
        used = policies.current(session, company.stored_id).escalation.lost_by_age
    assert [(each.days, each.percent) for each in used] == [(90, Decimal(50)), (180, Decimal(50)), (365, Decimal(90))]
