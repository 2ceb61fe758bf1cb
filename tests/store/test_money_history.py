"""What was received on an invoice, and what fees charged for it, as the rules on fees see them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.account import Account
from engine.books import CreditKind, DocumentStatus
from engine.history import FeeCharged
from engine.money import Money
from engine.needs import Needs
from store import ledger
from store.ledger import PlannedAct
from tests.store.books import Shop, applied, credit, customer, invoice, payment, reminder

PERIOD = 20260301


def received(account: Account) -> list[tuple[str, int]]:
    return [(paid.on.isoformat(), paid.amount.minor) for each in account.invoices for paid in each.payments]


def fee(key: str = "fee-1", period: int = PERIOD, **changes: Any) -> PlannedAct:
    charge = FeeCharged(
        invoice_id="I1", through_on=date(2026, 3, 1), fixed=Money(500, "USD"), interest=Money(87, "USD")
    )
    told: dict[str, Any] = {"charges": (charge,), "invoices": (("I1", period),), "body": "{}"}
    return PlannedAct(kind="fee", key=key, **(told | changes))


@pytest.fixture
def charged(shop: Shop) -> Shop:
    shop.reads(customer(), invoice())
    shop.records(reminder(shop.today), [fee()])
    return shop


def test_money_counts_from_the_day_it_came_in_not_from_the_day_it_was_matched(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment(paid_on=date(2026, 2, 20)), applied("P1", "I1", 4_000))
    assert received(shop.account()) == [("2026-02-20", 4_000)]


def test_what_was_credited_was_never_owed(shop: Shop) -> None:
    shop.reads(customer(), invoice(), credit(), applied("N1", "I1", 3_000, kind="credit_note"))
    assert received(shop.account()) == []


def test_a_credit_applied_by_way_of_a_payment_is_no_money(shop: Shop) -> None:
    """QuickBooks Online applies a credit of 30.00 by a payment of nothing, or of the 10.00 that came with it"""
    shop.reads(customer(), invoice(), payment(total=0), applied("P1", "I1", 3_000))
    assert received(shop.account()) == []
    shop.reads(payment(total=1_000), applied("P1", "I1", 4_000))
    assert received(shop.account()) == [("2026-02-25", 1_000)]


def test_an_overpayment_is_money_from_the_day_it_was_made(shop: Shop) -> None:
    over = credit(kind=CreditKind.OVERPAYMENT, issued_on=date(2026, 2, 3))
    shop.reads(customer(), invoice(), over, applied("N1", "I1", 3_000, kind="overpayment"))
    assert received(shop.account()) == [("2026-02-03", 3_000)]


def test_a_deposit_is_money_from_the_day_of_the_invoice(shop: Shop) -> None:
    shop.reads(customer(), invoice(paid_at_issue=2_500))
    assert received(shop.account()) == [("2026-01-22", 2_500)]


def test_a_payment_that_was_voided_was_not_received(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment(status=DocumentStatus.VOIDED), applied("P1", "I1", 4_000))
    assert received(shop.account()) == []


def test_a_policy_without_fees_does_not_load_them(charged: Shop) -> None:
    account = charged.account(needs=Needs(payments=False, fees=False))
    assert (received(account), account.fees) == ([], ())


def test_a_fee_counts_from_the_moment_it_is_planned(charged: Shop) -> None:
    assert [(each.fixed.minor, each.interest.minor) for each in charged.account().fees] == [(500, 87)]
    assert charged.account(without_acts=["fee-1"]).fees == ()


def test_an_invoice_is_charged_once_for_a_month_whatever_the_fee_is_called(charged: Shop) -> None:
    assert charged.records(reminder(charged.today), [fee("fee-2")]) == []
    assert charged.records(reminder(charged.today), [fee("fee-3", period=20260401)]) == ["fee-3"]


def test_a_fee_that_was_refused_charged_nothing(charged: Shop) -> None:
    assert charged.moves(ledger.claim, "fee-1", "worker", charged.now)
    assert charged.moves(ledger.failed, "fee-1", "the period is closed", charged.now)
    assert charged.account().fees == ()


def test_a_fee_that_a_person_turned_down_is_forgiven(charged: Shop) -> None:
    charged.records(reminder(charged.today), [fee("fee-2", period=20260401, needs_approval=True)])
    assert charged.moves(ledger.reject, "fee-2", charged.now, "user 1")
    assert len(charged.account().fees) == 2


def test_a_fee_that_is_called_off_is_charged_anew_with_new_figures(charged: Shop) -> None:
    assert charged.moves(ledger.cancel, "fee-1", "the books have changed", charged.now)
    assert charged.account().fees == ()
    less = FeeCharged(invoice_id="I1", through_on=date(2026, 3, 1), fixed=Money(500, "USD"), interest=Money(1, "USD"))
    charged.records(reminder(charged.today), [fee(charges=(less,))])
    assert [each.interest.minor for each in charged.account().fees] == [1]


def test_a_fee_of_ours_is_known_by_its_reference_or_its_number(shop: Shop) -> None:
    mark = "LF-0123456789abcdef0"
    shop.reads(customer(), invoice("I1", reference=mark), invoice("I2", number=mark), invoice("I3"))
    assert [(each.id, each.is_ours) for each in shop.account().invoices] == [("I1", True), ("I2", True), ("I3", False)]
