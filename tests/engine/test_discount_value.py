"""Early-payment discounts sized by what they are worth with this customer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.discounts import break_even, cost_of_not_taking
from tests.engine.builder import Books


def _rounded(value: Decimal, places: str) -> Decimal:
    return value.quantize(Decimal(places))


def test_the_break_even_discount_for_forty_days() -> None:
    """k 12 %, D 40, p 1 %: d* = 2.29 %. So 2 % pays, and 3 % does not."""
    assert _rounded(break_even(Decimal(12), 40, Decimal(1)), "0.01") == Decimal("2.29")


def test_no_day_gained_makes_any_discount_a_gift() -> None:
    assert break_even(Decimal(12), 0, Decimal(1)) == 0
    assert break_even(Decimal(12), -5, Decimal(1)) == 0


@pytest.mark.parametrize(
    ("percent", "due_days", "cost"), [("2", 30, "37.2"), ("1", 30, "18.4"), ("2", 60, "14.9"), ("3", 30, "56.4")]
)
def test_what_it_costs_a_buyer_not_to_take_a_discount(percent: str, due_days: int, cost: str) -> None:
    assert _rounded(cost_of_not_taking(Decimal(percent), 10, due_days), "0.1") == Decimal(cost)


def test_a_buyer_who_really_pays_on_day_45() -> None:
    assert _rounded(cost_of_not_taking(Decimal(2), 10, 45), "0.1") == Decimal("21.3")


@pytest.fixture
def worth(books: Books) -> Books:
    """3% at the most within 10 days, at 12 % a year and 1 % loss; INV-7 is dated 2026-03-01 and due 2026-03-31."""
    books.discount(percent=Decimal(3), days=10, tell_days_before=4, only_if_worth=True)
    return books.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31", balance="1000.00 USD")


def test_the_offer_is_what_paying_early_is_worth(worth: Books) -> None:
    """This customer pays 20 days late: 40 days gained, worth 2.29 %; 2.2 % is offered."""
    worth.paid_before(18, 20, 25)
    assert worth.plan(on="2026-03-07") == ["offer 2.2% on INV-7, saving 22.00 USD until 2026-03-11"]
    assert worth.says("INV-7", on="2026-03-07") == (
        "INV-7: 2.2% off, 22.00 USD, if it is paid by 2026-03-11. "
        "It is likely to be paid on 2026-04-20: 40 days earlier are worth up to 2.29%."
    )


def test_never_more_than_the_policy_allows(worth: Books) -> None:
    worth.paid_before(90, 95, 120)
    assert worth.plan(on="2026-03-07") == ["offer 3% on INV-7, saving 30.00 USD until 2026-03-11"]


def test_no_offer_to_who_pays_early_anyway(worth: Books) -> None:
    """Usually 25 days before the due date, inside the discount's own days."""
    worth.paid_before(-25, -22, -26)
    assert worth.plan(on="2026-03-07") == []


def test_a_customer_without_habits_is_expected_on_the_due_date(worth: Books) -> None:
    """20 days gained: 1.6 %."""
    worth.paid_before(60)
    assert worth.plan(on="2026-03-07") == ["offer 1.6% on INV-7, saving 16.00 USD until 2026-03-11"]


def test_terms_on_the_invoice_are_told_whatever_they_are_worth(books: Books) -> None:
    books.discount(only_if_worth=True).paid_before(-25, -22, -26)
    books.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31", discount_percent=Decimal(2), discount_days=10)
    assert books.plan(on="2026-03-07") == ["offer 2% on INV-7, saving 2.40 USD until 2026-03-11"]
