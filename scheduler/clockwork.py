"""Clockwork: who runs when. One tick a minute asks the store which companies are due and hands them to a thread pool.

APScheduler is the clock and nothing more: what is due stands in the store, and a company is claimed before it is run,
so two clocks, or two machines, never run it twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler import metrics
from scheduler.parts import Parts
from scheduler.report import Report, blank_report
from scheduler.run import run_company
from store import claims, companies
from store.tables import Company

log = structlog.get_logger(__name__)

TICK = timedelta(minutes=1)
THREADS = 4


class Clockwork:
    """Runs due companies until it is stopped. Stopping lets the runs under way come to their end."""

    def __init__(self, parts: Parts, *, tick: timedelta = TICK, threads: int = THREADS) -> None:
        self._parts, self._tick_every = parts, tick
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="run")
        self._clock = BackgroundScheduler(timezone="UTC")
        self._busy: set[int] = set()
        self._guard = threading.Lock()
        self.last_tick_at: datetime | None = None

    def start(self) -> None:
        self._clock.add_job(
            self.tick, "interval", seconds=self._tick_every.total_seconds(), max_instances=1, coalesce=True
        )
        self._clock.start()
        self.tick()

    def stop(self) -> None:
        self._clock.shutdown(wait=True)
        self._pool.shutdown(wait=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """No run begins by itself within the block, and none is under way: for whoever moves the clock."""
        self._clock.pause()
        try:
            while self._busy:
                time.sleep(0.02)
            yield
        finally:
            self._clock.resume()

    def tick(self) -> list[Future[Report]]:
        """Start a run for every company that is due and not already running here."""
        now = self._parts.clock()
        with self._parts.database.read() as session:
            due = claims.due_companies(session, now)
        started = [self._pool.submit(self._run, company_id) for company_id in due if self._take(company_id)]
        self.last_tick_at = now
        metrics.LAST_TICK.set(now.timestamp())
        return started

    def is_ticking(self) -> bool:
        """Whether the clock has looked for work lately: what readiness rests on."""
        return self.last_tick_at is not None and self._clock.running

    def _take(self, company_id: int) -> bool:
        with self._guard:
            if company_id in self._busy:
                return False
            self._busy.add(company_id)
            return True

    def _run(self, company_id: int) -> Report:
        try:
            return run_company(self._parts, company_id)
        except Exception:
            # Only the store itself can fail here (a full disk, a locked file): the next tick tries again.
            log.exception("could not run company", company=company_id)
            raise
        finally:
            with self._guard:
                self._busy.discard(company_id)


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
