"""Questions to a person that need no answer any more: settled meanwhile, and told how."""

from __future__ import annotations

from typing import Any

import pytest

from engine.books import InvoiceStatus
from engine.plan import AskPerson
from engine.policy import Step
from engine.questions import Question, no_longer
from tests.engine.builder import Books, money, schedule

CALL = Step(number=1, days=3, channel="call")


def _asked(books: Books, on: str, **facts: Any) -> Question:
    """The one question of that day, about a customer with INV-7, due 2026-03-01."""
    books.has_invoice("INV-7", due="2026-03-01", **facts)
    (action,) = books.decided(on).actions
    assert isinstance(action, AskPerson)
    return Question(action.kind, action.subject, action.invoice_ids)


def _said(books: Books, question: Question, on: str) -> str:
    return no_longer(question, books.account, books.decided(on))


def _pays(books: Books) -> Books:
    return books.customer(invoices=()).has_invoice("INV-7", due="2026-03-01", status=InvoiceStatus.PAID)


def test_a_call_stands_until_it_is_made(books: Books) -> None:
    question = _asked(books.ladder(CALL), "2026-03-04")
    assert _said(books, question, "2026-03-05") == ""


def test_nobody_needs_to_call_about_what_was_paid(books: Books) -> None:
    question = _asked(books.ladder(CALL), "2026-03-04")
    assert _said(_pays(books), question, "2026-03-05") == "INV-7: nothing is owed any more."


def test_nobody_needs_to_call_about_what_is_disputed(books: Books) -> None:
    question = _asked(books.ladder(CALL), "2026-03-04")
    books.customer(invoices=()).has_invoice("INV-7", due="2026-03-01", is_disputed=True)
    assert _said(books, question, "2026-03-05") == "INV-7 is in dispute: it waits until that is settled."


def test_a_weekend_closes_no_call(books: Books) -> None:
    """Due on Friday 6 March, asked that day; on Saturday nobody is asked, and the task stays."""
    books.ladder(Step(number=1, days=5, channel="call")).calendar(weekdays=(0, 1, 2, 3, 4))
    question = _asked(books, "2026-03-06")
    assert books.plan(on="2026-03-07") == []
    assert _said(books, question, "2026-03-07") == ""


def test_an_address_that_is_there_now_need_not_be_looked_for(books: Books) -> None:
    question = _asked(books.customer(emails=()), "2026-03-04")
    assert _said(books, question, "2026-03-05") == ""
    assert _said(books.customer(emails=("pay@acme.example",)), question, "2026-03-05") == "There is an address now."


def test_a_missing_address_is_still_missed_on_a_sunday(books: Books) -> None:
    question = _asked(books.customer(emails=()), "2026-03-04")
    books.calendar(weekdays=(0, 1, 2, 3, 4))
    assert _said(books, question, "2026-03-08") == ""


def test_advice_that_is_not_given_any_more_needs_no_answer(books: Books) -> None:
    question = Question("credit_new_customer", "")
    assert _said(books, question, "2026-03-04") == "What it was about holds no longer."


@pytest.mark.parametrize("kind", ["says_paid", "dispute", "asks_instalments", "failed_action"])
def test_what_a_customer_said_is_over_once_its_invoices_are_paid(books: Books, kind: str) -> None:
    question = Question(kind, "C-1", ("id-INV-7",))
    books.has_invoice("INV-7", due="2026-03-01", is_disputed=True)
    assert _said(books, question, "2026-03-05") == ""
    assert _said(_pays(books), question, "2026-03-06") == "INV-7: nothing is owed any more."


def test_a_dispute_that_was_settled_in_the_file_needs_no_answer(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01")
    told = _said(books, Question("dispute", "C-1", ("id-INV-7",)), "2026-03-03")
    assert told.startswith("INV-7, due 2026-03-01, waits")


def test_who_asked_to_pay_in_parts_and_has_a_plan_was_answered(books: Books) -> None:
    question = Question("asks_instalments", "C-1", ("id-INV-7",))
    books.has_invoice("INV-7", due="2026-03-01")
    assert _said(books, question, "2026-03-02") == ""
    parts = schedule([("id-INV-7", money("120.00 USD"))], 2, books.day("2026-04-01"), "month")["id-INV-7"]
    books.customer(invoices=()).has_invoice("INV-7", due="2026-03-01", instalments=parts)
    assert _said(books, question, "2026-03-02") != ""


def test_a_question_from_before_the_rule_is_left_to_a_person(books: Books) -> None:
    """It does not say which invoices it is about."""
    assert _said(_pays(books), Question("says_paid", "C-1"), "2026-03-05") == ""
