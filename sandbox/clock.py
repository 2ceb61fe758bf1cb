"""The sandbox's own clock. It ticks with real seconds from wherever it was last set, unless told to stand still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Now, for everything in the sandbox: token lifetimes, limits, timestamps, webhook retries."""

    def __init__(self, at: datetime, *, ticking: bool = True) -> None:
        self._lock = threading.Lock()
        self._ticking = ticking
        self._listeners: list[Callable[[], None]] = []
        self.set(at)

    def now(self) -> datetime:
        """An aware UTC instant."""
        with self._lock:
            passed = time.monotonic() - self._since if self._ticking else 0.0
            return self._at + timedelta(seconds=passed)

    def set(self, at: datetime) -> None:
        """Raises ValueError for an instant without a zone."""
        if at.tzinfo is None:
            raise ValueError(f"{at!r} has no time zone: expected an aware instant")
        with self._lock:
            self._at, self._since = at.astimezone(UTC), time.monotonic()
        for call in self._listeners:
            call()

    def advance(self, by: timedelta) -> datetime:
        """Move the clock and return the new now."""
        self.set(self.now() + by)
        return self.now()

    def on_set(self, call: Callable[[], None]) -> None:
        """Have `call` made whenever the clock is moved by hand: what waits for an hour must look again."""
        self._listeners.append(call)

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Stand still for a while, so that what is done at a set instant is stamped with exactly that instant."""
        was_ticking, self._ticking = self._ticking, False
        try:
            yield
        finally:
            with self._lock:
                self._since, self._ticking = time.monotonic(), was_ticking
