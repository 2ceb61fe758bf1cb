"""A worker on the queue: an event loop in a thread of its own, which hands each job to a thread that runs it.

It outlives the database: while the server is away it tries again every few seconds.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from scheduler.dispatch import run_due
from scheduler.parts import Parts
from store.database import Database

log = structlog.get_logger(__name__)

QUEUE = "runs"
TASK = "run_company"
HEARTBEAT_SECONDS = 10.0
DEAD_AFTER_SECONDS = 60.0
"""A worker silent for so long is taken for dead."""
ABANDONED_AFTER_SECONDS = 30.0
"""From the start of a job to its company's lease is a moment: a job so old whose company nobody holds is nobody's."""
PAUSE_SECONDS = 5.0
"""Before the server is tried again."""


def conninfo(database: Database) -> str:
    """The database's address as PostgreSQL's own library reads it."""
    return database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


class QueueWorker:
    """Takes companies from the queue, `threads` at a time, until it is stopped."""

    def __init__(self, parts: Parts, threads: int) -> None:
        self._parts, self._threads = parts, threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="run")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="queue")
        self._working: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when no run is under way here any more. `parts.stopping` is set before, so that this is soon."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._cancel)
            self._thread.join()
        self._pool.shutdown(wait=True)

    def _cancel(self) -> None:
        if self._working:
            self._working.cancel()

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._working = self._loop.create_task(self._work_on())
        try:
            self._loop.run_until_complete(self._working)
        except asyncio.CancelledError:
            log.debug("the queue is left")
        finally:
            self._loop.close()

    async def _work_on(self) -> None:
        while not self._parts.stopping.is_set():
            try:
                await self._work()
            except Exception as error:
                log.warning("the queue is away", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _work(self) -> None:
        app = App(connector=PsycopgConnector(conninfo=conninfo(self._parts.database), min_size=1, max_size=4))

        async def run(company_id: int) -> None:
            await self._loop.run_in_executor(self._pool, run_due, self._parts, company_id)

        app.task(name=TASK, queue=QUEUE)(run)
        sweeping: asyncio.Task[None] | None = None
        try:
            await app.open_async()
            sweeping = asyncio.create_task(_sweep(app, self._parts))
            # Cancelling it, which is how we stop, lets the jobs under way come to their end.
            await app.run_worker_async(
                queues=[QUEUE],
                name=self._parts.worker,
                concurrency=self._threads,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
            )
        finally:
            if sweeping:
                sweeping.cancel()
                await asyncio.gather(sweeping, return_exceptions=True)
            # Also when it was stopped while still opening: the pool's own tasks are under way from its first moment.
            await app.close_async()


async def _sweep(app: App, parts: Parts) -> None:
    """Throw away, every so often, the jobs that nobody runs any more: each keeps its company out of the queue.

    Their worker died, or the database went away in the moment when it was to be told that the run is over.
    """
    while True:
        try:
            for job_id in await asyncio.to_thread(_abandoned, parts):
                await _throw_away(app, job_id)
        except (SQLAlchemyError, ConnectorException) as error:
            log.warning("the queue is away", error=type(error).__name__)
        await asyncio.sleep(HEARTBEAT_SECONDS)


def _abandoned(parts: Parts) -> list[int]:
    """Jobs said to be under way whose company has no lease that counts."""
    wanted = text(
        "SELECT job.id FROM procrastinate_jobs job JOIN company ON company.id = (job.args->>'company_id')::bigint"
        " WHERE job.queue_name = :queue AND job.status = 'doing'"
        " AND (company.claimed_by = '' OR company.lease_until <= :now) AND NOT EXISTS ("
        "SELECT FROM procrastinate_events event WHERE event.job_id = job.id AND event.type = 'started'"
        " AND event.at > now() - make_interval(secs => :seconds))"
    )
    values = {"queue": QUEUE, "now": parts.clock(), "seconds": ABANDONED_AFTER_SECONDS}
    with parts.database.read() as session:
        return list(session.connection().scalars(wanted, values))


async def _throw_away(app: App, job_id: int) -> None:
    try:
        await app.job_manager.finish_job_by_id_async(job_id, status=Status.FAILED, delete_job=True)
    except ConnectorException:
        log.debug("another worker was first", job=job_id)
    else:
        log.warning("a run was left behind by its worker", job=job_id)
