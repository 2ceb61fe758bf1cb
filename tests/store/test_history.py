"""History: what is stored comes back as pasts that the engine can walk through."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.backtest import replay
from engine.books import DocumentStatus, InvoiceStatus
from engine.money import Money
from engine.past import Past
from engine.policy import Budget, Calendar, Policy
from store import history
from tests.store.books import Shop, applied, credit, customer, invoice, payment

SINCE = date(2026, 1, 1)
TODAY = date(2026, 3, 2)
EVERY_DAY = Policy(
    calendar=Calendar(weekdays=(0, 1, 2, 3, 4, 5, 6)),
    budget=Budget(messages=50, per_days=1, minimum_gap_days=0),
    base_currency="USD",
)


def past_of(shop: Shop, customer_id: str = "C1") -> Past:
    with shop.database.read() as session:
        names = history.customers_with_history(session, shop.id, SINCE)
        found = {one.account.customer_id: one for one in history.pasts(session, shop.id, names, TODAY, SINCE)}
    return found[customer_id]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_payment_is_known_from_the_day_it_was_last_changed(shop: Shop) -> None:
    """paid on 25 February, entered on the 27th"""
    shop.reads(customer(), invoice(), payment(updated_at=at("2026-02-27T09:00")), applied("P1", "I1", 4_000))
    [receipt] = past_of(shop).receipts
    assert (receipt.paid_on, receipt.known_on) == (date(2026, 2, 25), date(2026, 2, 27))
    assert [(use.invoice_id, use.amount) for use in receipt.uses] == [("I1", Money(4_000, "USD"))]


def test_a_payment_corrected_months_later_counts_from_its_own_day(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment(updated_at=at("2026-06-27T09:00")), applied("P1", "I1", 4_000))
    assert past_of(shop).receipts[0].known_on == date(2026, 2, 25)


def test_a_credit_is_no_payment(shop: Shop) -> None:
    shop.reads(customer(), invoice(), credit(), applied("N1", "I1", 3_000, kind="credit_note"))
    assert [receipt.is_payment for receipt in past_of(shop).receipts] == [False]


def test_a_deposit_on_the_invoice_came_on_its_day(shop: Shop) -> None:
    shop.reads(customer(), invoice(paid_at_issue=2_500, stated_balance=7_500))
    [receipt] = past_of(shop).receipts
    assert (receipt.paid_on, receipt.uses[0].amount) == (date(2026, 1, 22), Money(2_500, "USD"))


def test_a_parent_that_pays_for_a_job_pays_in_the_jobs_past(shop: Shop) -> None:
    """100.00 of the job's, paid out of 150.00 that the parent sent: 50.00 stays with the parent"""
    shop.reads(customer("C1"), customer("C2", parent_id="C1"), invoice(), invoice("I2", "C2"))
    shop.reads(payment(total=15_000, unapplied=5_000), applied("P1", "I2", 10_000))
    [job], [parent] = past_of(shop, "C2").receipts, past_of(shop, "C1").receipts
    assert (job.left.minor, [use.invoice_id for use in job.uses]) == (0, ["I2"])
    assert (parent.left.minor, parent.uses) == (5_000, ())


def test_money_taken_back_never_came(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment(status=DocumentStatus.VOIDED, unapplied=4_000))
    assert past_of(shop).receipts == ()


def test_long_settled_customers_are_not_looked_at(shop: Shop) -> None:
    old = date(2025, 3, 1)
    gone = invoice(status=InvoiceStatus.PAID, stated_balance=0, issued_on=old, due_on=old, settled_on=old)
    shop.reads(customer(), gone)
    with shop.database.read() as session:
        assert history.customers_with_history(session, shop.id, SINCE) == []


def test_a_stored_year_is_replayed_as_it_happened(shop: Shop) -> None:
    """due 21 February, step 2 three days later; 40.00 of 100.00 came on the 25th, entered on the 27th"""
    shop.reads(customer(), invoice(), payment(updated_at=at("2026-02-27T09:00")), applied("P1", "I1", 4_000))
    would = list(replay([past_of(shop)], EVERY_DAY, SINCE, date(2026, 3, 5)))
    assert [(one.on.isoformat(), one.step, one.amounts[0].minor) for one in would] == [
        ("2026-02-18", 1, 10_000),
        ("2026-02-24", 2, 10_000),
        ("2026-03-03", 3, 6_000),
    ]
