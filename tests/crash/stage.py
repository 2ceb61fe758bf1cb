"""A stage: one sandbox for hundreds of cases, each with books of its own, its own addresses and a fresh database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from connectors.pace import forget_paces
from sandbox.company import SandboxCompany
from scheduler.lease import LEASE
from scheduler.parts import Parts
from scheduler.report import Report
from scheduler.run import run_company
from scheduler.settling import MAIL_PAUSE
from store.tables import Company
from tests.crash.points import Killed, Watch, watching
from tests.joining import join
from tests.trial import START, Trial

AFTER_THE_LEASE = max(LEASE, MAIL_PAUSE) + timedelta(minutes=1)
UNTIL_QUIET = 8
"""Runs after a disturbance: more than any of them needs."""


@dataclass
class Case:
    """One company on the stage, from its first invoice to the end of the trouble."""

    stage: Stage
    trial: Trial
    parts: Parts
    number: int
    platform: str
    books: SandboxCompany
    company_id: int = 0

    @property
    def domain(self) -> str:
        return f"case{self.number}.example"

    @property
    def now(self) -> datetime:
        return self.trial.sandbox.clock.now()

    def customer(self, name: str = "ap", *, has_address: bool = True) -> str:
        return self.books.add_customer(f"{name} of {self.domain}", f"{name}@{self.domain}" if has_address else "")

    def rows(self, table: type[Any], **wanted: object) -> list[Any]:
        with self.parts.database.read() as session:
            return list(session.exec(select(table).filter_by(**wanted)))

    def mails(self) -> list[Any]:
        """What reached this case's customers, oldest first."""
        found = list(self.trial.sandbox.mailbox.mails)
        return [mail for mail in found if any(to.endswith(f"@{self.domain}") for to in mail.recipients)]

    def let_pass(self, span: timedelta) -> None:
        self.trial.sandbox.clock.advance(span)
        forget_paces()

    def run(self, worker: str = "first") -> Report:
        return run_company(replace(self.parts, worker=worker), self.company_id)

    def run_watched(self, watch: Watch, worker: str = "first") -> Report | None:
        """None where the run died, or could not even say how it ended. Its connections are gone with it."""
        with watching(watch, self.parts.database):
            try:
                return self.run(worker)
            except (Killed, OperationalError):
                return None
            finally:
                self.stage.close_connections()

    def settle(self) -> None:
        """Run until nothing waits any more: the first time once a dead run's lease is over."""
        self.let_pass(AFTER_THE_LEASE)
        for turn in range(UNTIL_QUIET):
            self._reconnect_if_asked()
            report = self.run(f"after {turn}")
            if report.status == "ok" and not report.performed and not report.cancelled:
                return
            self.let_pass(AFTER_THE_LEASE)
        raise AssertionError(f"it does not come to rest: {report.as_dict()}")

    def _reconnect_if_asked(self) -> None:
        """What QuickBooks Online answers to a refresh exists only there until we keep it: dying in between costs the
        consent. The owner is told, and connects again."""
        [company] = self.rows(Company)
        if company.status == "reconnect_needed":
            self.join(company.mode)

    def join(self, mode: str) -> None:
        parts = self.parts
        self.company_id = join(self.trial.sandbox, parts.database, parts.box, self.platform, self.books, mode)


Prepare = Callable[[Case], None]
"""Brings a case to the moment before the run that is to be disturbed."""


class Stage:
    """Makes cases, one at a time. Cheap: a copied file and a few objects."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._database = trial.house.database
        # The web app would take deliveries in threads of its own, which do not die with a run.
        for quickbooks in trial.sandbox.quickbooks.apps.values():
            quickbooks.webhook_url = ""
        for xero in trial.sandbox.xero.apps.values():
            xero.webhook_url = ""
        self._database.dispose()
        self._empty = Path(str(self._database.engine.url.database))
        self._file = self._empty.with_name("case0.db")
        self._numbers = count(1)
        self.open_connections: list[sqlite3.Connection] = []
        event.listen(self._database.engine, "do_connect", self._connect)

    def open(
        self,
        platform: str,
        prepare: Prepare,
        *,
        at: datetime = START,
        mode: str = "automatic",
        time_zone: str = "Europe/London",
    ) -> Case:
        """A new case in the place of the one before."""
        number = next(self._numbers)
        sandbox = self._trial.sandbox
        sandbox.clock.set(at)
        sandbox.faults.clear()
        sandbox.mailbox.mails.clear()
        forget_paces()
        self._empty_the_database(number)
        books = getattr(sandbox, platform).create_company(f"Case {number}", "GB", "GBP", time_zone)
        case = Case(self, self._trial, self._trial.house.parts, number, platform, books)
        case.join(mode)
        prepare(case)
        return case

    def _connect(self, _dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> Any:
        """The engine stays, and leads to the present case's file: what it has compiled is most of a case's cost."""
        connection = sqlite3.connect(self._file, check_same_thread=False)
        self.open_connections.append(connection)
        return connection

    def _empty_the_database(self, number: int) -> None:
        self.close_connections()
        for file in self._empty.parent.glob(f"{self._file.name}*"):
            file.unlink()
        self._file = self._empty.with_name(f"case{number}.db")
        shutil.copyfile(self._empty, self._file)

    def close_connections(self) -> None:
        """As the system does for a process that died, whatever they were in the middle of."""
        self._database.dispose()
        while self.open_connections:
            self.open_connections.pop().close()
