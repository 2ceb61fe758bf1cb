"""Promises to pay: how long a word holds, and what follows when it is broken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.account import Promise
from engine.history import PastPromise
from engine.policy import Promises
from engine.promises import holds_until, outcome_of
from tests.engine.builder import Books, money, received

KEPT, BROKEN = PastPromise(date(2026, 1, 10), True), PastPromise(date(2026, 1, 20), False)


def _promised(books: Books, *, on: str = "2026-04-01", **facts: Any) -> Books:
    """INV-7, due 2026-03-01, step 2 on 2026-03-11; promised that day."""
    promise = Promise(date.fromisoformat(on), None, date(2026, 3, 11))
    plain = {"last_step": 2, "last_contact_on": date(2026, 3, 11), "promise": promise}
    return books.has_invoice("INV-7", due="2026-03-01", **(plain | facts))


def test_a_broken_promise_resumes_one_step_up(books: Books) -> None:
    """Step 3 would come on 2026-03-21; promised for 2026-03-15, it comes on the 16th."""
    _promised(books, on="2026-03-15")
    assert books.plan(on="2026-03-15") == []
    assert books.plan(on="2026-03-16") == ["remind INV-7, step 3"]
    assert books.says("INV-7", on="2026-03-16") == (
        "INV-7 is 15 days overdue and was promised for 2026-03-15: step 3 comes at once."
    )


def test_a_broken_promise_moves_one_step_and_no_more(books: Books) -> None:
    _promised(books, on="2026-03-15", last_step=1, last_contact_on=date(2026, 3, 4), balance="120.00 USD")
    assert books.runs("2026-03-12", "2026-03-20") == {"2026-03-16": ["remind INV-7, step 2"]}


def test_a_promise_that_outlived_the_next_step_resumes_there(books: Books) -> None:
    _promised(books, on="2026-04-01")
    assert books.runs("2026-03-12", "2026-05-01") == {"2026-04-02": ["remind INV-7, step 3"]}


def test_a_step_that_has_to_wait_is_looked_for_again(books: Books) -> None:
    """Contacted on the day the promise broke: the step goes as soon as the budget allows."""
    books.budget(messages=1, per_days=7, minimum_gap_days=5).was_contacted("2026-03-15", kind="statement")
    _promised(books, on="2026-03-15")
    assert books.plan(on="2026-03-16") == []
    assert books.look_again(on="2026-03-16") == "2026-03-22"
    assert books.plan(on="2026-03-22") == ["remind INV-7, step 3"]


def test_without_a_step_before_there_is_none_to_go_up_from(books: Books) -> None:
    _promised(books, on="2026-03-02", last_step=0, last_contact_on=None)
    assert books.plan(on="2026-03-03") == []


def test_one_step_up_may_be_switched_off(books: Books) -> None:
    books.promises(steps_up=False)
    _promised(books, on="2026-03-15")
    assert books.plan(on="2026-03-16") == []


def test_a_kept_part_promise_leaves_the_rest_to_its_own_day(books: Books) -> None:
    """50.00 of 120.00 promised for 15 March, and paid on the 14th."""
    promise = Promise(date(2026, 3, 15), money("50.00 USD"), date(2026, 3, 11))
    _promised(books, balance="70.00 USD", promise=promise, payments=received("2026-03-14 50.00 USD"))
    assert books.plan(on="2026-03-16") == []
    assert books.plan(on="2026-03-21") == ["remind INV-7, step 3"]


@pytest.mark.parametrize(
    ("balance", "payments", "today", "outcome"),
    [
        ("120.00 USD", (), "2026-03-15", "waiting"),
        ("120.00 USD", (), "2026-03-16", "broken"),
        ("0.00 USD", ("2026-03-15 120.00 USD",), "2026-03-16", "kept"),
        ("0.00 USD", ("2026-03-16 120.00 USD",), "2026-03-17", "broken"),
        ("20.00 USD", ("2026-03-14 100.00 USD",), "2026-03-16", "broken"),
    ],
)
def test_a_promise_is_kept_by_money_in_time(
    books: Books, balance: str, payments: tuple[str, ...], today: str, outcome: str
) -> None:
    _promised(books, on="2026-03-15", balance=balance, payments=received(*payments))
    (invoice,) = books.account.invoices
    assert invoice.promise is not None
    assert outcome_of(invoice.promise, invoice, Promises(), date.fromisoformat(today)) == outcome


@pytest.mark.parametrize(
    ("promised", "payments", "balance", "outcome"),
    [
        ("50.00 USD", ("2026-03-01 50.00 USD",), "70.00 USD", "kept"),  # on the day on which it was given
        ("50.00 USD", ("2026-02-28 50.00 USD",), "70.00 USD", "broken"),  # before it was given
        ("50.00 USD", ("2026-03-15 50.00 USD",), "70.00 USD", "kept"),  # on its last day
        ("50.00 USD", ("2026-03-16 50.00 USD",), "70.00 USD", "broken"),
        ("50.00 USD", ("2026-03-15 49.99 USD",), "70.01 USD", "broken"),
        ("50.00 USD", ("2026-03-02 20.00 USD", "2026-03-10 30.00 USD"), "70.00 USD", "kept"),
        ("50.00 USD", (), "0.00 USD", "kept"),  # credited meanwhile
        (None, ("2026-03-10 50.00 USD",), "0.01 USD", "broken"),
    ],
)
def test_a_promise_of_a_part_is_measured_by_what_came_since_it_was_given(
    books: Books, promised: str | None, payments: tuple[str, ...], balance: str, outcome: str
) -> None:
    """given on 1 March for 15 March, on an invoice of 120.00 USD; asked on 17 March"""
    promise = Promise(date(2026, 3, 15), money(promised) if promised else None, date(2026, 3, 1))
    books.has_invoice("INV-7", due="2026-02-01", balance=balance, promise=promise, payments=received(*payments))
    (invoice,) = books.account.invoices
    assert outcome_of(promise, invoice, Promises(), date(2026, 3, 17)) == outcome


def test_days_of_grace_are_for_the_bank(books: Books) -> None:
    books.promises(grace_days=3)
    _promised(books, on="2026-03-15")
    assert books.plan(on="2026-03-18") == []
    assert books.plan(on="2026-03-19") == ["remind INV-7, step 3"]


@pytest.mark.parametrize(
    ("past", "until"),
    [((), "2026-05-10"), ((KEPT,), "2026-05-10"), ((KEPT, BROKEN, BROKEN), "2026-04-10"), ((BROKEN,), "2026-04-10")],
)
def test_the_less_reliable_the_customer_the_shorter_the_pause(past: tuple[PastPromise, ...], until: str) -> None:
    """60 days from 11 March at the most; kept 1 of 3: 60 × 2 ÷ 4 = 30."""
    promise = Promise(date(2026, 12, 24), None, date(2026, 3, 11))
    assert holds_until(promise, past, Promises()) == date.fromisoformat(until)


def test_who_has_broken_three_promises_is_reminded_in_spite_of_a_fourth(books: Books) -> None:
    _promised(books).customer(promises=(BROKEN, BROKEN, BROKEN))
    assert books.plan(on="2026-03-21") == ["remind INV-7, step 3"]


def test_the_end_of_a_shortened_pause_is_looked_for(books: Books) -> None:
    _promised(books, on="2026-12-24").customer(promises=(BROKEN,))
    assert books.look_again(on="2026-03-12") == "2026-04-11"
    assert books.plan(on="2026-04-11") == ["remind INV-7, step 3"]


def test_where_the_policy_says_so_the_invoice_shows_the_promised_day(books: Books) -> None:
    books.promises(show_on_invoice=True)
    books.has_invoice("INV-7", due="2026-03-01", promise=books.promise("2026-03-20"))
    assert books.plan(on="2026-03-11") == ["show 2026-03-20 on id-INV-7"]
    [shown] = books.decided("2026-03-11").actions
    assert shown.reason.sentence == "INV-7 is promised for 2026-03-20: the invoice shows that day."
    assert books.runs("2026-03-11", "2026-03-20") == {"2026-03-11": ["show 2026-03-20 on id-INV-7"]}


def test_a_promise_whose_day_has_passed_is_not_shown(books: Books) -> None:
    books.promises(show_on_invoice=True)
    books.has_invoice("INV-7", due="2026-03-01", promise=books.promise("2026-03-10"), last_step=3)
    assert books.plan(on="2026-03-11") == []
