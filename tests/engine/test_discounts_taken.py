"""Early-payment discounts that were taken: credited to the cent, or chased."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from engine.plan import AskPerson
from tests.engine.builder import Books, received


@pytest.fixture
def two_ten(books: Books) -> Books:
    """No offer of the policy's own; invoices carry 2% within 10 days themselves."""
    return books.discount(credit_taken=True)


def _short_paid(books: Books, left: str, *payments: str, **facts: Any) -> Books:
    """INV-7, dated 2026-03-01, due 2026-03-31, 1,000.00 less what was paid; 2/10, so until 2026-03-11."""
    own = {"discount_percent": Decimal(2), "discount_days": 10}
    return books.has_invoice(
        "INV-7", issued="2026-03-01", due="2026-03-31", balance=left, payments=received(*payments), **(own | facts)
    )


def test_a_discount_taken_in_time_is_credited(two_ten: Books) -> None:
    """980.00 of 1,000.00 on the last day."""
    _short_paid(two_ten, "20.00 USD", "2026-03-11 980.00 USD")
    assert two_ten.plan(on="2026-03-12") == ["credit 20.00 USD on INV-7"]
    assert two_ten.says("INV-7", on="2026-03-12") == (
        "INV-7 was paid on 2026-03-11, in time, less its discount of 2% (20.00 USD, up to 2026-03-11): "
        "the 20.00 USD left are credited."
    )


def test_what_is_credited_is_never_chased(two_ten: Books) -> None:
    _short_paid(two_ten, "20.00 USD", "2026-03-11 980.00 USD")
    assert two_ten.runs("2026-03-12", "2026-06-30") == {"2026-03-12": ["credit 20.00 USD on INV-7"]}


def test_a_discount_below_the_minimum_balance_is_credited_all_the_same(books: Books) -> None:
    """2% of 100.00 are too little to chase, and still to be taken off the books."""
    books.discount(credit_taken=True)
    _short_paid(books, "2.00 USD", "2026-03-05 98.00 USD")
    assert books.plan(on="2026-03-12") == ["credit 2.00 USD on INV-7"]


def test_several_payments_in_time_count_together(two_ten: Books) -> None:
    _short_paid(two_ten, "20.00 USD", "2026-03-04 500.00 USD", "2026-03-10 480.00 USD")
    assert two_ten.plan(on="2026-03-12") == ["credit 20.00 USD on INV-7"]


def test_a_customer_may_be_some_cents_out(two_ten: Books) -> None:
    _short_paid(two_ten, "20.05 USD", "2026-03-11 979.95 USD")
    assert two_ten.plan(on="2026-03-12") == ["credit 20.05 USD on INV-7"]


def test_a_part_payment_is_no_discount(two_ten: Books) -> None:
    _short_paid(two_ten, "100.00 USD", "2026-03-11 900.00 USD")
    assert two_ten.plan(on="2026-03-12") == []
    assert two_ten.plan(on="2026-04-03") == ["remind INV-7, step 1"]


def test_a_discount_taken_late_is_chased(two_ten: Books) -> None:
    _short_paid(two_ten, "20.00 USD", "2026-03-12 980.00 USD")
    assert two_ten.plan(on="2026-03-12") == []
    assert two_ten.plan(on="2026-04-03") == ["remind INV-7, step 1"]


def test_a_discount_taken_late_is_accepted_where_the_owner_says_so(books: Books) -> None:
    """Five days after the last day, and no more."""
    books.discount(credit_taken=True, taken_late="accept", late_days=5)
    _short_paid(books, "20.00 USD", "2026-03-16 980.00 USD")
    assert books.plan(on="2026-03-17") == ["credit 20.00 USD on INV-7"]
    assert "late, which is accepted" in books.says("INV-7", on="2026-03-17")


def test_later_still_is_too_late(books: Books) -> None:
    books.discount(credit_taken=True, taken_late="accept", late_days=5)
    _short_paid(books, "20.00 USD", "2026-03-17 980.00 USD")
    assert books.plan(on="2026-03-17") == []


def test_an_offer_that_was_made_is_honoured_at_its_own_percentage(books: Books) -> None:
    """Offered 1.5% until 12 March; the policy has moved on since."""
    books.discount(credit_taken=True, percent=Decimal(3), days=5)
    offer = {"discount_offered": True, "offered_percent": Decimal("1.5"), "offered_until_on": date(2026, 3, 12)}
    _short_paid(books, "15.00 USD", "2026-03-12 985.00 USD", discount_percent=None, discount_days=None, **offer)
    assert books.plan(on="2026-03-13") == ["credit 15.00 USD on INV-7"]


def test_a_discount_nobody_was_told_of_is_not_credited(books: Books) -> None:
    books.discount(credit_taken=True, percent=Decimal(2), days=10)
    _short_paid(books, "20.00 USD", "2026-03-08 980.00 USD", discount_percent=None, discount_days=None)
    assert "credit 20.00 USD on INV-7" not in books.plan(on="2026-03-12")


@pytest.mark.parametrize("facts", [{"is_disputed": True}, {"discount_refused": True}, {"is_ours": True}])
def test_no_credit_where_something_speaks_against_it(two_ten: Books, facts: dict[str, Any]) -> None:
    _short_paid(two_ten, "20.00 USD", "2026-03-11 980.00 USD", **facts)
    assert two_ten.plan(on="2026-03-12") == []


def test_a_credit_that_was_turned_down_leaves_the_rest_to_the_ladder(two_ten: Books) -> None:
    _short_paid(two_ten, "20.00 USD", "2026-03-11 980.00 USD", discount_refused=True)
    assert two_ten.plan(on="2026-04-03") == ["remind INV-7, step 1"]


def test_no_credits_where_the_owner_wants_none(books: Books) -> None:
    books.discount(credit_taken=False)
    _short_paid(books, "20.00 USD", "2026-03-11 980.00 USD")
    assert books.plan(on="2026-03-12") == []


@pytest.fixture
def asked(books: Books) -> Books:
    """20.00 short, five days after the last day, where the policy asks."""
    books.discount(credit_taken=True, taken_late="ask", late_days=5)
    return _short_paid(books, "20.00 USD", "2026-03-16 980.00 USD")


def test_a_discount_taken_late_may_be_for_a_person_to_accept(asked: Books) -> None:
    [question] = asked.decided("2026-03-17").actions
    assert isinstance(question, AskPerson)
    assert (question.kind, question.subject) == ("late_discount", "id-INV-7")
    assert asked.says("INV-7", on="2026-03-17").endswith("the 20.00 USD left wait for your word.")
    assert asked.plan(on="2026-06-30") == asked.plan(on="2026-03-17"), "nothing is chased meanwhile"


def test_accepted_by_a_person_it_is_credited(asked: Books) -> None:
    [invoice] = asked.account.invoices
    asked.customer(invoices=(replace(invoice, discount_accepted=True),))
    assert asked.plan(on="2026-03-17") == ["credit 20.00 USD on INV-7"]
    assert "late, which you accepted" in asked.says("INV-7", on="2026-03-17")


def test_not_accepted_by_a_person_the_rest_is_chased(asked: Books) -> None:
    [invoice] = asked.account.invoices
    asked.customer(invoices=(replace(invoice, discount_refused=True),))
    assert asked.plan(on="2026-04-03") == ["remind INV-7, step 1"]


@pytest.mark.parametrize(
    ("paid", "left"), [("2026-03-17 980.00 USD", "20.00 USD"), ("2026-03-16 979.90 USD", "20.10 USD")]
)
def test_too_late_or_too_far_off_nobody_is_asked(books: Books, paid: str, left: str) -> None:
    books.discount(credit_taken=True, taken_late="ask", late_days=5)
    _short_paid(books, left, paid)
    assert books.why("INV-7", on="2026-03-18") == "waiting"


def test_in_time_nobody_is_asked(books: Books) -> None:
    books.discount(credit_taken=True, taken_late="ask")
    _short_paid(books, "20.00 USD", "2026-03-11 980.00 USD")
    assert books.plan(on="2026-03-12") == ["credit 20.00 USD on INV-7"]
