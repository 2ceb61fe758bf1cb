"""Statements, thanks, and the first delivery of an invoice."""

from __future__ import annotations

from typing import Any

import pytest

from engine.books import InvoiceStatus
from engine.history import Received
from engine.plan import DeliverInvoice
from engine.policy import Step
from tests.engine.builder import Books, money

NO_STEPS = (Step(number=1, days=300, template="reminder_1"),)


# Statements


def test_a_statement_goes_out_once_a_month(books: Books) -> None:
    books.statements().ladder(*NO_STEPS).has_invoice("INV-7", due="2026-04-30").has_invoice("INV-8", due="2026-03-01")
    assert books.runs("2026-03-02", "2026-05-20") == {
        "2026-03-02": ["statement of 2026-03-01: INV-8, INV-7"],
        "2026-04-01": ["statement of 2026-04-01: INV-8, INV-7"],
        "2026-05-01": ["statement of 2026-05-01: INV-8, INV-7"],
    }


def test_a_statement_says_what_is_owed(books: Books) -> None:
    books.statements().ladder(*NO_STEPS).has_invoice("INV-7", due="2026-04-30").has_invoice("INV-8", due="2026-03-01")
    assert books.says(None, on="2026-03-02") == (
        "The statement of account of 2026-03-01 is due: 240.00 USD on 2 open invoices."
    )


def test_a_statement_never_goes_out_on_the_day_of_a_reminder(books: Books) -> None:
    """The budget allows one a day: the reminder goes first, the statement the day after."""
    books.statements(day_of_month=4).has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-03-04", "2026-03-06") == {
        "2026-03-04": ["remind INV-7, step 1"],
        "2026-03-05": ["statement of 2026-03-04: INV-7"],
    }


def test_a_statement_counts_against_the_contact_budget(books: Books) -> None:
    books.budget(messages=50, per_days=1, minimum_gap_days=3).statements(day_of_month=3)
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-03-03", "2026-03-08") == {
        "2026-03-03": ["statement of 2026-03-03: INV-7"],
        "2026-03-06": ["remind INV-7, step 1"],
    }


def test_a_statement_that_could_not_go_out_in_time_is_left_out(books: Books) -> None:
    books.statements(for_days=5).ladder(*NO_STEPS).has_invoice("INV-7", due="2026-04-30")
    assert books.plan(on="2026-03-06") != []
    assert books.plan(on="2026-03-07") == []
    assert books.look_again(on="2026-03-07") == "2026-04-01"


def test_nobody_who_owes_nothing_gets_a_statement(books: Books) -> None:
    books.statements().has_invoice("INV-7", due="2026-02-01", status=InvoiceStatus.PAID)
    assert books.plan(on="2026-03-02") == []


@pytest.mark.parametrize(
    "guard", [{"opted_out": True}, {"do_not_chase": True}, {"is_paused": True}, {"is_active": False}, {"emails": ()}]
)
def test_nobody_who_wants_or_can_get_none_gets_a_statement(books: Books, guard: dict[str, Any]) -> None:
    books.statements().ladder(*NO_STEPS).customer(**guard).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-02") == []


def test_what_is_disputed_is_not_on_a_statement(books: Books) -> None:
    books.statements().ladder(*NO_STEPS).has_invoice("INV-7", due="2026-03-01")
    books.has_invoice("INV-8", due="2026-03-01", is_disputed=True)
    assert books.plan(on="2026-03-02") == ["statement of 2026-03-01: INV-7"]


def test_statements_are_off_until_the_owner_wants_them(books: Books) -> None:
    books.ladder(*NO_STEPS).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-02") == []


# Thanks


def _paid(books: Books, number: str = "INV-7", **facts: Any) -> Books:
    told: dict[str, Any] = {
        "due": "2026-03-01",
        "status": InvoiceStatus.PAID,
        "settled_on": books.day("2026-03-10"),
        "last_step": 2,
        "payments": (Received(books.day("2026-03-10"), money("120.00 USD")),),
    }
    return books.has_invoice(number, **(told | facts))


def test_thanks_follow_a_payment_in_full_after_a_reminder(books: Books) -> None:
    _paid(books.thanks())
    assert books.runs("2026-03-11", "2026-03-20") == {"2026-03-11": ["thank for INV-7"]}
    assert books.says(None, on="2026-03-11") == "INV-7: paid in full on 2026-03-10, after a reminder."


def test_thanks_for_several_invoices_are_one_message(books: Books) -> None:
    _paid(_paid(books.thanks()), "INV-8", settled_on=books.day("2026-03-09"))
    assert books.plan(on="2026-03-11") == ["thank for INV-7, INV-8"]


@pytest.mark.parametrize(
    "facts", [{"last_step": 0}, {"payments": ()}, {"settled_on": None}], ids=["not reminded", "credited", "undated"]
)
def test_there_is_nothing_to_thank_for(books: Books, facts: dict[str, Any]) -> None:
    _paid(books.thanks(), **facts)
    assert books.plan(on="2026-03-11") == []


def test_late_thanks_are_not_sent(books: Books) -> None:
    _paid(books.thanks(within_days=3))
    assert books.plan(on="2026-03-13") == ["thank for INV-7"]
    assert books.plan(on="2026-03-14") == []


def test_nobody_is_thanked_who_still_owes_overdue_money(books: Books) -> None:
    _paid(books.thanks()).has_invoice("INV-8", due="2026-03-05", last_step=1)
    assert books.plan(on="2026-03-11") == []


def test_thanks_are_off_until_the_owner_wants_them(books: Books) -> None:
    assert _paid(books).plan(on="2026-03-11") == []


# First delivery


def _usual(books: Books) -> Books:
    """A customer who got another invoice by the platform's email."""
    return books.has_invoice("INV-1", due="2026-05-01", is_sent=True)


def test_an_invoice_never_sent_is_noticed_the_same_day(books: Books) -> None:
    _usual(books).has_invoice("INV-7", issued="2026-03-01", due="2026-03-31", is_sent=False)
    assert books.plan(on="2026-03-01") == ["ask never_sent: id-INV-7"]
    assert books.says("INV-7", on="2026-03-01") == (
        "INV-7, issued 2026-03-01, was never sent to the customer: its reminders wait for that."
    )


def test_the_ladder_waits_for_the_first_delivery(books: Books) -> None:
    _usual(books).has_invoice("INV-7", issued="2026-01-01", due="2026-03-01", is_sent=False)
    assert books.plan(on="2026-03-21") == ["ask never_sent: id-INV-7"]


def test_by_policy_the_platform_sends_it_at_once(books: Books) -> None:
    _usual(books.delivery(unsent="send")).has_invoice("INV-7", due="2026-03-31", is_sent=False)
    (action,) = books.decided(on="2026-03-01").actions
    assert isinstance(action, DeliverInvoice)
    assert action.invoice.invoice_id == "id-INV-7"


def test_it_is_sent_once(books: Books) -> None:
    _usual(books.delivery(unsent="send")).has_invoice("INV-7", due="2026-03-31", is_sent=False)
    assert books.runs("2026-03-01", "2026-03-05") == {"2026-03-01": ["deliver INV-7"]}


def test_without_an_address_a_person_is_asked_instead(books: Books) -> None:
    _usual(books.delivery(unsent="send")).customer(emails=()).has_invoice("INV-7", due="2026-03-31", is_sent=False)
    assert books.plan(on="2026-03-01") == ["ask never_sent: id-INV-7"]


def test_who_never_gets_the_platforms_email_gets_bills_some_other_way(books: Books) -> None:
    books.has_invoice("INV-6", due="2026-03-01", is_sent=False).has_invoice("INV-7", due="2026-03-31", is_sent=False)
    assert books.plan(on="2026-03-04") == ["remind INV-6, step 1"]


def test_what_was_issued_before_dunwell_began_is_not_noticed(books: Books) -> None:
    _usual(books).customer(watched_since_on=books.day("2026-02-01"))
    books.has_invoice("INV-7", issued="2026-01-15", due="2026-03-01", is_sent=False)
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]


def test_a_platform_that_cannot_tell_holds_up_nothing(books: Books) -> None:
    _usual(books).has_invoice("INV-7", due="2026-03-01", is_sent=None)
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]


def test_noticing_can_be_switched_off(books: Books) -> None:
    _usual(books.delivery(unsent="ignore")).has_invoice("INV-7", due="2026-03-01", is_sent=False)
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]


def test_a_disputed_invoice_is_not_sent(books: Books) -> None:
    _usual(books.delivery(unsent="send")).has_invoice("INV-7", due="2026-03-31", is_sent=False, is_disputed=True)
    assert books.plan(on="2026-03-01") == []


def test_an_invoice_never_sent_puts_nobody_on_hold(books: Books) -> None:
    _usual(books).credit(hold_days_overdue=10).has_invoice("INV-7", due="2026-03-01", is_sent=False)
    assert books.plan(on="2026-03-21") == ["ask never_sent: id-INV-7"]
