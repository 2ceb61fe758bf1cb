"""What is told of the past grows old: time alone takes it away, so the account names the first day on which it does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.books import InvoiceStatus
from engine.decide import decide
from engine.policy import Credit, Delivery, Policy
from store import returned
from store.wishes import Speaker
from tests.store.books import Shop, customer, invoice

PAID: dict[str, Any] = {"status": InvoiceStatus.PAID, "stated_balance": 0}


def later(shop: Shop, on: date) -> Shop:
    return Shop(shop.database, shop.id, shop.now + (on - shop.today))


def settles(shop: Shop, id: str, on: date, **facts: Any) -> None:
    shop.reads(invoice(id, issued_on=on, due_on=on, settled_on=on, **PAID, **facts))


def test_a_bill_never_sent_is_asked_about_however_long_ago_the_last_one_went(shop: Shop) -> None:
    shop.reads(customer(), invoice(is_sent=False, issued_on=date(2026, 4, 10), due_on=date(2026, 5, 10)))
    settles(shop, "I2", shop.today - timedelta(days=55), is_sent=True)
    for days in (0, 30):
        account = later(shop, shop.today + timedelta(days=days)).account()
        plan = decide(account, Policy(base_currency="USD", delivery=Delivery(unsent="ask")), shop.today)
        assert [told.reason.rule for told in plan.decisions if told.invoice_id == "I1"] == ["never_sent"]


def test_who_never_got_a_bill_sent_had_none(shop: Shop) -> None:
    shop.reads(customer(), customer("C2"), invoice(is_sent=False))
    settles(shop, "I2", shop.today - timedelta(days=90), is_sent=False)
    shop.reads(invoice("I3", "C2", is_sent=True))
    assert not shop.account().had_bills_sent


@pytest.fixture
def remembered(shop: Shop) -> Shop:
    """Settled on 2025-01-02, a payment returned on 2025-09-01, and a promise for 2026-01-05, which was broken."""
    shop.reads(customer(), invoice())
    settles(shop, "I2", date(2025, 1, 2))
    shop.moves(returned.note, "C1", date(2025, 9, 1), "", shop.now, "user 1")
    earlier = later(shop, date(2026, 1, 2))
    with shop.database.begin() as session:
        Speaker(session, shop.id, earlier.now, "user 1").promise("I1", date(2026, 1, 5), None)
    return shop


def told(shop: Shop, on: date) -> tuple[int, int, int]:
    account = later(shop, on).account()
    return len(account.history), account.returned_payments, len(account.promises)


def test_the_first_thing_to_grow_old_names_the_day(remembered: Shop) -> None:
    shop, seen = remembered, []
    while (fades_on := shop.account().fades_on) is not None:
        seen.append((str(fades_on), told(shop, fades_on - timedelta(days=1)), told(shop, fades_on)))
        shop = later(shop, fades_on)
    assert seen == [
        ("2026-09-01", (1, 1, 1), (1, 0, 1)),
        ("2027-01-03", (1, 0, 1), (0, 0, 1)),
        ("2027-01-05", (0, 0, 1), (0, 0, 0)),
    ]


def test_a_hold_for_a_returned_payment_is_looked_at_when_that_is_a_year_ago(remembered: Shop) -> None:
    policy = Policy(base_currency="USD", credit=Credit(hold_returned_payments=1, hold_days_overdue=None))
    shop = later(remembered, date(2026, 8, 31))
    on_that_day = later(remembered, date(2026, 9, 1))
    assert "PlaceHold" in [type(action).__name__ for action in decide(shop.account(), policy, shop.today).actions]
    assert decide(shop.account(), policy, shop.today).look_again_on == on_that_day.today
    again = decide(on_that_day.account(), policy, on_that_day.today)
    assert "PlaceHold" not in [type(action).__name__ for action in again.actions]
