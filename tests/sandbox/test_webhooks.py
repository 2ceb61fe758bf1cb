"""Webhooks: in order per address, again until heard, and every disorder that a receiver must survive."""

from __future__ import annotations

from datetime import timedelta

from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.webhooks import XERO_LADDER
from tests.sandbox.conftest import Listener

SIGNED = {"Content-Type": "application/json", "x-xero-signature": "c2lnbmVk"}


def queue(sandbox: Sandbox, listener: Listener, *bodies: bytes) -> None:
    """Queue all at once, so that none is gone before the next is there."""
    sandbox.webhooks.pause()
    for body in bodies:
        sandbox.webhooks.queue(listener.url, body, SIGNED)
    sandbox.webhooks.resume()
    assert sandbox.webhooks.settle()


def test_bodies_arrive_in_order_with_their_signature(sandbox: Sandbox, listener: Listener) -> None:
    queue(sandbox, listener, b"1", b"2", b"3")
    assert listener.bodies == [b"1", b"2", b"3"]
    assert listener.heard[0][1]["x-xero-signature"] == "c2lnbmVk"
    assert [delivery.body for delivery in sandbox.webhooks.sent] == [b"1", b"2", b"3"]


def test_a_refused_body_comes_again_later_and_holds_back_what_is_behind(sandbox: Sandbox, listener: Listener) -> None:
    listener.statuses = [500]
    queue(sandbox, listener, b"1", b"2")
    assert listener.bodies == [b"1"]
    sandbox.clock.advance(timedelta(seconds=11))
    assert sandbox.webhooks.settle()
    assert listener.bodies == [b"1", b"1", b"2"]


def test_a_failing_address_does_not_hold_back_another(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.webhooks.queue("http://localhost:9/nobody", b"1", SIGNED)
    queue(sandbox, listener, b"2")
    assert listener.bodies == [b"2"]
    assert [delivery.body for delivery in sandbox.webhooks.waiting] == [b"1"]


def test_an_address_that_fails_for_a_day_is_switched_off_and_loses_nothing(
    sandbox: Sandbox, listener: Listener
) -> None:
    listener.statuses = [500] * 200
    sandbox.webhooks.queue(listener.url, b"1", SIGNED, ladder=XERO_LADDER, timeout=5.0)
    assert sandbox.webhooks.settle()
    for _ in range(97):
        sandbox.clock.advance(timedelta(minutes=15, seconds=1))
        assert sandbox.webhooks.settle()
    assert sandbox.webhooks.disabled == {listener.url}
    told = len(listener.heard)
    assert told == 98
    listener.statuses.clear()
    sandbox.webhooks.enable(listener.url)
    assert sandbox.webhooks.settle()
    assert (len(listener.heard), sandbox.webhooks.waiting) == (told + 1, [])


def test_nothing_goes_out_while_paused(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.webhooks.pause()
    sandbox.webhooks.queue(listener.url, b"1", SIGNED)
    assert sandbox.webhooks.settle()
    assert listener.bodies == []
    sandbox.webhooks.resume()
    assert sandbox.webhooks.settle()
    assert listener.bodies == [b"1"]


def test_a_duplicate_is_the_same_byte_for_byte(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.faults.add(Fault("webhook_duplicate"))
    queue(sandbox, listener, b"1", b"2")
    assert listener.bodies == [b"1", b"1", b"2"]
    assert listener.heard[0] == listener.heard[1]


def test_two_bodies_can_swap_places(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.faults.add(Fault("webhook_swap"))
    queue(sandbox, listener, b"1", b"2", b"3")
    assert listener.bodies == [b"2", b"1", b"3"]


def test_a_dropped_body_never_arrives(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.faults.add(Fault("webhook_drop"))
    queue(sandbox, listener, b"1", b"2")
    assert listener.bodies == [b"2"]


def test_a_forgery_comes_beside_the_true_one_with_another_signature(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.faults.add(Fault("webhook_forge"))
    queue(sandbox, listener, b"1")
    signatures = [headers["x-xero-signature"] for _, headers in listener.heard]
    assert (len(signatures), signatures[0] != SIGNED["x-xero-signature"], signatures[1]) == (
        2,
        True,
        SIGNED["x-xero-signature"],
    )


def test_a_delivery_can_be_asked_for_again(sandbox: Sandbox, listener: Listener) -> None:
    queue(sandbox, listener, b"1", b"2")
    sandbox.webhooks.redeliver(sandbox.webhooks.sent[0].number)
    assert sandbox.webhooks.settle()
    assert listener.bodies == [b"1", b"2", b"1"]
