"""The day on which an account is looked at again, with nothing new read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.policy import DEFAULT_LADDER, Step
from tests.engine.builder import Books, money


def test_an_account_with_nothing_to_come_is_left_until_something_changes(books: Books) -> None:
    assert books.look_again(on="2026-03-01") is None
    books.has_invoice("INV-7", due="2026-03-01", is_disputed=True)
    assert books.look_again(on="2026-03-11") is None


def test_look_again_when_the_next_step_comes(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.look_again(on="2026-02-01") == "2026-03-04"
    assert books.look_again(on="2026-03-04") == "2026-03-11"


def test_look_again_on_the_sending_day_after_a_step(books: Books) -> None:
    """The step comes on Saturday 2026-03-07."""
    books.calendar().has_invoice("INV-7", due="2026-03-04")
    assert books.look_again(on="2026-03-04") == "2026-03-09"


def test_look_again_when_the_budget_opens(books: Books) -> None:
    books.budget(messages=2, per_days=7, minimum_gap_days=3)
    books.has_invoice("INV-7", due="2026-03-01").was_contacted("2026-03-09")
    assert books.look_again(on="2026-03-11") == "2026-03-12"


def test_todays_message_is_reckoned_with(books: Books) -> None:
    """INV-8 reaches its step tomorrow, but the message about INV-7 has just used up the gap."""
    books.budget(messages=2, per_days=7, minimum_gap_days=3)
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-03-09")
    assert books.look_again(on="2026-03-11") == "2026-03-14"


def test_look_again_the_day_after_a_promise(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", promise=books.promise("2026-03-15"))
    assert books.look_again(on="2026-03-04") == "2026-03-16"


def test_look_again_the_day_after_a_pause(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", is_paused=True, paused_until_on=date(2026, 3, 20))
    assert books.look_again(on="2026-03-04") == "2026-03-21"
    books.customer(is_paused=True, paused_until_on=date(2026, 3, 18))
    assert books.look_again(on="2026-03-04") == "2026-03-19"


def test_look_again_when_an_offer_opens(books: Books) -> None:
    books.discount(percent=Decimal(2), days=10, tell_days_before=4)
    books.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31")
    assert books.look_again(on="2026-03-01") == "2026-03-07"


def test_look_again_when_an_unmade_offer_closes(books: Books) -> None:
    """The budget is used up beyond the last day of the offer."""
    books.discount(percent=Decimal(2), days=10, tell_days_before=4)
    books.budget(messages=1, per_days=31, minimum_gap_days=0)
    books.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31").was_contacted("2026-03-05")
    assert books.look_again(on="2026-03-08") == "2026-03-12"


def test_look_again_when_a_debt_becomes_late_enough_for_a_hold(books: Books) -> None:
    books.ladder().credit(hold_days_overdue=60).has_invoice("INV-7", due="2026-03-01")
    assert books.look_again(on="2026-03-01") == "2026-04-30"


def test_a_customer_on_hold_is_not_looked_at_for_another_hold(books: Books) -> None:
    books.ladder().credit(hold_days_overdue=60).exclusions(review_after_days=365)
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-04-01")
    assert books.look_again(on="2026-04-30") == "2027-03-02"


def test_look_again_when_a_debt_becomes_old(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", last_step=3)
    assert books.look_again(on="2026-04-30") == "2027-03-02"
    assert books.plan(on="2027-03-02") == ["ask review_old_debt: id-INV-7"]


@pytest.mark.parametrize("facts", [{"do_not_chase": True}, {"opted_out": True}])
def test_a_silent_customer_is_still_watched_for_its_credit(books: Books, facts: dict[str, bool]) -> None:
    books.credit(hold_days_overdue=60).customer(**facts).has_invoice("INV-7", due="2026-03-01")
    assert books.look_again(on="2026-03-02") == "2026-04-30"


def test_an_unsent_reminder_is_not_looked_at_daily_for_want_of_an_address(books: Books) -> None:
    """A new address is news, and brings the account up by itself."""
    books.customer(emails=()).has_invoice("INV-7", due="2026-03-01", last_step=1)
    assert books.look_again(on="2026-03-11") == "2027-03-02"


def test_a_note_that_can_no_longer_go_out_is_not_waited_for(books: Books) -> None:
    """On Saturday 2026-03-14 the note lapses; the first reminder comes on Tuesday."""
    books.calendar().ladder(*DEFAULT_LADDER).has_invoice("INV-7", due="2026-03-14")
    assert books.look_again(on="2026-03-14") == "2026-03-17"


def test_an_account_within_its_limit_is_left_until_something_changes(books: Books) -> None:
    books.ladder().credit(hold_days_overdue=None).has_credit(limit=money("100.00 USD"))
    assert books.look_again(on="2026-03-14") is None


def test_after_a_broken_promise_the_next_step_is_looked_for_until_its_condition_holds(books: Books) -> None:
    """broken on 2026-03-12; step 2, for invoices more than 40 days old, comes on 2026-04-03 and not on its own day"""
    books.ladder(
        Step(number=1, days=0, template="a"), Step(number=2, days=26, template="b", when="invoice.days_old > 40")
    )
    books.has_invoice(
        "INV-7",
        due="2026-03-09",
        issued="2026-02-21",
        last_step=1,
        last_contact_on=date(2026, 3, 9),
        promise=books.promise("2026-03-11"),
    )
    assert books.look_again(on="2026-03-20") == "2026-03-21"
    assert list(books.runs("2026-03-12", "2026-04-10")) == ["2026-04-03"]
