"""Jobs: reckoning that takes longer than a page may, done in the background and kept for those who ask again.

In memory, for this process: a job that is lost with it is simply begun anew. Jobs only read.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from typing import Any, cast

import structlog
from flask import current_app

logger = structlog.get_logger(__name__)

AT_ONCE = 2
KEPT = 48
"""Results kept: a page that is opened again finds its own."""
PATIENCE = 0.5
"""Seconds that the page which begins a job waits: small books are done by then, and no progress need be shown."""

Tell = Callable[[int, int], None]


class Job:
    """One piece of reckoning. `done` of `total` customers have been looked at; `result` is there once it is over."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self.future: Future[Any] = Future()

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    @property
    def is_over(self) -> bool:
        return self.future.done()

    @property
    def has_failed(self) -> bool:
        return self.is_over and self.future.exception() is not None

    @property
    def result(self) -> Any:
        """What was reckoned; None while it is under way, and when it failed."""
        return None if not self.is_over or self.has_failed else self.future.result()


class Jobs:
    """Every job of this process, by its key: whoever asks for the same thing gets the same job."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="jobs")
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, key: Hashable, work: Callable[[Tell], Any]) -> Job:
        """The job of that key; where nobody has asked for it it is begun, and waited for a moment. A failed one counts
        as not asked for."""
        with self._lock:
            job = self._jobs.get(key)
            is_new = job is None or job.has_failed
            if job is None or is_new:
                job = self._jobs[key] = Job()
                self._pool.submit(_run, job, work)
            self._jobs.move_to_end(key)
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        if is_new:
            with suppress(NotYet):
                job.future.exception(timeout=PATIENCE)
        return job

    def close(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._pool.shutdown(cancel_futures=True)


def _run(job: Job, work: Callable[[Tell], Any]) -> None:
    try:
        job.future.set_result(work(job.tell))
    except Exception as error:
        # The page says that it could not be made; the log says what went wrong, without anything from the books.
        logger.error("job failed", error=type(error).__name__)
        job.future.set_exception(error)


def jobs() -> Jobs:
    """Those of the running app."""
    return cast(Jobs, current_app.extensions["dunwell_jobs"])
