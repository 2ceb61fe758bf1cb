"""What a person is asked: new customers, limits, terms, handing over, writing off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.plan import AskPerson
from tests.engine.builder import Books, money


def _asked(books: Books, on: str) -> list[str]:
    return [action.kind for action in books.decided(on).actions if isinstance(action, AskPerson)]


def _sentence(books: Books, on: str) -> str:
    (task,) = [action for action in books.decided(on).actions if isinstance(action, AskPerson)]
    return task.reason.sentence


@pytest.fixture
def quiet(books: Books) -> Books:
    return books.ladder()


def test_a_customer_without_history_is_put_before_a_person(quiet: Books) -> None:
    quiet.credit(review_new_from=Decimal(1000)).has_invoice("INV-7", due="2026-06-01", balance="1200.00 USD")
    assert _sentence(quiet, on="2026-05-20") == (
        "Acme Ltd has no history with you, and 1200.00 USD is open: set a credit limit (1000.00 USD asks for it)."
    )


@pytest.mark.parametrize("known", ["history", "limit", "small"])
def test_no_question_about_a_customer_who_is_known(quiet: Books, known: str) -> None:
    quiet.credit(review_new_from=Decimal(1000))
    quiet.has_invoice("INV-7", due="2026-06-01", balance="1200.00 USD" if known != "small" else "900.00 USD")
    if known == "history":
        quiet.paid_before(0)
    if known == "limit":
        quiet.has_credit(limit=money("5000.00 USD"))
    assert _asked(quiet, on="2026-05-20") == []


def test_what_a_person_has_answered_is_not_asked_again(quiet: Books) -> None:
    quiet.credit(review_new_from=Decimal(1000)).has_invoice("INV-7", due="2026-06-01", balance="1200.00 USD")
    quiet.customer(answered=frozenset({("credit_new_customer", "C-1")}))
    assert _asked(quiet, on="2026-05-20") == []


def test_a_limit_is_looked_at_again_after_a_year(quiet: Books) -> None:
    quiet.credit(review_every_days=365).has_credit(limit=money("500.00 USD"), reviewed_on=date(2025, 5, 20))
    quiet.has_invoice("INV-7", due="2026-06-01").paid_before(0, 0, 0, total="400.00 USD")
    assert _asked(quiet, on="2026-05-19") == []
    assert quiet.look_again(on="2026-05-19") == "2026-05-20"
    assert _sentence(quiet, on="2026-05-20") == (
        "The limit of 500.00 USD was last looked at on 2025-05-20: 500.00 USD is what the records suggest."
    )


def test_slow_payers_call_for_shorter_terms(quiet: Books) -> None:
    quiet.credit(advises_terms=True).has_invoice("INV-7", due="2026-06-01").paid_before(35, 40, 31)
    assert _asked(quiet, on="2026-05-20") == ["terms_tighter"]
    assert _sentence(quiet, on="2026-05-20").startswith(
        "Acme Ltd usually pays 35 days late (3 invoices settled, risk 55 of 100): shorter terms"
    )


def test_good_payers_close_to_their_limit_have_room_for_more(quiet: Books) -> None:
    quiet.credit(advises_terms=True).has_credit(limit=money("300.00 USD")).paid_before(-2, 0, 0, total="400.00 USD")
    quiet.has_invoice("INV-7", due="2026-06-01", balance="250.00 USD")
    assert _sentence(quiet, on="2026-05-20") == (
        "Acme Ltd pays in time (risk 0 of 100) and uses 250.00 USD of a limit of 300.00 USD: "
        "the records would bear 500.00 USD."
    )


def test_good_payers_far_below_their_limit_need_no_more(quiet: Books) -> None:
    quiet.credit(advises_terms=True).has_credit(limit=money("300.00 USD")).paid_before(-2, 0, 0, total="400.00 USD")
    quiet.has_invoice("INV-7", due="2026-06-01", balance="100.00 USD")
    assert _asked(quiet, on="2026-05-20") == []


@pytest.fixture
def ended(books: Books) -> Books:
    """INV-7, 400.00 due 2026-03-01, had the last step on 2026-03-21."""
    books.escalation(handover_after_days=30)
    return books.has_invoice(
        "INV-7", due="2026-03-01", balance="400.00 USD", last_step=3, last_contact_on=date(2026, 3, 21)
    )


def test_debt_that_had_every_step_is_ready_to_be_handed_over(ended: Books) -> None:
    assert _asked(ended, on="2026-04-19") == []
    assert ended.look_again(on="2026-04-19") == "2026-04-20"
    assert _asked(ended, on="2026-04-20") == ["handover"]
    assert _sentence(ended, on="2026-06-01") == (
        "One invoice has had every step, the last on 2026-03-21, and 400.00 USD is still owed, the oldest (INV-7) for "
        "92 days: about 296.00 USD is likely to come in. Hand it to a collector or lawyer, or leave it."
    )


def test_small_debts_are_not_worth_handing_over(ended: Books) -> None:
    ended.escalation(handover_after_days=30, handover_from=Decimal(500))
    assert _asked(ended, on="2026-04-20") == []


def test_a_dispute_keeps_debt_from_being_handed_over(books: Books) -> None:
    books.escalation(handover_after_days=30)
    books.has_invoice("INV-7", due="2026-03-01", last_step=3, last_contact_on=date(2026, 3, 21), is_disputed=True)
    assert _asked(books, on="2026-04-20") == []


def test_a_write_off_is_suggested_with_what_is_still_to_be_expected(quiet: Books) -> None:
    """400.00, 181 days overdue: 70 % of debt so old is lost."""
    quiet.escalation(write_off_days=180).has_invoice("INV-7", due="2026-03-01", balance="400.00 USD")
    assert _asked(quiet, on="2026-08-28") == []
    assert quiet.look_again(on="2026-08-28") == "2026-08-29"
    assert _sentence(quiet, on="2026-08-29") == (
        "400.00 USD on one invoice is more than 180 days overdue: of debt so old up to 70 % is lost, "
        "and about 120.00 USD is likely to come in."
    )


def test_nothing_is_asked_unless_the_owner_wants_it(ended: Books) -> None:
    ended.escalation()
    assert _asked(ended, on="2026-06-01") == []
