"""Clockwork: when companies run. Every few seconds it asks the store which are due and hands them to a dispatcher.

APScheduler is the clock and nothing more: what is due stands in the store, and a run claims its company only while it
is due, so two clocks, or two machines, never run it twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from scheduler import metrics
from scheduler.dispatch import Dispatcher
from scheduler.parts import Parts
from scheduler.report import Report, blank_report
from scheduler.run import run_company
from scheduler.upkeep import Chore
from store import claims, companies
from store.tables import Company

TICK = timedelta(seconds=10)
"""One small query. Whoever has just connected a company, or pressed a button, will not wait a minute to see it move."""
PATIENCE = timedelta(minutes=2)
"""A clock that has not ticked for so long stands still: its database is away, or its process is choked."""


class Clockwork:
    """Ticks, and does its chores, until it is stopped. `tick` is real time between two looks for due companies."""

    def __init__(
        self, parts: Parts, dispatcher: Dispatcher, chores: Sequence[Chore] = (), *, tick: timedelta = TICK
    ) -> None:
        self._parts, self._dispatcher, self._chores, self._tick_every = parts, dispatcher, chores, tick
        self._clock = BackgroundScheduler(timezone="UTC")
        self._ticked_at = float("-inf")

    def start(self) -> None:
        self._dispatcher.start()
        self._every(self._tick_every, self.tick, "tick")
        for chore in self._chores:
            self._every(chore.every, chore.work, chore.name)
        self._clock.start()

    def stop(self) -> None:
        """Begin nothing new; runs under way here stop between two steps."""
        self._clock.shutdown(wait=True)
        self._dispatcher.stop()

    @contextmanager
    def held(self) -> Iterator[None]:
        """No run begins by itself within the block, and none is under way: for whoever moves the clock."""
        self._clock.pause()
        try:
            self._dispatcher.settle()
            yield
        finally:
            self._clock.resume()

    def tick(self) -> int:
        """Hand over every company that is due; returns how many were not on their way already."""
        now = self._parts.clock()
        with self._parts.database.read() as session:
            due = claims.due_companies(session, now)
        new = self._dispatcher.hand_over(due)
        self._ticked_at = time.monotonic()
        metrics.LAST_TICK.set(now.timestamp())
        metrics.QUEUE_DEPTH.set(self._dispatcher.waiting())
        return new

    def _every(self, span: timedelta, work: Callable[[], object], name: str) -> None:
        # The first time at once: what is due once a day would never be done by a process that is restarted every hour.
        self._clock.add_job(
            work,
            "interval",
            seconds=span.total_seconds(),
            next_run_time=datetime.now(UTC),
            name=name,
            max_instances=1,
            coalesce=True,
        )

    def settle(self) -> None:
        """Wait until nothing that was handed over waits or runs."""
        self._dispatcher.settle()

    def is_ticking(self) -> bool:
        """Whether the clock has looked for work lately, and could: what readiness rests on."""
        return time.monotonic() - self._ticked_at < PATIENCE.total_seconds()


def run_all(parts: Parts, *, only: int | None = None, dry_run: bool = False) -> list[Report]:
    """Run every connected company once, one after another, due or not: `dunwell cycle`.

    Raises LookupError for a company that is not there.
    """
    with parts.database.read() as session:
        wanted = [companies.get(session, only)] if only is not None else companies.wanted(session)
    return [_run_or_say_why_not(parts, company, dry_run=dry_run) for company in wanted]


def _run_or_say_why_not(parts: Parts, company: Company, *, dry_run: bool) -> Report:
    if company.status == "connected":
        return run_company(parts, company.stored_id, dry_run=dry_run)
    report = blank_report(company)
    report.worsen("reconnect_needed", company.status_detail or "the company is not connected")
    return report
