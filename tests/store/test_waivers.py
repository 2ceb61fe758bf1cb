"""Fees that a person takes back, and the terms of offers that were sent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.history import FeeCharged, FeeForgiven
from engine.keys import fee_reversal_key
from engine.money import Money
from store import ledger, waivers
from store.ledger import Offered, PlannedAct
from tests.store.books import Shop, customer, invoice, reminder

FEE = PlannedAct(
    kind="fee",
    key="fee-1",
    step=20260301,
    invoices=(("I1", 20260301),),
    charges=(
        FeeCharged(invoice_id="I1", through_on=date(2026, 3, 1), fixed=Money(4_000, "USD"), interest=Money(0, "USD")),
    ),
    body="{}",
)


@pytest.fixture
def charged(shop: Shop) -> Shop:
    """A fee for INV-1, in the books."""
    shop.reads(customer(), invoice())
    shop.records(reminder(shop.today), [FEE])
    shop.sends("fee-1")
    return shop


def waive(shop: Shop, key: str = "fee-1") -> None:
    shop.moves(waivers.waive, key, "a good customer", shop.now, "user 1")


def test_one_taken_back_is_known_until_it_is_out_of_the_books(charged: Shop) -> None:
    waive(charged)
    waive(charged)
    assert charged.account().forgiven == (FeeForgiven(key="fee-1", invoice_ids=("I1",), why="a good customer"),)
    key = fee_reversal_key(str(charged.id), "fee-1")
    charged.records(reminder(charged.today, step=2), [PlannedAct(kind="fee_reversal", key=key, body="{}")])
    charged.sends(key)
    assert charged.account().forgiven == ()
    assert charged.account(without_acts=[key]).forgiven != ()


def test_what_it_charged_stays_charged_so_that_it_is_not_charged_again(charged: Shop) -> None:
    waive(charged)
    assert [fee.fixed for fee in charged.account().fees] == [Money(4_000, "USD")]


@pytest.mark.parametrize("key", ["unknown", "remind-1", "fee-2"], ids=["unknown", "no fee", "not made yet"])
def test_what_is_no_fee_in_the_books_cannot_be_taken_back(charged: Shop, key: str) -> None:
    charged.plans_reminder()
    charged.records(reminder(charged.today), [PlannedAct(kind="fee", key="fee-2", body="{}")])
    with pytest.raises(LookupError):
        waive(charged, key)


def test_the_terms_of_an_offer_are_those_that_were_sent(shop: Shop) -> None:
    shop.reads(customer(), invoice())
    offer = Offered("I1", Decimal("1.5"), date(2026, 3, 10))
    act = PlannedAct(kind="discount_offer", key="offer-1", invoices=(("I1", 0),), offered=offer, body="{}")
    shop.records(reminder(shop.today), [act])
    shop.moves(ledger.put_offer, "offer-1", Offered("I1", Decimal("1.2"), date(2026, 3, 10)))
    (told,) = shop.account().invoices
    assert (told.offered_percent, told.offered_until_on) == (Decimal("1.2"), date(2026, 3, 10))
