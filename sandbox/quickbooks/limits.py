"""How much may be asked of a realm: per second, per minute, at once and per month, on the sandbox's clock."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sandbox.quickbooks import answers
from sandbox.quickbooks.settings import Switches

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Limits:
    """One realm's budget, shared by all apps. A refused call counts for nothing."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._lock = threading.Lock()
        self._requests: deque[datetime] = deque()
        self._batches: deque[datetime] = deque()
        self._running = 0
        self.reads: Counter[str] = Counter()
        """CorePlus calls by month, as `2026-03`: reads that succeeded."""

    @contextmanager
    def request(self, now: datetime, *, is_batch: bool) -> Iterator[None]:
        """Hold one of the realm's places for as long as a request runs. Raises 3001 when there is none."""
        with self._lock:
            self._check(now, is_batch=is_batch)
            self._requests.append(now)
            if is_batch:
                self._batches.append(now)
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def _check(self, now: datetime, *, is_batch: bool) -> None:
        switches = self._switches
        for seen in (self._requests, self._batches):
            while seen and not now - MINUTE < seen[0] <= now:
                seen.popleft()
        in_last_second = sum(1 for at in self._requests if at > now - SECOND) if switches.requests_a_second else 0
        is_full = (
            _is_reached(len(self._requests), switches.requests_a_minute)
            or _is_reached(in_last_second, switches.requests_a_second)
            or _is_reached(self._running, switches.concurrent)
            or (is_batch and _is_reached(len(self._batches), switches.batches_a_minute))
        )
        if is_full:
            raise answers.throttled()

    def check_reads(self, now: datetime) -> None:
        """Raises 3001 when the month's reads are used up."""
        if _is_reached(self.reads[f"{now:%Y-%m}"], self._switches.reads_a_month):
            raise answers.throttled()

    def count_read(self, now: datetime) -> None:
        self.reads[f"{now:%Y-%m}"] += 1


def _is_reached(count: int, limit: int | None) -> bool:
    return limit is not None and count >= limit
