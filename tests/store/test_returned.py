"""Payments that go from the books, where returned ones weigh on credit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.books import DocumentStatus
from engine.policy import Credit, Policy
from store import policies, tasks
from tests.store.books import Shop, customer, payment


def asked(shop: Shop) -> list[tuple[str, str]]:
    with shop.database.read() as session:
        return [(task.kind, task.subject) for task in tasks.open_tasks(session, shop.id)]


@pytest.fixture
def books(shop: Shop) -> Shop:
    """A payment of 40.00 of 2026-02-25, and a policy that holds after two returned ones."""
    policy = Policy(base_currency="USD", credit=Credit(hold_returned_payments=2))
    shop.moves(policies.save, policy, shop.now, "user 1")
    shop.reads(customer(), payment())
    return shop


@pytest.mark.parametrize(
    "gone", [{"records": (payment(status=DocumentStatus.VOIDED, total=0),)}, {"deleted": (("payment", "P1"),)}]
)
def test_a_payment_that_goes_is_asked_about_once(books: Shop, gone: dict[str, Any]) -> None:
    for _ in range(2):
        books.reads(*gone.get("records", ()), deleted=gone.get("deleted", ()))
    assert asked(books) == [("payment_gone", "P1")]


def test_nothing_is_asked_where_no_rule_counts_them(shop: Shop) -> None:
    shop.reads(customer(), payment())
    shop.reads(deleted=(("payment", "P1"),))
    assert asked(shop) == []


def test_what_was_never_there_or_is_long_past_is_no_question(books: Shop) -> None:
    books.reads(payment("P2", status=DocumentStatus.VOIDED), payment("P3", paid_on=date(2025, 11, 1)))
    books.reads(deleted=(("payment", "P3"), ("payment", "P4")))
    assert asked(books) == []
