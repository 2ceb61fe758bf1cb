"""The pulse of the installation: counts that metrics and readiness rest on."""

from __future__ import annotations

from datetime import timedelta

from store import claims, companies, ledger, webhooks
from store.pulse import Pulse, pulse
from tests.store.books import Shop, customer, invoice

LEASE = timedelta(minutes=10)


def beat(shop: Shop, after: timedelta = timedelta()) -> Pulse:
    with shop.database.read() as session:
        return pulse(session, shop.now + after)


def test_companies_are_counted_by_platform_and_status(shop: Shop, neighbour: Shop) -> None:
    with shop.database.begin() as session:
        companies.mark_reconnect_needed(session, neighbour.id, "gone", shop.now)
    assert beat(shop).companies == {("xero", "connected"): 1, ("xero", "reconnect_needed"): 1}


def test_open_acts_are_counted_and_those_that_are_over_are_not(shop: Shop) -> None:
    shop.reads(customer(), invoice(), is_complete=True)
    shop.plans_reminder()
    assert beat(shop).acts == {("remind", "approved"): 1, ("note", "approved"): 1}
    shop.sends()
    assert beat(shop).acts == {("note", "approved"): 1}
    shop.moves(ledger.claim, "note-remind-1", "worker", shop.now)
    shop.moves(ledger.hold, "note-remind-1", "no answer", shop.now)
    assert beat(shop).acts == {("note", "held"): 1}


def test_the_lag_is_that_of_the_company_that_waits_longest(shop: Shop, neighbour: Shop) -> None:
    with shop.database.begin() as session:
        companies.bring_forward(session, neighbour.id, shop.now - timedelta(minutes=5))
    assert beat(shop, timedelta(minutes=5)).lag_seconds == 600


def test_a_company_that_is_being_run_does_not_wait(shop: Shop) -> None:
    shop.moves(claims.claim, "one", shop.now, LEASE)
    assert beat(shop, timedelta(minutes=5)).lag_seconds == 0


def test_a_company_whose_worker_died_waits_from_the_end_of_its_lease(shop: Shop) -> None:
    """all workers are gone, and each had a company under way: nothing else would tell"""
    shop.moves(claims.claim, "one", shop.now, LEASE)
    assert beat(shop, LEASE + timedelta(hours=2)).lag_seconds == 7200


def test_a_day_without_reading_is_stale(shop: Shop, neighbour: Shop) -> None:
    shop.reads(customer(), is_complete=True)
    assert beat(shop, timedelta(hours=24)).stale == 0
    assert beat(shop, timedelta(hours=25)).stale == 2
    shop.now += timedelta(hours=12)
    shop.reads(customer(), cursor="2", is_complete=True)
    assert beat(shop, timedelta(hours=13)).stale == 1


def test_the_last_webhook_is_known(shop: Shop) -> None:
    assert beat(shop).last_webhook_at is None
    with shop.database.begin() as session:
        webhooks.receive(session, "xero", b"{}", ["tenant-1"], shop.now)
    assert beat(shop).last_webhook_at == shop.now
