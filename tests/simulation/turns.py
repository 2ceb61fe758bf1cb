"""Turns: several workers as real threads of which one goes at a time, so that a seed plays out the same way again.

A thread hands its turn on only where it holds nothing that another might wait for: before it opens a writing
transaction, before a call to a platform, and before a word to the mail server. Budgets, and where to sign in, are asked
for under a lock of theirs, so no turn ends there. Who goes next, and who dies, is drawn from the seed.
"""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from urllib3.connectionpool import HTTPConnectionPool

from connectors.quickbooks.oauth import Discovery
from store.budgets import StoredBudgets
from store.database import Database
from tests.crash.points import Killed

PATIENCE = 120.0
"""Real seconds for one turn; longer means that a thread waits for something while it holds the turn."""


@dataclass
class _Worker:
    """One thread. `go` is set while it has the turn."""

    work: Callable[[], None]
    go: threading.Event = field(default_factory=threading.Event)
    is_over: bool = False
    is_dead: bool = False
    failed: BaseException | None = None


class Turns:
    """Lets workers run side by side, one step at a time. `death` is each step's chance to be a worker's last."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.death = 0.0
        self.deaths = 0
        self._workers: list[_Worker] = []
        self._here = threading.local()
        self._idle = threading.Event()

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """Run all to their end. Raises what one of them raised, save being killed."""
        self._workers = [_Worker(work) for work in works]
        self._idle.clear()
        threads = [threading.Thread(target=self._live, args=(worker,)) for worker in self._workers]
        for thread in threads:
            thread.start()
        self._pass_on()
        if not self._idle.wait(PATIENCE * 5):
            raise TimeoutError("the workers wait for each other")
        for thread in threads:
            thread.join()
        for worker in self._workers:
            if worker.failed is not None:
                raise worker.failed

    def step(self) -> None:
        """A point at which the turn may go to another worker, and at which this one may die."""
        worker: _Worker | None = getattr(self._here, "worker", None)
        if worker is None:
            return
        if worker.is_dead:
            raise Killed
        if getattr(self._here, "keeps_turn", False):
            return
        if self._rng.random() < self.death:
            worker.is_dead = True
            self.deaths += 1
            raise Killed
        worker.go.clear()
        self._pass_on()
        if not worker.go.wait(PATIENCE):
            raise TimeoutError("a turn never came back")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Within it this thread keeps its turn: it holds a lock that another may wait for."""
        self._here.keeps_turn = True
        try:
            yield
        finally:
            self._here.keeps_turn = False

    def cannot_write(self) -> None:
        """A dead worker's clean-up must not reach the database."""
        worker: _Worker | None = getattr(self._here, "worker", None)
        if worker is not None and worker.is_dead:
            raise Killed

    def _live(self, worker: _Worker) -> None:
        self._here.worker = worker
        worker.go.wait()
        try:
            worker.work()
        except Killed:
            pass
        except BaseException as error:  # handed to whoever started the workers
            worker.failed = error
        finally:
            worker.is_over = True
            self._pass_on()

    def _pass_on(self) -> None:
        waiting = [worker for worker in self._workers if not worker.is_over]
        if waiting:
            self._rng.choice(waiting).go.set()
        else:
            self._idle.set()


@contextmanager
def watched(turns: Turns, database: Database) -> Iterator[None]:
    """Have every worker pass through `turns.step` at its points."""

    def before(original: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*arguments: Any, **named: Any) -> Any:
            turns.step()
            return original(*arguments, **named)

        return stepping

    def whole(original: Callable[..., Any]) -> Callable[..., Any]:
        def keeping(*arguments: Any, **named: Any) -> Any:
            with turns.kept():
                return original(*arguments, **named)

        return keeping

    def execute(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            turns.step()
        else:
            turns.cannot_write()

    def commit(_connection: object) -> None:
        turns.cannot_write()

    with ExitStack() as stack:
        for name, listener in (("before_cursor_execute", execute), ("commit", commit)):
            event.listen(database.engine, name, listener)
            stack.callback(event.remove, database.engine, name, listener)
        stack.enter_context(patch.object(HTTPConnectionPool, "urlopen", before(HTTPConnectionPool.urlopen)))
        stack.enter_context(patch.object(Discovery, "endpoints", whole(Discovery.endpoints)))
        stack.enter_context(patch.object(StoredBudgets, "take", whole(StoredBudgets.take)))
        stack.enter_context(patch.object(StoredBudgets, "rest", whole(StoredBudgets.rest)))
        stack.enter_context(patch.object(smtplib.SMTP, "send", before(smtplib.SMTP.send)))
        yield
