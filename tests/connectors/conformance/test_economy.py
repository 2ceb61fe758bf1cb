"""What reading costs: the fewest calls there can be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import ceil

import pytest

from tests.connectors.conformance.subject import PAGE_SIZES, Subject

DAY = date(2026, 3, 4)
PAGE = 50
FACTS = 1
"""One call for the company itself, where the first reading needs to know it."""


@pytest.fixture
def pages_of_fifty(monkeypatch: pytest.MonkeyPatch) -> None:
    for names in PAGE_SIZES.values():
        for name in names:
            monkeypatch.setattr(name, PAGE)


def bills(subject: Subject, count: int) -> dict[str, list[str]]:
    """Customer → ids of invoices, one every seven seconds."""
    customer = subject.company.add_customer("Larkspur Café", "ap@larkspur.example")
    made = []
    for number in range(count):
        subject.clock.advance(timedelta(seconds=7))
        line = [("Work", Decimal(10 + number))]
        made.append(subject.company.add_invoice(customer, line, issued_on=DAY, due_on=DAY + timedelta(days=30)))
    return {customer: made}


@pytest.mark.usefixtures("pages_of_fifty")
def test_a_first_reading_costs_a_tenth_more_than_its_pages_at_most(online: Subject) -> None:
    bills(online, 225)
    online.forget_calls()
    online.sync()
    lists = {"quickbooks": 4, "xero": 6, "freshbooks": 4}[online.name]
    assert online.calls() - FACTS <= 1.1 * (ceil(225 / PAGE) + lists - 1)


def test_what_an_act_rests_on_is_read_again_together(online: Subject) -> None:
    """
    40 invoices   QuickBooks Online: one batch   Xero: one list by id, and what was paid and credited since
                  FreshBooks: each by itself, payments, deleted payments, credit balances
    """
    named = bills(online, 40)
    books = online.books()
    list(books.changes(""))
    online.forget_calls()
    assert len(books.reread(named).invoices) == 40
    assert online.calls() == {"quickbooks": 1, "xero": 5, "freshbooks": 43}[online.name]
