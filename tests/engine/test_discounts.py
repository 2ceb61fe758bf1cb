"""Early-payment offers: which, when, and to whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.policy import Step
from tests.engine.builder import Books


@pytest.fixture
def two_ten(books: Books) -> Books:
    """2% within 10 days of the invoice date; customers are told 4 days before."""
    return books.discount(percent=Decimal(2), days=10, tell_days_before=4)


def test_the_customer_is_told_some_days_before_the_last_day(two_ten: Books) -> None:
    """
    invoice  INV-7   dated 2026-03-01   due 2026-03-31   120.00 USD   last day 2026-03-11
    """
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    assert two_ten.plan(on="2026-03-06") == []
    assert two_ten.plan(on="2026-03-07") == ["offer 2% on INV-7, saving 2.40 USD until 2026-03-11"]
    assert two_ten.says("INV-7", on="2026-03-07") == "INV-7: 2% off, 2.40 USD, if it is paid by 2026-03-11."


def test_a_late_offer_is_made_up_to_the_last_day(two_ten: Books) -> None:
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    assert two_ten.plan(on="2026-03-11") == ["offer 2% on INV-7, saving 2.40 USD until 2026-03-11"]
    assert two_ten.plan(on="2026-03-12") == []


def test_an_offer_is_made_once(two_ten: Books) -> None:
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    assert list(two_ten.runs("2026-03-01", "2026-03-31")) == ["2026-03-07"]


def test_terms_on_the_invoice_go_before_the_policy(two_ten: Books) -> None:
    two_ten.has_invoice(
        "INV-7", issued="2026-03-01", due="2026-03-31", discount_percent=Decimal("3.5"), discount_days=14
    )
    assert two_ten.plan(on="2026-03-11") == ["offer 3.5% on INV-7, saving 4.20 USD until 2026-03-15"]


def test_terms_on_the_invoice_are_told_without_a_discount_of_the_policy(books: Books) -> None:
    """2/10 net 30 on the invoice itself; the policy's own percentage is 0."""
    books.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31", discount_percent=Decimal(2), discount_days=10)
    assert books.plan(on="2026-03-07") == ["offer 2% on INV-7, saving 2.40 USD until 2026-03-11"]


def test_no_offers_when_they_are_switched_off(books: Books) -> None:
    books.discount(is_on=False, percent=Decimal(2))
    books.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31", discount_percent=Decimal(2), discount_days=10)
    assert books.plan(on="2026-03-07") == []


@pytest.mark.parametrize(("percent", "days"), [("NaN", 10), ("-2", 10), ("100", 10), ("0", 10), ("2", 0), ("2", -5)])
def test_terms_that_make_no_sense_are_ignored(books: Books, percent: str, days: int) -> None:
    books.has_invoice(
        "INV-7", issued="2026-03-07", due="2026-03-31", discount_percent=Decimal(percent), discount_days=days
    )
    assert list(books.runs("2026-03-01", "2026-03-31")) == []


def test_paying_on_the_due_date_is_not_early(two_ten: Books) -> None:
    """The policy's discount would run to the due date itself: nothing is given away for paying in time."""
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-11")
    assert two_ten.plan(on="2026-03-09") == []


def test_the_saving_is_on_what_is_still_owed(two_ten: Books) -> None:
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31", balance="25.25 USD")
    assert two_ten.plan(on="2026-03-07") == ["offer 2% on INV-7, saving 0.51 USD until 2026-03-11"]


def test_a_saving_of_nothing_is_not_offered(two_ten: Books) -> None:
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31", balance="20 JPY")
    assert two_ten.plan(on="2026-03-07") == []


def test_customers_with_overdue_debt_get_no_offer(two_ten: Books) -> None:
    two_ten.has_invoice("INV-6", issued="2026-02-01", due="2026-03-05", last_step=3)
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    assert two_ten.plan(on="2026-03-07") == []
    assert two_ten.why("INV-7", on="2026-03-07") == "offer_withheld"


def test_a_promise_about_overdue_debt_earns_no_offer(two_ten: Books) -> None:
    two_ten.has_invoice("INV-6", issued="2026-02-01", due="2026-03-01", promise=two_ten.promise("2026-03-20"))
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    assert two_ten.plan(on="2026-03-07") == []


@pytest.mark.parametrize("facts", [{"is_disputed": True}, {"balance": "0.50 USD"}, {"is_ours": True}])
def test_what_is_contested_or_trifling_costs_no_offer(two_ten: Books, facts: dict[str, Any]) -> None:
    two_ten.exclusions(minimum_balance=Decimal(1)).has_invoice("INV-6", issued="2026-02-01", due="2026-03-01", **facts)
    two_ten.has_invoice("INV-7", issued="2026-03-05", due="2026-03-31", balance="90.00 EUR")
    assert two_ten.plan(on="2026-03-12") == ["offer 2% on INV-7, saving 1.80 EUR until 2026-03-15"]


def test_a_covered_invoice_gets_no_offer(two_ten: Books) -> None:
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31").has_money("120.00 USD")
    assert two_ten.plan(on="2026-03-07") == []


def test_offers_go_out_one_at_a_time_the_one_ending_first_in_front(two_ten: Books) -> None:
    two_ten.has_invoice("INV-8", issued="2026-03-02", due="2026-03-31")
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    assert two_ten.runs("2026-03-08", "2026-03-09") == {
        "2026-03-08": ["offer 2% on INV-7, saving 2.40 USD until 2026-03-11"],
        "2026-03-09": ["offer 2% on INV-8, saving 2.40 USD until 2026-03-12"],
    }
    assert two_ten.why("INV-8", on="2026-03-08") == "one_message"


def test_a_reminder_goes_before_an_offer(two_ten: Books) -> None:
    two_ten.ladder(Step(number=1, days=-3, template="pre_due"))
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    two_ten.has_invoice("INV-8", issued="2026-02-01", due="2026-03-09")
    assert two_ten.plan(on="2026-03-07") == ["remind INV-8, step 1"]
    assert two_ten.why("INV-7", on="2026-03-07") == "one_message"


def test_an_offer_counts_against_the_contact_budget(two_ten: Books) -> None:
    two_ten.budget(messages=2, per_days=7, minimum_gap_days=3)
    two_ten.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31").was_contacted("2026-03-06")
    assert two_ten.runs("2026-03-07", "2026-03-31") == {
        "2026-03-09": ["offer 2% on INV-7, saving 2.40 USD until 2026-03-11"]
    }


def test_an_offer_without_an_address_is_no_task(two_ten: Books) -> None:
    two_ten.customer(emails=()).has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    assert two_ten.plan(on="2026-03-07") == []
    assert two_ten.why("INV-7", on="2026-03-07") == "no_email"


def test_nothing_is_offered_before_the_invoice_date(two_ten: Books) -> None:
    two_ten.discount(percent=Decimal(2), days=10, tell_days_before=60)
    two_ten.has_invoice("INV-7", issued="2026-03-10", due="2026-04-10")
    assert list(two_ten.runs("2026-02-01", "2026-04-10")) == ["2026-03-10"]
