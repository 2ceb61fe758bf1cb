"""Call budgets shared by every process: who asks gets a few calls at once; a platform's wish for quiet is everybody's.

Fits `connectors.ports.Budgets`. What was taken stays counted for a minute and for as long as a block of calls may lie
unused, so that no minute ever holds more calls than allowed, whoever makes them. A database that does not answer keeps
nobody from calling: each process minds its own pace as well, and the platform refuses what is too much.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from store.database import Database
from store.sql import insert_into, run, table_of
from store.tables import CallBudget

BUDGET = table_of(CallBudget)
_LOCK = select(BUDGET.c.taken, BUDGET.c.rest_until).where(BUDGET.c.name == bindparam("name")).with_for_update()
_USE = (
    update(BUDGET)
    .where(BUDGET.c.name == bindparam("budget"))
    .values(taken=bindparam("kept"), used_at=bindparam("now"), rest_until=None)
)
WINDOW = 60
LONGEST_REST = timedelta(hours=24)
FORGET_AFTER = timedelta(days=2)

log = structlog.get_logger(__name__)


class StoredBudgets:
    """All budgets of the installation. Safe between threads and processes; one short transaction for each question."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def take(self, name: str, per_minute: int, wanted: int, good_for: int, unused: int = 0) -> tuple[int, float]:
        """See the port."""
        try:
            with self._database.begin() as session:
                row = _Row(session, name, WINDOW + good_for, self._clock())
                return row.take(per_minute, wanted, unused)
        except SQLAlchemyError as error:
            log.warning("a call budget cannot be asked", budget=name, error=type(error).__name__)
            return wanted, 0.0

    def rest(self, name: str, seconds: float) -> None:
        """Nobody gets a call for so long. A shorter rest never shortens a longer one."""
        until = self._clock() + min(timedelta(seconds=seconds), LONGEST_REST)
        try:
            with self._database.begin() as session:
                _locked(session, name, self._clock())
                longer = BUDGET.c.rest_until.is_(None) | (BUDGET.c.rest_until < until)
                run(session, BUDGET.update().where(BUDGET.c.name == name, longer).values(rest_until=until))
        except SQLAlchemyError as error:
            log.warning("a call budget cannot be told to rest", budget=name, error=type(error).__name__)


def forget_old(session: Session, now: datetime) -> int:
    """Drop budgets that nobody has used for two days; returns how many."""
    return run(session, BUDGET.delete().where(BUDGET.c.used_at < now - FORGET_AFTER))


class _Row:
    """One budget's row, ours alone until the transaction ends."""

    def __init__(self, session: Session, name: str, window: int, now: datetime) -> None:
        self._session, self._name, self._window, self._now = session, name, window, now
        taken, self._rest_until = _locked(session, name, now)
        second = int(now.timestamp())
        # A clock that was set back must not keep a company waiting for what lies in the future.
        self._recent = {at: count for at, count in taken if second - window < at <= second + window}

    def take(self, per_minute: int, wanted: int, unused: int) -> tuple[int, float]:
        self._give_back(unused)
        if self._rest_until and timedelta(0) < self._rest_until - self._now <= LONGEST_REST:
            return 0, (self._rest_until - self._now).total_seconds()
        free = per_minute - sum(self._recent.values())
        if free <= 0:
            return 0, max(1.0, min(self._recent) + self._window - self._now.timestamp())
        granted, second = min(wanted, free), int(self._now.timestamp())
        self._recent[second] = self._recent.get(second, 0) + granted
        kept = json.dumps(sorted(self._recent.items()))
        run(self._session, _USE, budget=self._name, kept=kept, now=self._now)
        return granted, 0.0

    def _give_back(self, unused: int) -> None:
        """Off the oldest calls: these are forgotten first, so that no call is ever forgotten too early."""
        for second in sorted(self._recent):
            spared = min(unused, self._recent[second])
            self._recent[second] -= spared
            unused -= spared
        self._recent = {second: count for second, count in self._recent.items() if count}


def _locked(session: Session, name: str, now: datetime) -> tuple[list[tuple[int, int]], datetime | None]:
    """The row, made where there is none, and kept from everybody else until the transaction ends."""
    row = session.connection().execute(_LOCK, {"name": name}).first()
    if row is None:
        run(session, insert_into(session, BUDGET).values(name=name, taken="[]", used_at=now).on_conflict_do_nothing())
        row = session.connection().execute(_LOCK, {"name": name}).one()
    return [(at, count) for at, count in json.loads(row.taken)], row.rest_until
