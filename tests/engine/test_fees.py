"""Late fees: what is charged, when, once, within every cap, and what is never charged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from engine.books import InvoiceStatus
from engine.fees import last_charge_day, next_charge_day
from engine.history import FeeCharged, FeeForgiven
from engine.plan import ChargeFee
from engine.policy import Fees
from tests.engine.builder import Books, money, received


@pytest.fixture
def yearly(books: Books) -> Books:
    """12 % a year by contract, charged on the first of the month; no reminders in the way."""
    return books.ladder().fees(annual_rate=Decimal(12))


def _fee(books: Books, on: str) -> ChargeFee:
    (fee,) = [action for action in books.decided(on).actions if isinstance(action, ChargeFee)]
    return fee


# ---- what is charged


def test_a_year_of_interest_accrues_by_the_day(yearly: Books) -> None:
    """INV-7, 1,000.00 due 2026-03-01; on 1 April 31 days have passed: 1,000 × 12 % × 31/365."""
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert yearly.plan(on="2026-04-01") == ["fee 10.19 USD"]
    assert yearly.fee_lines(on="2026-04-01") == [
        "INV-7: 2026-03-02 to 2026-04-01: 1,000.00 × 12 % a year × 31/365 = 10.19"
    ]


def test_a_flat_fee_is_charged_once_per_invoice(books: Books) -> None:
    books.ladder().fees(flat=Decimal(25)).has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-03-01", "2026-07-15") == {"2026-04-01": ["fee 25.00 USD"]}


def test_a_flat_fee_is_in_the_base_currency_only(books: Books) -> None:
    books.ladder().fees(flat=Decimal(25)).has_invoice("INV-7", due="2026-03-01", balance="9000 JPY")
    assert books.plan(on="2026-04-01") == []


def test_a_percentage_is_of_what_was_owed_late(books: Books) -> None:
    """1,000.00, of which 400.00 came in before the due date."""
    books.ladder().fees(percent=Decimal(5))
    books.has_invoice("INV-7", due="2026-03-01", balance="600.00 USD", payments=received("2026-02-20 400.00 USD"))
    assert books.fee_lines(on="2026-04-01") == ["INV-7: 600.00 × 5 % = 30.00"]


def test_one_charge_a_month_covers_everything_overdue(yearly: Books) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    yearly.has_invoice("INV-8", due="2026-03-11", balance="500.00 USD")
    yearly.has_invoice("INV-9", due="2026-04-01", balance="900.00 USD")
    fee = _fee(yearly, on="2026-04-01")
    assert fee.invoice_ids == ("id-INV-7", "id-INV-8")
    assert str(fee.amount) == "13.64 USD"
    assert fee.reason.sentence == (
        "13.64 USD is charged for 2 late invoices, everything up to and including 2026-04-01."
    )


def test_each_currency_has_a_charge_of_its_own(yearly: Books) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    yearly.has_invoice("INV-8", due="2026-03-01", balance="1000.00 EUR")
    assert yearly.plan(on="2026-04-01") == ["fee 10.19 EUR", "fee 10.19 USD"]


def test_the_next_month_charges_the_rest(yearly: Books) -> None:
    """61 days come to 20.05; 10.19 of it was charged in April."""
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert yearly.runs("2026-03-01", "2026-05-15") == {
        "2026-04-01": ["fee 10.19 USD"],
        "2026-05-01": ["fee 9.86 USD"],
    }


def test_what_was_charged_before_stands_in_the_calculation(yearly: Books) -> None:
    april = FeeCharged(
        invoice_id="id-INV-7", through_on=date(2026, 4, 1), fixed=money("0.00 USD"), interest=money("10.19 USD")
    )
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD").customer(fees=(april,))
    assert yearly.fee_lines(on="2026-05-01") == [
        "INV-7: 2026-03-02 to 2026-05-01: 1,000.00 × 12 % a year × 61/365 = 20.05",
        "INV-7: less interest charged before = -10.19",
    ]


def test_a_fee_that_a_person_took_back_is_not_charged_again(yearly: Books) -> None:
    """It stays among what was charged; only the time since is new."""
    forgiven = FeeCharged(
        invoice_id="id-INV-7", through_on=date(2026, 4, 1), fixed=money("0.00 USD"), interest=money("10.19 USD")
    )
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD").customer(fees=(forgiven,))
    assert yearly.plan(on="2026-04-20") == []
    assert yearly.plan(on="2026-05-01") == ["fee 9.86 USD"]


def test_a_charge_day_missed_while_off_is_made_good(yearly: Books) -> None:
    """Decided on the 9th: still everything up to the first, no more."""
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert yearly.plan(on="2026-04-09") == ["fee 10.19 USD"]


def test_late_principal_bears_interest_after_it_was_paid(yearly: Books) -> None:
    """Paid on 21 March, 20 days late; on 1 April nothing is owed any more, and 20 days are charged."""
    yearly.has_invoice(
        "INV-7",
        due="2026-03-01",
        balance="0.00 USD",
        status=InvoiceStatus.PAID,
        settled_on=date(2026, 3, 21),
        payments=received("2026-03-21 1000.00 USD"),
    )
    assert yearly.plan(on="2026-04-01") == ["fee 6.58 USD"]


def test_an_invoice_paid_in_time_bears_nothing(yearly: Books) -> None:
    yearly.has_invoice(
        "INV-7",
        due="2026-03-01",
        balance="0.00 USD",
        status=InvoiceStatus.PAID,
        payments=received("2026-03-01 1000.00 USD"),
    )
    assert yearly.plan(on="2026-04-01") == []


def test_what_was_credited_was_never_owed(yearly: Books) -> None:
    """Settled by a credit note: there is no payment, and so no principal."""
    yearly.has_invoice(
        "INV-7", due="2026-03-01", balance="0.00 USD", status=InvoiceStatus.PAID, settled_on=date(2026, 3, 21)
    )
    assert yearly.plan(on="2026-04-01") == []


def test_a_month_does_not_end_before_its_charge_day() -> None:
    assert last_charge_day(28, date(2026, 3, 27)) == date(2026, 2, 28)
    assert last_charge_day(28, date(2026, 3, 28)) == date(2026, 3, 28)
    assert next_charge_day(28, date(2026, 1, 31)) == date(2026, 2, 28)
    assert next_charge_day(1, date(2026, 12, 31)) == date(2027, 1, 1)


# ---- grace, minimum, caps


def test_grace_days_let_the_customer_off(books: Books) -> None:
    books.ladder().fees(annual_rate=Decimal(12), grace_days=31)
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    books.has_invoice("INV-8", due="2026-02-28", balance="1000.00 USD")
    assert _fee(books, on="2026-04-01").invoice_ids == ("id-INV-8",)


def test_a_small_fee_waits_until_it_has_grown(books: Books) -> None:
    books.ladder().fees(annual_rate=Decimal(12), minimum=Decimal(15))
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert books.about_fees(on="2026-04-01") == ["fee_below_minimum"]
    assert books.runs("2026-03-01", "2026-05-15") == {"2026-05-01": ["fee 20.05 USD"]}


def test_the_cap_of_the_policy_holds_over_all_charges(books: Books) -> None:
    """25 flat and 12 % a year on 1,000, held to 4 %: 40.00 in all."""
    books.ladder().fees(flat=Decimal(25), annual_rate=Decimal(12), cap_percent=Decimal(4))
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert books.fee_lines(on="2026-05-01")[-1] == "INV-7: held to the cap of 4 % of 1,000.00 = -5.05"
    assert books.runs("2026-03-01", "2026-12-31") == {
        "2026-04-01": ["fee 35.19 USD"],
        "2026-05-01": ["fee 4.81 USD"],
    }


def test_an_american_rate_above_the_ceiling_is_lowered_to_it(books: Books) -> None:
    books.ladder().fees(law="US", annual_rate=Decimal(24))
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert books.fee_lines(on="2026-04-01") == [
        "INV-7: 2026-03-02 to 2026-04-01: 1,000.00 × 18 % a year × 31/365 = 15.29"
    ]


def test_a_flat_fee_may_not_slip_over_the_ceiling_of_the_law(books: Books) -> None:
    """50.00 on 1,000.00 after 31 days would be 59 % a year; what is held back follows as the ceiling grows."""
    books.ladder().fees(law="US", flat=Decimal(50))
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert books.fee_lines(on="2026-04-01") == [
        "INV-7: late fee = 50.00",
        "INV-7: held to 18 % a year, the ceiling in the United States = -34.71",
    ]
    charged = [line for day in books.runs("2026-03-01", "2026-12-31").values() for line in day]
    assert charged == ["fee 15.29 USD", "fee 14.79 USD", "fee 15.29 USD", "fee 4.63 USD"]


# ---- never


@pytest.mark.parametrize(
    "facts",
    [
        {"is_disputed": True},
        {"is_paused": True},
        {"is_ours": True},
        {"drift": True},
        {"is_unread": True},
        {"status": InvoiceStatus.DRAFT},
        {"status": InvoiceStatus.VOIDED},
    ],
)
def test_no_fee_for_what_may_not_be_owed(yearly: Books, facts: dict[str, Any]) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD", **facts)
    assert yearly.plan(on="2026-04-01") == []


def test_a_dispute_that_ends_leaves_the_whole_time_chargeable(yearly: Books) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert yearly.plan(on="2026-04-17") == ["fee 10.19 USD"]


def test_no_fee_while_payment_is_promised(yearly: Books) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD", promise=yearly.promise("2026-04-05"))
    assert yearly.runs("2026-03-01", "2026-04-15") == {"2026-04-06": ["fee 10.19 USD"]}


def test_a_paid_fee_invoice_of_ours_bears_no_fee(yearly: Books) -> None:
    yearly.has_invoice(
        "LF-1",
        due="2026-03-01",
        balance="0.00 USD",
        status=InvoiceStatus.PAID,
        payments=received("2026-03-21 10.00 USD"),
        is_ours=True,
    )
    assert yearly.plan(on="2026-04-01") == []


def test_no_fee_while_money_waits_to_be_matched(yearly: Books) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD").has_money("400.00 USD")
    assert yearly.plan(on="2026-04-01") == []
    assert yearly.about_fees(on="2026-04-01") == ["fee_waits_for_money"]


@pytest.mark.parametrize(
    ("facts", "rule", "said"),
    [
        ({"is_fee_exempt": True}, "fee_exempt", "Acme Ltd"),
        ({"is_paused": True}, "fee_withheld", "No late fee: Acme Ltd is paused."),
        ({"do_not_chase": True}, "fee_withheld", "No late fee: Acme Ltd is marked as not to be chased."),
        ({"is_active": False}, "fee_withheld", "No late fee: Acme Ltd is inactive in the books."),
    ],
)
def test_some_customers_are_charged_nothing(yearly: Books, facts: dict[str, Any], rule: str, said: str) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD").customer(**facts)
    plan = yearly.decided("2026-04-01")
    assert plan.actions == ()
    assert yearly.about_fees(on="2026-04-01") == [rule]
    assert any(said in each.reason.sentence for each in plan.decisions if each.reason.rule == rule)


def test_opting_out_of_messages_does_not_end_interest(yearly: Books) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD").customer(opted_out=True)
    assert yearly.plan(on="2026-04-01") == ["fee 10.19 USD"]


def test_invoices_from_before_dunwell_began_bear_no_fee(yearly: Books) -> None:
    """Their customers were never told."""
    yearly.customer(watched_since_on=date(2026, 2, 1))
    yearly.has_invoice("INV-7", issued="2026-01-31", due="2026-03-01", balance="1000.00 USD")
    assert yearly.plan(on="2026-04-01") == []
    yearly.fees(annual_rate=Decimal(12), issued_from_on=date(2026, 1, 1))
    assert yearly.plan(on="2026-04-01") == ["fee 10.19 USD"]


def test_debt_old_enough_for_a_person_bears_no_new_fee(yearly: Books) -> None:
    yearly.has_invoice("INV-7", issued="2025-01-01", due="2025-02-01", balance="1000.00 USD")
    assert yearly.plan(on="2026-04-01") == ["ask review_old_debt: id-INV-7"]


def test_fees_are_off_unless_somebody_switches_them_on(books: Books) -> None:
    assert not Fees().is_on
    books.ladder().has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert books.about_fees(on="2026-04-01") == []


# ---- the clause


def test_no_fee_by_contract_without_its_clause() -> None:
    with pytest.raises(ValidationError, match="the words of your contract"):
        Fees(is_on=True, annual_rate=Decimal(12), clause="  ")


def test_a_fee_by_contract_needs_an_amount() -> None:
    with pytest.raises(ValidationError, match="needs a flat sum, a percentage or an annual rate"):
        Fees(is_on=True, clause="Clause 7.")


def test_the_clause_is_on_every_fee(yearly: Books) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert _fee(yearly, on="2026-04-01").clause == "Clause 7 of our terms."


def test_look_again_on_the_next_charge_day(yearly: Books) -> None:
    yearly.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert yearly.look_again(on="2026-03-10") == "2026-04-01"


def test_a_fee_that_a_person_takes_back_is_taken_back_whatever_else_holds(books: Books) -> None:
    forgiven = (FeeForgiven(key="f" * 32, invoice_ids=("id-INV-7",), why="a good customer"),)
    books.customer(forgiven=forgiven, is_paused=True, do_not_chase=True)
    (action,) = books.decided("2026-03-11").actions
    assert action.reason.sentence == "A person took late fee LF-fffffffffffffffff back: a good customer."
