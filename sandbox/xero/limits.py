"""Xero's four rate limits, counted on the sandbox clock in fixed windows that begin at another moment per tenant."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.clock import SandboxClock
from sandbox.xero.apps import App
from sandbox.xero.errors import Throttled

_MINUTE, _DAY = 60, 86_400


@dataclass
class _Window:
    """Calls counted in one window; a call in the next one starts anew."""

    length: int
    phase: int
    number: int = -1
    used: int = 0

    def add(self, now: float) -> int:
        number = int(now - self.phase) // self.length
        if number != self.number:
            self.number, self.used = number, 0
        self.used += 1
        return self.used

    def seconds_left(self, now: float) -> int:
        return self.length - int(now - self.phase) % self.length


@dataclass
class Limits:
    """The counters of every app and tenant."""

    clock: SandboxClock
    _windows: dict[tuple[str, str, str], _Window] = field(default_factory=dict)
    _in_flight: dict[tuple[str, str], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def _window(self, kind: str, app_id: str, tenant_id: str, length: int) -> _Window:
        key = (kind, app_id, tenant_id)
        if key not in self._windows:
            phase = zlib.crc32(f"{app_id}/{tenant_id}".encode()) % length
            self._windows[key] = _Window(length, phase)
        return self._windows[key]

    def count(self, app: App, tenant_id: str) -> dict[str, str]:
        """Count one call. Returns the three headers of its answer; raises Throttled when it is one too many.

        Calls that are refused count too: who keeps calling stays limited.
        """
        now, limits = self.clock.now().timestamp(), app.switches
        with self._lock:
            minute = self._window("minute", app.client_id, tenant_id, _MINUTE)
            day = self._window("day", app.client_id, tenant_id, _DAY)
            app_minute = self._window("app", app.client_id, "", _MINUTE)
            counted = (
                ("minute", minute, limits.minute_limit),
                ("day", day, limits.day_limit),
                ("appminute", app_minute, limits.app_minute_limit),
            )
            left = {name: limit - window.add(now) for name, window, limit in counted}
            for name, window, _ in counted:
                if left[name] < 0:
                    raise Throttled(name, window.seconds_left(now))
        return {
            "X-MinLimit-Remaining": str(left["minute"]),
            "X-DayLimit-Remaining": str(left["day"]),
            "X-AppMinLimit-Remaining": str(left["appminute"]),
        }

    @contextmanager
    def in_flight(self, app: App, tenant_id: str) -> Iterator[None]:
        """Hold one of the concurrent places. Raises Throttled, without a time to wait, when all are taken."""
        key = (app.client_id, tenant_id)
        with self._lock:
            if self._in_flight.get(key, 0) >= app.switches.concurrent_limit:
                raise Throttled("concurrent", None)
            self._in_flight[key] = self._in_flight.get(key, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._in_flight[key] -= 1

    def busy(self, app_id: str, tenant_id: str) -> int:
        """How many calls are in flight."""
        with self._lock:
            return self._in_flight.get((app_id, tenant_id), 0)
