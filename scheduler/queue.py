"""The queue: companies to be run, taken by any number of workers, on PostgreSQL.

Procrastinate keeps it, in tables of its own beside ours. A company waits in it at most once (`queueing_lock`) and is
run by one worker at a time (`lock`). A job is a nudge that may be dropped at any time (see `scheduler.dispatch`), so
jobs are never repeated and never kept: what a dead worker left is thrown away, and comes again after its lease.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from sqlalchemy import text

from scheduler.parts import Parts
from scheduler.queue_schema import prepare
from scheduler.queue_worker import QUEUE, TASK, QueueWorker, conninfo
from store.sql import chunks

POLL_SECONDS = 0.1
BATCH = 500


class Queue:
    """Hands companies over to workers, and is one itself with `threads` above 0."""

    def __init__(self, parts: Parts, *, threads: int = 0) -> None:
        self._parts = parts
        self._door = App(connector=SyncPsycopgConnector(conninfo=conninfo(parts.database), min_size=1, max_size=2))
        self._worker = QueueWorker(parts, threads) if threads else None

    def start(self) -> None:
        prepare(self._parts.database)
        self._door.open()
        if self._worker:
            self._worker.start()

    def hand_over(self, company_ids: Sequence[int]) -> int:
        there = self._companies("todo", "doing")
        new = [_job(company_id) for company_id in company_ids if company_id not in there]
        return sum(self._enqueue(some) for some in chunks(new, BATCH))

    def waiting(self) -> int:
        return len(self._companies("todo"))

    def settle(self) -> None:
        while self._companies("todo", "doing"):
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        self._parts.stopping.set()
        if self._worker:
            self._worker.stop()
        self._door.close()

    def _enqueue(self, some: list[Job]) -> int:
        try:
            return len(self._door.job_manager.batch_defer_jobs(some))
        except AlreadyEnqueued:
            # Another clock was first with at least one of them, and a batch goes in whole or not at all.
            return 0 if len(some) == 1 else sum(self._enqueue([job]) for job in some)

    def _companies(self, *states: str) -> set[int]:
        wanted = text(
            "SELECT (args->>'company_id')::bigint FROM procrastinate_jobs"
            " WHERE queue_name = :queue AND status::text = ANY(:states)"
        )
        with self._parts.database.read() as session:
            return set(session.connection().scalars(wanted, {"queue": QUEUE, "states": list(states)}))


def _job(company_id: int) -> Job:
    name = f"company {company_id}"
    return Job(queue=QUEUE, task_name=TASK, lock=name, queueing_lock=name, task_kwargs={"company_id": company_id})
