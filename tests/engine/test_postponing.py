"""Steps that wait: for money that is usually booked late, for an automatic charge, after a person was in touch."""

from __future__ import annotations

import pytest

from engine.policy import Minimum, Step
from tests.engine.builder import Books


def test_the_first_reminder_waits_while_payments_are_usually_booked(books: Books) -> None:
    """Settled 4, 4 and 5 days after the due date: the first overdue step, of day 3, waits until day 5."""
    books.paid_before(4, 4, 5).has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-03-01", "2026-03-08") == {"2026-03-06": ["remind INV-7, step 1"]}
    assert books.says("INV-7", on="2026-03-04") == (
        "INV-7, due 2026-03-01, waits until 2026-03-06: "
        "this customer's payments are usually booked 4 days after the due date."
    )
    assert books.look_again(on="2026-03-04") == "2026-03-06"


def test_a_customer_who_is_really_late_is_not_waited_for(books: Books) -> None:
    """20 days is no bank: the policy waits 5 days at most."""
    books.paid_before(18, 18, 18).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]


def test_two_payments_make_no_habit(books: Books) -> None:
    books.paid_before(4, 4).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]


def test_whoever_pays_on_time_is_reminded_on_time(books: Books) -> None:
    books.paid_before(0, 0, 1).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]


def test_only_the_first_reminder_waits_for_the_bank(books: Books) -> None:
    books.paid_before(5, 5, 5).has_invoice("INV-7", due="2026-03-01", last_step=1)
    books.ladder(Step(number=1, days=1, template="a"), Step(number=2, days=4, template="b"))
    assert books.plan(on="2026-03-05") == ["remind INV-7, step 2"]


def test_a_note_before_the_due_date_does_not_wait_for_the_bank(books: Books) -> None:
    books.ladder(Step(number=1, days=-3, template="pre_due"), Step(number=2, days=3, template="a"))
    books.paid_before(4, 4, 4).has_invoice("INV-7", due="2026-03-10")
    assert books.plan(on="2026-03-07") == ["remind INV-7, step 1"]


def test_an_invoice_that_waits_for_the_bank_is_not_named_for_another(books: Books) -> None:
    books.paid_before(4, 4, 4).has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-02-20")
    assert books.plan(on="2026-03-04") == ["remind INV-8, step 2"]


def test_waiting_for_the_bank_can_be_switched_off(books: Books) -> None:
    books.paid_before(4, 4, 4).has_invoice("INV-7", due="2026-03-01").exclusions(bank_lag_days=0)
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]


def test_customers_who_are_charged_automatically_hear_nothing_until_that_has_failed(books: Books) -> None:
    books.exclusions(autopay_days=7).has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-02-20", "2026-03-12") == {
        "2026-03-08": ["remind INV-7, step 1"],
        "2026-03-11": ["remind INV-7, step 2"],
    }
    assert books.why("INV-7", on="2026-03-04") == "autopay"


def test_messages_wait_after_a_person_was_in_touch(books: Books) -> None:
    books.budget(messages=50, per_days=1, minimum_gap_days=0, after_person_days=3)
    books.has_invoice("INV-7", due="2026-03-01").was_contacted("2026-03-10", kind="human")
    assert list(books.runs("2026-03-11", "2026-03-14")) == ["2026-03-13"]
    assert books.says("INV-7", on="2026-03-11") == (
        "A message is due, but a person was in touch with the customer on 2026-03-10: "
        "messages wait for 3 days after that, so not before 2026-03-13."
    )


@pytest.mark.parametrize(("balance", "rule"), [("400 JPY", "below_minimum"), ("600 JPY", "step_due")])
def test_each_currency_may_have_a_minimum_of_its_own(books: Books, balance: str, rule: str) -> None:
    books.exclusions(minimums=(Minimum(currency="JPY", amount=500),))
    books.has_invoice("INV-7", due="2026-03-01", balance=balance)
    assert books.why("INV-7", on="2026-03-11") == rule


def test_a_currency_without_its_own_minimum_has_the_general_one(books: Books) -> None:
    books.exclusions(minimums=(Minimum(currency="JPY", amount=500),), minimum_balance=50)
    books.has_invoice("INV-7", due="2026-03-01", balance="49.99 USD")
    assert books.why("INV-7", on="2026-03-11") == "below_minimum"
