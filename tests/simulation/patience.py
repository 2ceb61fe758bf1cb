"""Waiting that takes no time: who is asked for twenty seconds' quiet lets them pass, and nobody lives through them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from connectors import pace


class Seconds:
    """A count of seconds that only waiting moves on. One thread has the turn at a time, so it needs no lock."""

    def __init__(self) -> None:
        self._passed = 0.0

    def now(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        self._passed += seconds


@contextmanager
def unhurried() -> Iterator[None]:
    """Within it our own pace towards the platforms counts such seconds. A life is then the same on any machine."""
    seconds = Seconds()
    paced = partial(pace.Pace, clock=seconds.now, sleep=seconds.sleep)
    shared = partial(pace.Share, clock=seconds.now)
    with patch.object(pace, "Pace", paced), patch.object(pace, "Share", shared):
        yield
