"""The sandbox's own clock. It ticks with real seconds from wherever it was last set, unless told to stand still."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Now, for everything in the sandbox: token lifetimes, limits, timestamps, webhook retries."""

    def __init__(self, at: datetime, *, ticking: bool = True) -> None:
        self._lock = threading.Lock()
        self._ticking = ticking
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

    def advance(self, by: timedelta) -> datetime:
        """Move the clock and return the new now."""
        self.set(self.now() + by)
        return self.now()
