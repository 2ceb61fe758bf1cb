"""Webhooks out: signed bodies that the platforms queue, delivered in order per address, again and again until heard.

Knows nothing of what is in a body. Bodies, signatures and the retry ladder come from the platform; delivery happens on
the sandbox clock, so that a day of retries passes when the clock is moved by a day. Trouble on request, by fault name,
with method POST and the address as path: `webhook_drop`, `webhook_duplicate`, `webhook_swap`, `webhook_forge`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import urllib3

from sandbox.clock import SandboxClock
from sandbox.faults import Faults

QUICKBOOKS_LADDER = tuple(timedelta(seconds=s) for s in (10, 20, 30, 300, 1200, 7200, 14400, 21600, 21600, 21600))
"""Waits between deliveries. Source: Intuit, webhooks, "about 10 s, 20 s, 30 s, 5 min, 20 min, 2 h, 4 h, 6 h"."""

XERO_LADDER = (timedelta(0), *(timedelta(minutes=15),) * 96)
"""At once, then every quarter of an hour for a day. Source: Xero, webhooks, retry behaviour."""


@dataclass
class Delivery:
    """One body on its way to one address."""

    number: int
    url: str
    body: bytes
    headers: Mapping[str, str]
    queued_at: datetime
    next_at: datetime
    ladder: Sequence[timedelta]
    timeout: float
    """Seconds in which the address must answer."""
    attempts: int = 0
    status: int | None = None
    """The last answer's code; None where there was none in time."""


@dataclass
class Webhooks:
    """What waits and what was delivered. A body behind a failing one of the same address waits with it."""

    clock: SandboxClock
    faults: Faults = field(default_factory=Faults)
    sent: list[Delivery] = field(default_factory=list)
    """Delivered, oldest first: answered with 2xx in time."""
    waiting: list[Delivery] = field(default_factory=list)
    """Not delivered yet, oldest first."""
    disabled: set[str] = field(default_factory=set)
    """Addresses that failed to the end of the ladder. What waits for them is kept until `enable`."""

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._is_paused = False
        self._is_busy = False
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._count = 0
        self._http = urllib3.PoolManager(retries=False)
        self.clock.on_set(self._wake)

    def queue(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        ladder: Sequence[timedelta] = QUICKBOOKS_LADDER,
        timeout: float = 3.0,
    ) -> int:
        """Have `body` delivered to `url` by POST. Returns the delivery's number."""
        now = self.clock.now()
        with self._changed:
            self._count += 1
            self.waiting.append(Delivery(self._count, url, body, dict(headers), now, now, ladder, timeout))
            self._changed.notify_all()
            return self._count

    def redeliver(self, number: int) -> int:
        """Send a delivered body once more, byte for byte. Raises KeyError for a number never delivered."""
        for delivery in self.sent:
            if delivery.number == number:
                return self.queue(
                    delivery.url, delivery.body, delivery.headers, ladder=delivery.ladder, timeout=delivery.timeout
                )
        raise KeyError(number)

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def pause(self) -> None:
        """Deliver nothing until `resume`; what is queued meanwhile is kept."""
        self._is_paused = True

    def resume(self) -> None:
        self._is_paused = False
        self._wake()

    def enable(self, url: str) -> None:
        """Deliver to a disabled address again: what was kept for it goes out now, in order."""
        now = self.clock.now()
        with self._changed:
            self.disabled.discard(url)
            for delivery in self.waiting:
                if delivery.url == url:
                    delivery.next_at, delivery.attempts = now, 0
            self._changed.notify_all()

    def settle(self, timeout: float = 30.0) -> bool:
        """Wait, in real seconds, until nothing more can be delivered at the clock's now. False when time ran out."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._is_busy and self._next_due() is None, timeout)

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._wake()
        if self._thread is not None:
            self._thread.join(timeout=10)
        self._http.clear()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._changed:
                delivery = self._next_due()
                if delivery is None:
                    self._changed.notify_all()
                    self._changed.wait(self._seconds_to_next())
                    continue
                self._is_busy = True
            self._deliver(delivery)
            with self._changed:
                self._is_busy = False

    def _heads(self) -> dict[str, Delivery]:
        """The first body waiting for each address that is not switched off."""
        heads: dict[str, Delivery] = {}
        for delivery in self.waiting:
            if delivery.url not in self.disabled:
                heads.setdefault(delivery.url, delivery)
        return heads

    def _next_due(self) -> Delivery | None:
        if self._is_paused or self._stopping.is_set():
            return None
        now = self.clock.now()
        return next((head for head in self._heads().values() if head.next_at <= now), None)

    def _seconds_to_next(self) -> float | None:
        if self._is_paused:
            return None
        now = self.clock.now()
        waits = [(head.next_at - now).total_seconds() for head in self._heads().values()]
        # A standing clock never gets there by itself: look again now and then, not in a loop.
        return max(min(waits), 0.05) if waits else None

    def _deliver(self, delivery: Delivery) -> None:
        delivery = self._swapped(delivery)
        if self.faults.take("POST", delivery.url, "webhook_drop"):
            self._remove(delivery)
            return
        delivery.attempts += 1
        headers = delivery.headers
        if self.faults.take("POST", delivery.url, "webhook_forge"):
            # Somebody else's body: right shape, wrong key.
            headers = {k: _forged(v) if "signature" in k.lower() else v for k, v in headers.items()}
            self._post(replace(delivery, headers=headers))
        delivery.status = self._post(delivery)
        if delivery.status is None or not 200 <= delivery.status < 300:
            self._fail(delivery)
            return
        if self.faults.take("POST", delivery.url, "webhook_duplicate"):
            self._post(delivery)
        self._remove(delivery)
        self.sent.append(delivery)

    def _swapped(self, delivery: Delivery) -> Delivery:
        """The body behind this one instead, where a `webhook_swap` is waiting and there is one."""
        behind = [other for other in self.waiting if other.url == delivery.url and other is not delivery]
        if behind and self.faults.take("POST", delivery.url, "webhook_swap"):
            return behind[0]
        return delivery

    def _fail(self, delivery: Delivery) -> None:
        if delivery.attempts > len(delivery.ladder):
            self.disabled.add(delivery.url)
            return
        delivery.next_at = self.clock.now() + delivery.ladder[delivery.attempts - 1]

    def _remove(self, delivery: Delivery) -> None:
        with self._changed:
            self.waiting.remove(delivery)

    def _post(self, delivery: Delivery) -> int | None:
        try:
            answer = self._http.request(
                "POST",
                delivery.url,
                body=delivery.body,
                headers=dict(delivery.headers),
                timeout=urllib3.Timeout(total=delivery.timeout),
                redirect=False,
            )
        except urllib3.exceptions.HTTPError:
            return None
        return answer.status


def _forged(signature: str) -> str:
    return ("A" if signature[:1] != "A" else "B") + signature[1:]
