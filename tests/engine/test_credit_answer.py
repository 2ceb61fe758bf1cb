"""What an order system is told before it takes an order."""

from __future__ import annotations

from datetime import date

import pytest

from engine.credit_answer import CreditAnswer, credit_answer
from engine.money import CurrencyMismatch
from tests.engine.builder import Books, money


def ask(books: Books, order: str | None = None, on: str = "2026-05-01") -> CreditAnswer:
    return credit_answer(books.account, books.rules, date.fromisoformat(on), None if order is None else money(order))


def rule(books: Books, order: str | None = None) -> tuple[bool, str]:
    answer = ask(books, order)
    return answer.is_yes, answer.reason.rule


@pytest.fixture
def limited(books: Books) -> Books:
    """A limit of 500, of which 120 is used by an invoice that is not due yet."""
    books.ladder().credit(hold_days_overdue=30).has_credit(limit=money("500.00 USD"))
    return books.has_invoice("INV-7", due="2026-05-20")


def test_a_customer_nobody_limits_gets_credit(books: Books) -> None:
    assert rule(books) == (True, "credit_free")


def test_an_order_up_to_the_limit_fits_and_a_cent_more_does_not(limited: Books) -> None:
    assert rule(limited, "380.00 USD") == (True, "within_limit")
    assert rule(limited, "380.01 USD") == (False, "order_over_limit")
    assert ask(limited, "380.01 USD").reason.sentence == (
        "No credit for 380.01 USD: 120.00 USD is open already, and the limit is 500.00 USD."
    )


def test_the_answer_says_what_is_left_of_the_limit(limited: Books) -> None:
    answer = ask(limited)
    told = [str(amount) for amount in (answer.limit, answer.exposure, answer.available)]
    assert told == ["500.00 USD", "120.00 USD", "380.00 USD"]


def test_who_would_be_held_tonight_gets_nothing_today(limited: Books) -> None:
    limited.has_invoice("INV-3", due="2026-03-01")
    assert rule(limited, "1.00 USD") == (False, "hold_overdue")


def test_who_has_paid_gets_credit_before_the_hold_is_lifted_on_the_platform(limited: Books) -> None:
    limited.has_credit(limit=money("500.00 USD"), is_on_hold=True, hold_since_on=date(2026, 4, 1))
    assert rule(limited, "100.00 USD") == (True, "within_limit")


def test_a_person_goes_before_every_rule(limited: Books) -> None:
    limited.has_credit(limit=money("1.00 USD"), is_manual=True)
    assert rule(limited, "900.00 USD") == (True, "hold_manual")
    limited.has_credit(limit=money("900.00 USD"), is_manual=True, is_on_hold=True, hold_reason="two cheques bounced")
    assert rule(limited, "1.00 USD") == (False, "hold_manual")
    refused = credit_answer(limited.account, limited.rules, date(2026, 3, 1)).reason.sentence
    assert refused.startswith("A person put this customer on hold (two cheques bounced)")


def test_a_limit_counts_even_where_holds_are_switched_off(limited: Books) -> None:
    limited.credit(is_on=False)
    assert rule(limited, "400.00 USD") == (False, "order_over_limit")
    limited.has_invoice("INV-8", due="2026-05-20", balance="900.00 USD")
    assert rule(limited) == (False, "hold_over_limit")


def test_an_inactive_customer_gets_none(limited: Books) -> None:
    assert rule(limited.customer(is_active=False)) == (False, "credit_inactive")


def test_currencies_are_not_converted(limited: Books) -> None:
    with pytest.raises(CurrencyMismatch):
        ask(limited, "10.00 EUR")
