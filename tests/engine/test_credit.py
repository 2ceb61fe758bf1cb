"""Credit holds: when one is placed, when it goes, and who else decides on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from engine.history import PastPromise
from engine.policy import Credit
from tests.engine.builder import Books, money

ON_HOLD = {"is_on_hold": True, "hold_since_on": date(2026, 4, 30)}


@pytest.fixture
def strict(books: Books) -> Books:
    """A hold from 60 days overdue, no reminders in the way: an empty ladder."""
    return books.ladder().credit(hold_days_overdue=60)


def test_a_customer_long_overdue_gets_no_new_credit(strict: Books) -> None:
    """INV-7, due 2026-03-01, is 60 days overdue on 2026-04-30."""
    strict.has_invoice("INV-7", due="2026-03-01")
    assert strict.plan(on="2026-04-29") == []
    assert strict.plan(on="2026-04-30") == ["hold"]
    assert strict.says(None, on="2026-04-30") == (
        "No new credit: INV-7, due 2026-03-01, was still owed on 2026-04-30, 60 days later."
    )


def test_a_hold_is_placed_once(strict: Books) -> None:
    strict.has_invoice("INV-7", due="2026-03-01")
    assert strict.runs("2026-04-01", "2026-06-01") == {"2026-04-30": ["hold"]}


def test_a_standing_hold_says_every_day_why(strict: Books) -> None:
    strict.has_invoice("INV-7", due="2026-03-01").has_credit(**ON_HOLD)
    assert strict.plan(on="2026-05-20") == []
    assert strict.why(None, on="2026-05-20") == "hold_overdue"


def test_a_hold_goes_once_the_late_invoice_is_paid(strict: Books) -> None:
    strict.has_invoice("INV-8", due="2026-05-01").has_credit(**ON_HOLD)
    assert strict.plan(on="2026-05-20") == ["release"]
    assert strict.says(None, on="2026-05-20") == "Credit again: nothing is 60 days overdue."


def test_a_hold_goes_once_unapplied_money_covers_the_debt(strict: Books) -> None:
    strict.has_invoice("INV-7", due="2026-03-01").has_credit(**ON_HOLD).has_money("120.00 USD")
    assert strict.plan(on="2026-05-20") == ["release"]


@pytest.mark.parametrize(
    "facts", [{"is_disputed": True}, {"is_paused": True}, {"is_ours": True}, {"balance": "1.00 USD"}]
)
def test_no_hold_for_money_that_may_not_be_owed(strict: Books, facts: dict[str, Any]) -> None:
    strict.has_invoice("INV-7", due="2026-03-01", **facts)
    assert strict.plan(on="2026-05-20") == []


def test_no_hold_while_payment_is_promised(strict: Books) -> None:
    strict.has_invoice("INV-7", due="2026-03-01", promise=strict.promise("2026-05-20"))
    assert strict.plan(on="2026-05-20") == []
    assert strict.plan(on="2026-05-21") == ["hold"]


@pytest.mark.parametrize("facts", [{"opted_out": True}, {"do_not_chase": True}])
def test_silence_about_a_debt_does_not_make_it_smaller(strict: Books, facts: dict[str, bool]) -> None:
    """Unsubscribing from reminders must not lift, or prevent, a credit hold."""
    strict.customer(**facts).has_invoice("INV-7", due="2026-03-01")
    assert strict.plan(on="2026-05-20") == ["hold"]


def test_debt_too_old_to_chase_still_stops_credit(strict: Books) -> None:
    strict.has_invoice("INV-7", due="2024-03-01").has_credit(**ON_HOLD)
    assert strict.plan(on="2026-05-20") == ["ask review_old_debt: id-INV-7"]


def test_a_missing_address_does_not_prevent_a_hold(strict: Books) -> None:
    strict.customer(emails=()).has_invoice("INV-7", due="2026-03-01")
    assert strict.plan(on="2026-05-20") == ["hold"]


def test_a_hold_needs_no_sending_day(strict: Books) -> None:
    """2026-05-02 is a Saturday: a hold is no message."""
    strict.calendar().has_invoice("INV-7", due="2026-03-03")
    assert strict.plan(on="2026-05-02") == ["hold"]


def test_lateness_alone_holds_nobody_where_the_policy_says_so(strict: Books) -> None:
    strict.credit(hold_days_overdue=None).has_invoice("INV-7", due="2025-12-01")
    assert strict.plan(on="2026-05-20") == []


# Limits


def test_a_customer_above_its_limit_gets_no_new_credit(strict: Books) -> None:
    strict.has_credit(limit=money("100.00 USD")).has_invoice("INV-7", due="2026-06-01", balance="100.01 USD")
    assert strict.plan(on="2026-05-20") == ["hold"]
    assert strict.says(None, on="2026-05-20") == ("No new credit: 100.01 USD is open, above the limit of 100.00 USD.")


def test_exactly_the_limit_is_within_it(strict: Books) -> None:
    strict.has_credit(limit=money("100.00 USD")).has_invoice("INV-7", due="2026-06-01", balance="100.00 USD")
    assert strict.plan(on="2026-05-20") == []
    assert strict.says(None, on="2026-05-20") == "100.00 USD is open, within the limit of 100.00 USD."


def test_unapplied_money_lowers_what_counts_against_the_limit(strict: Books) -> None:
    strict.has_credit(limit=money("100.00 USD")).has_money("50.00 USD")
    strict.has_invoice("INV-7", due="2026-06-01", balance="150.00 USD")
    assert strict.plan(on="2026-05-20") == []


def test_more_money_than_debt_is_no_exposure(strict: Books) -> None:
    strict.has_credit(limit=money("100.00 USD")).has_money("50.00 USD")
    assert strict.says(None, on="2026-05-20") == "0.00 USD is open, within the limit of 100.00 USD."


def test_contested_money_does_not_count_against_the_limit(strict: Books) -> None:
    strict.has_credit(limit=money("100.00 USD"))
    strict.has_invoice("INV-7", due="2026-06-01", balance="500.00 USD", is_disputed=True)
    assert strict.plan(on="2026-05-20") == []


def test_money_in_another_currency_does_not_count_against_the_limit(strict: Books) -> None:
    strict.has_credit(limit=money("100.00 USD")).has_invoice("INV-7", due="2026-06-01", balance="900.00 EUR")
    assert strict.plan(on="2026-05-20") == []


def test_the_policy_limit_serves_customers_without_their_own(strict: Books) -> None:
    strict.credit(default_limit=Decimal(100)).has_invoice("INV-7", due="2026-06-01", balance="101.00 USD")
    assert strict.plan(on="2026-05-20") == ["hold"]


def test_a_customers_own_limit_goes_before_the_policy(strict: Books) -> None:
    strict.credit(default_limit=Decimal(100)).has_credit(limit=money("500.00 USD"))
    strict.has_invoice("INV-7", due="2026-06-01", balance="101.00 USD")
    assert strict.plan(on="2026-05-20") == []


def test_a_hold_stands_while_either_reason_stands(strict: Books) -> None:
    strict.has_credit(limit=money("100.00 USD"), **ON_HOLD)
    strict.has_invoice("INV-7", due="2026-06-01", balance="101.00 USD")
    assert strict.plan(on="2026-05-20") == []
    assert strict.why(None, on="2026-05-20") == "hold_over_limit"


# Who decides


@pytest.mark.parametrize("is_on_hold", [True, False])
def test_what_a_person_decided_stays(strict: Books, is_on_hold: bool) -> None:
    shown_since_on = date(2026, 5, 1) if is_on_hold else None
    strict.has_credit(is_manual=True, is_on_hold=is_on_hold, shown_since_on=shown_since_on)
    strict.has_invoice("INV-7", due="2026-03-01" if not is_on_hold else "2026-06-01")
    assert strict.plan(on="2026-05-20") == []
    assert strict.why(None, on="2026-05-20") == "hold_manual"


@pytest.mark.parametrize("facts", [{}, {"is_paused": True}, {"is_active": False}])
def test_a_hold_set_by_hand_is_shown_on_the_platform_whatever_else_holds(strict: Books, facts: dict[str, bool]) -> None:
    strict.credit(is_on=False).customer(**facts).has_credit(is_manual=True, is_on_hold=True)
    assert strict.plan(on="2026-05-20") == ["hold"]
    assert strict.says(None, on="2026-05-20") == "A person put this customer on hold."
    assert [each.outcome for each in strict.decided("2026-05-20").decisions] == ["hold"]


def test_a_hold_lifted_by_hand_is_lifted_on_the_platform(strict: Books) -> None:
    """the policy would hold: 80 days overdue"""
    strict.has_invoice("INV-7", due="2026-03-01")
    strict.has_credit(is_manual=True, is_on_hold=False, shown_since_on=date(2026, 5, 1))
    assert strict.plan(on="2026-05-20") == ["release"]
    assert [each.outcome for each in strict.decided("2026-05-20").decisions] == ["leave", "release"]


@pytest.mark.parametrize("due", ["2026-03-01", "2026-06-01"])
@pytest.mark.parametrize("facts", [{"is_paused": True}, {"is_active": False}])
def test_a_paused_or_inactive_customer_keeps_its_hold(strict: Books, facts: dict[str, bool], due: str) -> None:
    strict.customer(**facts).has_invoice("INV-7", due=due).has_credit(**ON_HOLD)
    assert strict.plan(on="2026-05-20") == []
    assert strict.why(None, on="2026-05-20") == "hold_kept"


def test_a_hold_stays_when_holds_are_switched_off(strict: Books) -> None:
    strict.credit(is_on=False).has_invoice("INV-7", due="2026-06-01").has_credit(**ON_HOLD)
    assert strict.plan(on="2026-05-20") == []
    assert strict.says(None, on="2026-05-20") == "The credit hold stays as it is: credit holds are switched off."


def test_nothing_is_said_about_credit_where_there_is_nothing_to_say(strict: Books) -> None:
    strict.has_invoice("INV-7", due="2026-05-01")
    assert [decision.invoice_id for decision in strict.decided(on="2026-05-20").decisions] == ["id-INV-7"]


def test_a_hold_goes_a_little_below_the_limit(strict: Books) -> None:
    """Limit 1,000.00: a hold goes at 90% of it, so that one small payment does not lift it."""
    strict.credit(default_limit=Decimal(1000)).has_credit(**ON_HOLD)
    strict.has_invoice("INV-7", due="2026-06-01", balance="950.00 USD")
    assert strict.plan(on="2026-05-20") == []
    assert strict.says(None, on="2026-05-20") == (
        "No new credit yet: 950.00 USD is open, and the hold goes at 90% of the limit of 1000.00 USD."
    )
    strict.has_money("50.00 USD")
    assert strict.plan(on="2026-05-20") == ["release"]


def test_a_hold_for_lateness_may_go_later_than_it_came(strict: Books) -> None:
    """Held at 60 days, released when nothing is 30 days overdue."""
    strict.credit(hold_days_overdue=60, release_days_overdue=30).has_credit(**ON_HOLD)
    strict.has_invoice("INV-7", due="2026-04-20")
    assert strict.plan(on="2026-05-20") == []
    assert strict.plan(on="2026-05-19") == ["release"]


def test_a_release_may_not_stand_above_its_hold() -> None:
    with pytest.raises(ValidationError, match="must not be above hold_days_overdue 30"):
        Credit(hold_days_overdue=30, release_days_overdue=60)


def test_orders_not_billed_yet_count_as_exposure(strict: Books) -> None:
    strict.credit(default_limit=Decimal(1000)).has_credit(unbilled=money("900.00 USD"))
    strict.has_invoice("INV-7", due="2026-06-01", balance="200.00 USD")
    assert strict.plan(on="2026-05-20") == ["hold"]


def test_a_temporary_limit_ends_with_its_last_day(strict: Books) -> None:
    strict.has_credit(
        limit=money("100.00 USD"), override_limit=money("500.00 USD"), override_until_on=date(2026, 5, 20)
    )
    strict.has_invoice("INV-7", due="2026-06-01", balance="200.00 USD")
    assert strict.plan(on="2026-05-20") == []
    assert strict.look_again(on="2026-05-20") == "2026-05-21"
    assert strict.plan(on="2026-05-21") == ["hold"]


def test_broken_promises_stop_credit_while_anything_is_overdue(strict: Books) -> None:
    strict.credit(hold_broken_promises=2).customer(promises=(PastPromise(date(2026, 4, 1), False),) * 2)
    strict.has_invoice("INV-7", due="2026-05-20")
    assert strict.plan(on="2026-05-20") == []
    assert strict.look_again(on="2026-05-20") == "2026-05-21"
    assert strict.plan(on="2026-05-21") == ["hold"]
    assert strict.says(None, on="2026-05-21") == (
        "No new credit while anything is overdue: 2 promises broken in twelve months, 2 are enough."
    )


def test_who_has_paid_up_gets_credit_in_spite_of_broken_promises(strict: Books) -> None:
    strict.credit(hold_broken_promises=2).customer(promises=(PastPromise(date(2026, 4, 1), False),) * 2)
    strict.has_credit(**ON_HOLD)
    assert strict.plan(on="2026-05-21") == ["release"]


def test_returned_payments_stop_credit(strict: Books) -> None:
    strict.credit(hold_returned_payments=2).customer(returned_payments=2)
    strict.has_invoice("INV-7", due="2026-05-20")
    assert strict.plan(on="2026-05-21") == ["hold"]
    assert strict.why(None, on="2026-05-21") == "hold_returned_payments"
