"""Waiting that takes no time: who is asked for twenty seconds' quiet lets them pass, and nobody lives through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from connectors import pace


def no_time() -> float:
    return 0.0


class Seconds:
    """`clock`, and every wait added to it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self.waited = clock, 0.0

    def now(self) -> float:
        return self._clock() + self.waited

    def sleep(self, seconds: float) -> None:
        self.waited += seconds


@contextmanager
def unhurried(clock: Callable[[], float] = no_time) -> Iterator[Seconds]:
    """Within it our own pace towards the platforms counts such seconds.

    By a clock that stands still only waiting takes time: a life is then the same on any machine.
    """
    seconds = Seconds(clock)
    paced = partial(pace.Pace, clock=seconds.now, sleep=seconds.sleep)
    shared = partial(pace.Share, clock=seconds.now)
    with patch.object(pace, "Pace", paced), patch.object(pace, "Share", shared):
        yield seconds
