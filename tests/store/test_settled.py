"""What a customer's habits are told from: invoices settled within two years."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from engine.books import InvoiceStatus
from engine.needs import Needs
from tests.store.books import Shop, applied, customer, invoice, payment

PAID: dict[str, Any] = {"status": InvoiceStatus.PAID, "stated_balance": 0}


def days_late(shop: Shop, customer_id: str = "C1", **facts: Any) -> list[int]:
    return [one.days_late for one in shop.account(customer_id, **facts).history]


def test_xero_says_when_an_invoice_was_settled(shop: Shop) -> None:
    shop.reads(customer(), invoice(due_on=date(2025, 5, 1), settled_on=date(2025, 5, 5), **PAID))
    assert days_late(shop) == [4]


def test_on_quickbooks_online_the_last_payment_tells(shop: Shop) -> None:
    """Due 2026-02-21, paid in two parts, the last one on 2026-02-25."""
    shop.reads(customer(), invoice(**PAID), payment("P1"), payment("P2", total=6_000))
    shop.reads(applied("P1", "I1", 4_000), applied("P2", "I1", 6_000))
    assert days_late(shop) == [4]


def test_what_was_settled_longer_ago_is_forgotten(shop: Shop) -> None:
    for number, age in enumerate((730, 731)):
        on = shop.today - timedelta(days=age)
        shop.reads(customer(), invoice(f"I{number}", issued_on=on, due_on=on, settled_on=on, **PAID))
    assert len(days_late(shop)) == 1


def test_open_invoices_and_other_customers_are_no_habit(shop: Shop) -> None:
    shop.reads(customer(), customer("C2"), invoice())
    shop.reads(invoice("I2", "C2", due_on=date(2025, 5, 1), settled_on=date(2025, 5, 5), **PAID))
    assert days_late(shop) == []


def test_a_merged_customers_habits_come_along(shop: Shop) -> None:
    shop.reads(customer(), customer("C2", merged_into_id="C1"))
    shop.reads(invoice("I2", "C2", due_on=date(2025, 5, 1), settled_on=date(2025, 5, 5), **PAID))
    assert days_late(shop) == [4]


def test_a_policy_without_habits_does_not_pay_for_them(shop: Shop) -> None:
    shop.reads(customer(), invoice(due_on=date(2025, 5, 1), settled_on=date(2025, 5, 5), **PAID))
    assert days_late(shop, needs=Needs(history=False)) == []
