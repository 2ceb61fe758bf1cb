"""Cash ahead and the trend of DSO, from stored documents."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from engine.books import InvoiceStatus
from engine.forecast import Outlook
from store.forecast import Trend, dso_trend, expected_cash
from tests.store.books import Shop, applied, credit, customer, invoice, payment

TODAY = date(2026, 3, 2)


def cash(shop: Shop) -> list[Outlook]:
    with shop.database.read() as session:
        return expected_cash(session, shop.id, TODAY)


def trend(shop: Shop) -> list[Trend]:
    with shop.database.read() as session:
        return dso_trend(session, shop.id, TODAY)


def settled(number: int, late: int, *, says_when: bool) -> list[Any]:
    """Paid so many days late; Xero says when it was settled, QuickBooks Online only what paid it."""
    due = date(2025, 10, 1)
    paid_on = due + timedelta(days=late)
    told: dict[str, Any] = {
        "status": InvoiceStatus.PAID,
        "stated_balance": 0,
        "issued_on": due - timedelta(days=30),
        "due_on": due,
    }
    paid = applied(f"P{number}", f"I{number}", 10_000)
    return [
        invoice(f"I{number}", **told, settled_on=paid_on if says_when else None),
        payment(f"P{number}", total=10_000, paid_on=paid_on),
        replace(paid, allocated_on=paid_on),
    ]


def test_a_customers_own_delay_is_read_from_either_platform(shop: Shop) -> None:
    """7, 7 and 7 days late; due in 3 days: expected on day 10, in the second week"""
    for number, says_when in ((1, True), (2, False), (3, False)):
        shop.reads(*settled(number, 7, says_when=says_when))
    shop.reads(customer(), invoice("I9", total=5_000, due_on=TODAY + timedelta(days=3)))
    [found] = cash(shop)
    assert [week.expected for week in found.weeks[:3]] == [0, 5_000, 0]


def test_with_too_few_records_nothing_is_told(shop: Shop) -> None:
    shop.reads(customer(), invoice())
    [found] = cash(shop)
    assert found.unknown == 10_000


def test_dso_counts_back_through_the_months_of_sales(shop: Shop) -> None:
    """at the end of February: 250 owed; February sold 100 (28 days), January 120 (31), December 110 (31)

    250 − 100 − 120 = 30, so 28 + 31 + 30 ÷ 110 × 31 = 67.45
    """
    for number, (month, year, total) in enumerate(((12, 2025, 11_000), (1, 2026, 12_000), (2, 2026, 10_000))):
        day = date(year, month, 10)
        shop.reads(invoice(f"I{number}", total=total, issued_on=day, due_on=day + timedelta(days=30)))
    shop.reads(payment("P1", total=8_000, paid_on=date(2026, 2, 20)), applied("P1", "I0", 8_000))
    [found] = trend(shop)
    assert [point.on for point in found.points[-2:]] == [date(2026, 2, 28), TODAY]
    assert round(found.points[-2].days or Decimal(0), 2) == Decimal("67.45")


def test_a_credit_note_is_no_sale(shop: Shop) -> None:
    """sold 100, credited 30, and all of it owed but the 30: one whole month of 28 days"""
    shop.reads(invoice("I1", issued_on=date(2026, 2, 1)))
    shop.reads(credit("N1", issued_on=date(2026, 2, 2)), applied("N1", "I1", 3_000, kind="credit_note"))
    [found] = trend(shop)
    assert found.points[-2].days == 28


def test_before_the_first_sale_there_is_no_figure(shop: Shop) -> None:
    shop.reads(invoice("I1", issued_on=date(2026, 2, 1)))
    [found] = trend(shop)
    assert found.points[0].days is None
