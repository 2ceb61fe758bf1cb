"""The control API's time and trouble: the clock, the faults, and webhooks held back or sent again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from sandbox.control import bodies
from sandbox.control.asking import Add, AskedWronglyError, body
from sandbox.control.views import delivery_as_json
from sandbox.faults import Fault

if TYPE_CHECKING:
    from sandbox.server import Sandbox


def clock(sandbox: Sandbox, add: Add) -> None:
    def tell() -> object:
        return {"now": sandbox.clock.now().isoformat()}

    def move() -> object:
        asked = body(bodies.MoveClock)
        now = sandbox.clock.now()
        by = timedelta(minutes=asked.minutes, hours=asked.hours, days=asked.days, weeks=asked.weeks)
        to = (asked.at or now) + by
        if to.tzinfo is None:
            raise AskedWronglyError("expected `at` with a zone, such as 2026-03-11T21:30:00Z")
        if sandbox.world is None or asked.jump:
            sandbox.clock.set(to)
        elif to < now:
            raise AskedWronglyError(f"the world cannot live back from {now.isoformat()} to {to.isoformat()}")
        else:
            sandbox.world.live_until(to)
        return tell()

    add("GET", "/clock", tell)
    add("POST", "/clock", move)


def faults(sandbox: Sandbox, add: Add) -> None:
    def tell() -> object:
        waiting = [asdict(fault) for fault in sandbox.faults.waiting]
        return {"waiting": waiting, "struck": sandbox.faults.struck}

    def put() -> object:
        asked = body(bodies.NewFault)
        sandbox.faults.add(Fault(**msgspec.structs.asdict(asked)))
        return tell()

    def clear() -> object:
        sandbox.faults.clear()
        return tell()

    add("GET", "/faults", tell)
    add("POST", "/faults", put)
    add("DELETE", "/faults", clear)


def webhooks(sandbox: Sandbox, add: Add) -> None:
    hooks = sandbox.webhooks

    def tell() -> object:
        return {
            "paused": hooks.is_paused,
            "sent": [delivery_as_json(delivery) for delivery in hooks.sent],
            "waiting": [delivery_as_json(delivery) for delivery in hooks.waiting],
            "disabled": sorted(hooks.disabled),
        }

    def pause() -> object:
        hooks.pause()
        return tell()

    def resume() -> object:
        hooks.resume()
        return tell()

    def redeliver(number: int) -> object:
        try:
            return {"number": hooks.redeliver(number)}
        except KeyError:
            raise AskedWronglyError(f"no delivery with number {number} was made") from None

    def enable() -> object:
        hooks.enable(body(bodies.Url).url)
        return tell()

    add("GET", "/webhooks", tell)
    add("POST", "/webhooks/pause", pause)
    add("POST", "/webhooks/resume", resume)
    add("POST", "/webhooks/enable", enable)
    add("POST", "/webhooks/<int:number>/redeliver", redeliver)
