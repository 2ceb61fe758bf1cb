"""Dispatch: who runs a company that is due. A thread of this process, or whichever worker takes it from the queue.

To be handed over is a nudge and no more. What is due stands in the store, and a run begins by claiming its company: a
nudge that is lost comes again with the next tick, and one too many finds nothing to do.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import structlog

from scheduler.parts import Parts
from scheduler.run import run_company

log = structlog.get_logger(__name__)

THREADS = 4
"""Runs at once in one process: most of a run is waiting for a platform to answer."""


class Dispatcher(Protocol):
    """Sees to it that companies handed over are run, each once at a time, the first first."""

    def start(self) -> None: ...

    def hand_over(self, company_ids: Sequence[int]) -> int:
        """Returns how many are new: a company that waits or runs already is passed over."""
        ...

    def waiting(self) -> int:
        """Companies handed over that nobody has begun to run."""
        ...

    def settle(self) -> None:
        """Wait until nothing that was handed over waits or runs any more."""
        ...

    def stop(self) -> None:
        """Begin nothing new. Runs under way here stop between two steps, and their companies are free again."""
        ...


class Pool:
    """Runs companies in threads of this process: all that one machine needs."""

    def __init__(self, parts: Parts, threads: int = THREADS) -> None:
        self._parts = parts
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="run")
        self._waiting: set[int] = set()
        self._running: set[int] = set()
        self._changed = threading.Condition()

    def start(self) -> None:
        """Threads start with the first company."""

    def hand_over(self, company_ids: Sequence[int]) -> int:
        with self._changed:
            new = [one for one in company_ids if one not in self._waiting and one not in self._running]
            self._waiting.update(new)
        for company_id in new:
            self._threads.submit(self._run, company_id)
        return len(new)

    def waiting(self) -> int:
        with self._changed:
            return len(self._waiting)

    def settle(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._running)

    def stop(self) -> None:
        self._parts.stopping.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, company_id: int) -> None:
        with self._changed:
            self._waiting.discard(company_id)
            self._running.add(company_id)
        try:
            run_due(self._parts, company_id)
        finally:
            with self._changed:
                self._running.discard(company_id)
                self._changed.notify_all()


def run_due(parts: Parts, company_id: int) -> None:
    """Run a company if it is still due. Never raises: what goes wrong is logged, and the next tick tries again."""
    try:
        run_company(parts, company_id, only_if_due=True)
    except Exception:
        # Only the store itself can fail here: a full disk, a locked file, a server that is away.
        log.exception("could not run company", company=company_id)


def dispatcher(parts: Parts, *, works: bool, threads: int = THREADS) -> Dispatcher:
    """The dispatcher that fits the database: threads on SQLite, the queue on PostgreSQL.

    On PostgreSQL a process that does not work itself only hands over.
    """
    if not parts.database.is_postgresql:
        return Pool(parts, threads)
    from scheduler.queue import Queue

    return Queue(parts, threads=threads if works else 0)
