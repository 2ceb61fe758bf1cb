"""Time passing in the demo: the world lives on, and Dunwell runs at the very moments at which it would have.

The clock jumps from one due run to the next, so that each company is run in its own morning and not when a visitor
happens to press the button.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from connectors.pace import forget_paces
from store import claims

if TYPE_CHECKING:
    from dunwell.demo.stage import Stage

log = structlog.get_logger(__name__)

MOST_RUNS_A_DAY = 60
"""More would be a company that asks to be run again and again: the visitor's clock goes on all the same."""


class Passing:
    """Days that are passing: one request at a time moves the clock, in a thread of its own."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._guard, self._left = stage, threading.Lock(), 0

    @property
    def left(self) -> int:
        """Days still to live; 0 when the clock stands where it was wanted."""
        return self._left

    def begin(self, days: int) -> bool:
        """False where days are passing already."""
        with self._guard:
            if self._left:
                return False
            self._left = days
        threading.Thread(target=self._live, name="days", daemon=True).start()
        return True

    def _live(self) -> None:
        try:
            with self._stage.clockwork.held():
                while self._left:
                    self._live_a_day()
                    self._left -= 1
        except Exception:
            log.exception("the days stopped passing")
        finally:
            self._left = 0

    def _live_a_day(self) -> None:
        until = self._now() + timedelta(days=1)
        for _ in range(MOST_RUNS_A_DAY):
            due_at = self._next_due()
            if due_at is None or due_at > until:
                break
            self._live_until(due_at)
            self._stage.clockwork.tick()
            self._stage.clockwork.settle()
        self._live_until(until)

    def _live_until(self, at: datetime) -> None:
        self._stage.world.world.live_until(max(at, self._now()))
        forget_paces()  # the platforms' minutes have passed with ours

    def _next_due(self) -> datetime | None:
        with self._stage.house.database.read() as session:
            return claims.next_due_at(session)

    def _now(self) -> datetime:
        return self._stage.sandbox.clock.now()
