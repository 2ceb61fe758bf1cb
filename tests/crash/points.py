"""Points: the places at which a run can die or be refused, in the order in which it comes past them.

A point is one commit, one call to a platform, or one word to the mail server and its answer. `Watch` counts them and
may stop the run at one: from then on the run can neither read nor write nor speak, as a dead process cannot.
"""

from __future__ import annotations

import smtplib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from urllib3.connectionpool import HTTPConnectionPool

from store.database import Database


class Killed(BaseException):
    """The process died here. Nothing in the product catches it."""


@dataclass
class Watch:
    """Counts the points of one run. Dies before point number `stop_at`; at `meddle_at` it does `meddle` first.

    `full_at` numbers the commit that finds the disk full, `locked_at` the writing transaction that finds the database
    locked.
    """

    stop_at: int | None = None
    meddle_at: int | None = None
    meddle: Callable[[], object] = lambda: None
    full_at: int | None = None
    locked_at: int | None = None
    seen: list[str] = field(default_factory=list)
    is_dead: bool = False
    commits: int = 0
    begins: int = 0

    def come_to(self, what: str) -> None:
        if self.is_dead:
            raise Killed
        if len(self.seen) == self.stop_at:
            self.is_dead = True
            raise Killed(what)
        if len(self.seen) == self.meddle_at:
            self.meddle()
        self.seen.append(what)

    def commit(self, _connection: object) -> None:
        self.come_to("commit")
        self.commits += 1
        if self.commits - 1 == self.full_at:
            raise _refused("COMMIT", "database or disk is full")

    def execute(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if self.is_dead:
            raise Killed
        if statement == "BEGIN IMMEDIATE":
            self.begins += 1
            if self.begins - 1 == self.locked_at:
                raise _refused(statement, "database is locked")


def _refused(statement: str, why: str) -> OperationalError:
    return OperationalError(statement, {}, sqlite3.OperationalError(why))


@contextmanager
def watching(watch: Watch, database: Database) -> Iterator[Watch]:
    """Count, and stop, what the calling thread does with this database, the platforms and the mail server."""
    mine = threading.get_ident()

    def at(what: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            if threading.get_ident() == mine:
                watch.come_to(what)
            return original(*arguments, **named)

        return watched

    listeners: list[tuple[str, Any]] = [("commit", watch.commit), ("before_cursor_execute", watch.execute)]
    with ExitStack() as stack:
        for name, listener in listeners:
            event.listen(database.engine, name, listener)
            stack.callback(event.remove, database.engine, name, listener)
        stack.enter_context(patch.object(HTTPConnectionPool, "urlopen", at("call", HTTPConnectionPool.urlopen)))
        stack.enter_context(patch.object(smtplib.SMTP, "send", at("mail: say", smtplib.SMTP.send)))
        stack.enter_context(patch.object(smtplib.SMTP, "getreply", at("mail: hear", smtplib.SMTP.getreply)))
        yield watch
