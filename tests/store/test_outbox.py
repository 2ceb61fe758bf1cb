"""The outbox: told in the transaction in which it happened, to whoever wants to know, until it is taken or given up."""

from __future__ import annotations

import json
from datetime import timedelta

from store import endpoints, ledger, outbox, tasks
from store.outbox import LEASE, WAITS, Outgoing
from store.secrets import SecretBox
from store.tables import WebhookMessage
from store.wishes import Speaker
from tests.store.books import Shop, customer, invoice

BOX = SecretBox(("a secret key for tests",))


def listens(shop: Shop, *kinds: str) -> None:
    with shop.database.begin() as session:
        endpoints.add(session, shop.id, BOX, "https://erp.example/in", kinds or outbox.KINDS, shop.now, "user 1")


def messages(shop: Shop) -> list[WebhookMessage]:
    """Oldest first."""
    with shop.database.read() as session:
        return endpoints.messages(session, shop.id, 1)[::-1]


def take(shop: Shop, after: timedelta = timedelta()) -> list[Outgoing]:
    with shop.database.begin() as session:
        return outbox.take(session, shop.now + after)


def fail(shop: Shop, message: Outgoing, *, is_gone: bool = False) -> None:
    with shop.database.begin() as session:
        outbox.not_delivered(session, message, "answered 500", shop.now, is_gone=is_gone)


def says_hold(shop: Shop, is_on: bool = True) -> None:
    with shop.database.begin() as session:
        Speaker(session, shop.id, shop.now, "user 1").hold("C1", is_on, shop.now.date())


def test_what_was_done_is_told_with_the_act(shop: Shop) -> None:
    listens(shop)
    shop.reads(customer(), invoice(), is_complete=True)
    shop.plans_reminder()
    assert shop.moves(ledger.claim, "remind-1", "worker", shop.now)
    assert shop.moves(ledger.done, "remind-1", "mail-7", shop.now)
    [message] = messages(shop)
    told = json.loads(message.body)
    assert (told["type"], told["id"], told["company"]["id"]) == ("action.done", message.event_id, "tenant-1")
    assert (told["data"]["key"], told["data"]["outcome"]) == ("remind-1", "mail-7")


def test_holds_are_told_and_only_what_was_asked_for(shop: Shop) -> None:
    listens(shop, "hold.placed")
    shop.reads(customer())
    says_hold(shop)
    says_hold(shop, is_on=False)
    assert [message.kind for message in messages(shop)] == ["hold.placed"]


def test_what_is_rolled_back_is_told_to_nobody(shop: Shop) -> None:
    listens(shop)
    shop.reads(customer())
    with shop.database.begin() as session:
        Speaker(session, shop.id, shop.now, "user 1").hold("C1", True, shop.now.date())
        session.rollback()
    assert messages(shop) == []


def test_a_message_is_given_to_one_worker_until_its_lease_is_over(shop: Shop) -> None:
    listens(shop)
    shop.reads(customer())
    says_hold(shop)
    assert len(take(shop)) == 1
    assert take(shop) == []
    assert len(take(shop, LEASE)) == 1


def test_a_message_taken_and_not_tried_comes_again_soon(shop: Shop) -> None:
    listens(shop)
    shop.reads(customer())
    says_hold(shop)
    [message] = take(shop)
    with shop.database.begin() as session:
        outbox.give_back(session, message, shop.now)
    assert len(take(shop, WAITS[0])) == 1


def test_it_is_tried_less_and_less_often_and_then_given_up_and_a_person_told(shop: Shop) -> None:
    listens(shop)
    shop.reads(customer())
    says_hold(shop)
    for wait in WAITS:
        [message] = take(shop, timedelta(days=9))
        fail(shop, message)
        assert messages(shop)[0].next_try_at == shop.now + wait
    [message] = take(shop, timedelta(days=9))
    fail(shop, message)
    assert (messages(shop)[0].state, messages(shop)[0].tries) == ("given_up", 11)
    with shop.database.read() as session:
        assert [task.kind for task in tasks.open_tasks(session, shop.id)] == ["webhook_off"]


def test_an_address_that_is_gone_is_told_nothing_more_until_it_is_switched_on(shop: Shop) -> None:
    listens(shop)
    shop.reads(customer())
    says_hold(shop)
    says_hold(shop, is_on=False)
    first, _ = take(shop)
    fail(shop, first, is_gone=True)
    says_hold(shop)
    assert [message.state for message in messages(shop)] == ["given_up", "waiting"]
    assert take(shop, timedelta(days=9)) == []
    with shop.database.begin() as session:
        assert endpoints.switch_on(session, shop.id, 1, shop.now, "user 1")
    assert len(take(shop)) == 1
    with shop.database.read() as session:
        assert tasks.open_tasks(session, shop.id) == []


def test_removing_an_address_forgets_what_it_was_told(shop: Shop) -> None:
    listens(shop)
    shop.reads(customer())
    says_hold(shop)
    with shop.database.begin() as session:
        assert endpoints.remove(session, shop.id, 1, shop.now, "user 1")
        assert not endpoints.remove(session, shop.id, 1, shop.now, "user 1")
    assert take(shop) == []


def test_what_is_long_over_is_thrown_away_and_what_waits_is_not(shop: Shop) -> None:
    listens(shop)
    shop.reads(customer())
    says_hold(shop)
    says_hold(shop, is_on=False)
    [first, _] = take(shop)
    with shop.database.begin() as session:
        outbox.delivered(session, first, "answered 200", shop.now)
        assert outbox.forget_old(session, shop.now + timedelta(days=31)) == 1
    assert [message.state for message in messages(shop)] == ["waiting"]
