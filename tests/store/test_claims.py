"""Which company runs now, and who runs it."""

from __future__ import annotations

from datetime import datetime, timedelta

from store import claims, companies
from tests.store.books import Shop

LEASE = timedelta(minutes=10)
TONIGHT = timedelta(hours=12)


def due(shop: Shop, after: timedelta = timedelta()) -> list[int]:
    with shop.database.read() as session:
        return claims.due_companies(session, shop.now + after)


def takes(shop: Shop, worker: str = "one", after: timedelta = timedelta()) -> bool:
    return shop.moves(claims.claim, worker, shop.now + after, LEASE)


def next_run(shop: Shop) -> datetime | None:
    with shop.database.read() as session:
        return companies.get(session, shop.id).next_run_at


def test_a_new_company_is_due_at_once(shop: Shop) -> None:
    assert due(shop) == [shop.id]


def test_a_company_is_taken_by_one_worker(shop: Shop) -> None:
    assert takes(shop, "one")
    assert not takes(shop, "two")
    assert due(shop) == []


def test_given_back_it_rests_until_its_next_run(shop: Shop) -> None:
    takes(shop)
    assert shop.moves(claims.release, "one", shop.now + TONIGHT)
    assert due(shop) == []
    assert due(shop, TONIGHT) == [shop.id]


def test_a_company_not_due_can_be_run_on_demand(shop: Shop) -> None:
    takes(shop)
    shop.moves(claims.release, "one", shop.now + TONIGHT)
    assert takes(shop, "two")


def test_the_company_of_a_dead_worker_is_taken_up_again(shop: Shop) -> None:
    takes(shop)
    assert due(shop, LEASE) == [shop.id]
    assert takes(shop, "two", LEASE)


def test_a_heartbeat_keeps_the_company(shop: Shop) -> None:
    takes(shop)
    assert shop.moves(claims.heartbeat, "one", shop.now + timedelta(minutes=9), LEASE)
    assert due(shop, LEASE) == []


def test_a_worker_that_slept_too_long_has_lost_it(shop: Shop) -> None:
    takes(shop)
    takes(shop, "two", LEASE)
    assert not shop.moves(claims.heartbeat, "one", shop.now + LEASE, LEASE)
    assert not shop.moves(claims.release, "one", shop.now + TONIGHT)
    assert due(shop, LEASE) == []


def test_a_lease_that_ran_out_cannot_be_moved_on(shop: Shop) -> None:
    takes(shop)
    assert not shop.moves(claims.heartbeat, "one", shop.now + LEASE, LEASE)


def test_news_during_a_run_bring_the_next_one_forward(shop: Shop) -> None:
    takes(shop)
    with shop.database.begin() as session:
        companies.bring_forward(session, shop.id, shop.now + timedelta(minutes=1))
    shop.moves(claims.release, "one", shop.now + TONIGHT)
    assert next_run(shop) == shop.now + timedelta(minutes=1)


def test_bringing_forward_never_puts_off(shop: Shop) -> None:
    with shop.database.begin() as session:
        companies.bring_forward(session, shop.id, shop.now + TONIGHT)
    assert next_run(shop) == shop.now


def test_a_company_that_must_be_connected_again_is_not_run(shop: Shop) -> None:
    with shop.database.begin() as session:
        companies.mark_reconnect_needed(session, shop.id, "consent is gone", shop.now)
    assert due(shop) == []
    assert not takes(shop)


def test_one_that_is_disconnected_during_its_run_is_not_due_after_it(shop: Shop) -> None:
    takes(shop)
    with shop.database.begin() as session:
        companies.disconnect(session, shop.id, "the owner left", shop.now)
    shop.moves(claims.release, "one", shop.now)
    assert (due(shop), next_run(shop)) == ([], None)


def test_the_longest_overdue_comes_first(shop: Shop, neighbour: Shop) -> None:
    takes(shop)
    shop.moves(claims.release, "one", shop.now + timedelta(hours=1))
    assert due(shop, TONIGHT) == [neighbour.id, shop.id]


def test_the_next_due_moment_is_that_of_a_company_nobody_holds(shop: Shop) -> None:
    takes(shop)
    shop.moves(claims.release, "one", shop.now + TONIGHT)
    with shop.database.read() as session:
        assert claims.next_due_at(session) == shop.now + TONIGHT
    takes(shop)
    with shop.database.read() as session:
        assert claims.next_due_at(session) is None
