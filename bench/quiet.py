"""A quiet night: a whole run over a store full of open invoices of which none is due.

Nothing was touched, and no account's day to be looked at has come: what is measured is what a night costs that has
nothing to do, from the claim to the report, with books that answer at once and have nothing new.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from sqlalchemy import Table
from sqlmodel import SQLModel

from bench.accounts import TODAY, made_up_accounts
from bench.fleet_parts import now, parts
from scheduler.parts import Parts
from scheduler.run import run_company
from store import companies
from store.bulk import insert_many
from store.database import Database
from store.sql import table_of
from store.tables import AccountState, Customer, Invoice

AT_ONCE = 5000


def quiet_night(customers: int) -> float:
    """Seconds from the claim to the report, with five open invoices to a customer. The best of three nights."""
    with _quiet_company(customers) as (worker, company_id):
        return min(_night(worker, company_id) for _ in range(3))


def quiet_run(customers: int = 20) -> float:
    """Processor seconds of a run of a small company, which a fleet of them costs most of: the best of a hundred."""
    with _quiet_company(customers) as (worker, company_id):
        return min(_processor(worker, company_id) for _ in range(100))


@contextmanager
def _quiet_company(customers: int) -> Iterator[tuple[Parts, int]]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'quiet.db'}"
        company_id = _fill(url, customers)
        # What a run logs belongs beside the figures, not among them.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        worker = parts(url, "bench", latency=0, changed=0)
        try:
            yield worker, company_id
        finally:
            worker.database.dispose()


def _processor(worker: Parts, company_id: int) -> float:
    started = time.process_time()
    run_company(worker, company_id)
    return time.process_time() - started


def _night(worker: Parts, company_id: int) -> float:
    started = time.perf_counter()
    report = run_company(worker, company_id)
    seconds = time.perf_counter() - started
    if report.status != "ok" or report.decided:
        raise AssertionError(f"{report.status} {report.detail} {report.decided}: the night was not quiet")
    return seconds


def _fill(url: str, customers: int) -> int:
    database = Database(url)
    database.upgrade()
    with database.begin() as session:
        company = companies.connect(
            session, platform="xero", external_id="quiet", name="Quiet", mode="observe", now=now()
        )
        company_id = company.stored_id
    later = now().date() + timedelta(days=30)
    people = _blank(Customer(company_id=company_id, id="", name=""))
    states = _blank(AccountState(company_id=company_id, customer_id="", is_touched=False, look_again_on=later))
    owed = _blank(
        Invoice(
            company_id=company_id, id="", customer_id="", status="open", issued_on=TODAY, due_on=later, currency="NZD"
        )
    )
    names = [f"C-{number}" for number in range(customers)]
    _write(database, table_of(Customer), (people | {"id": name, "name": name} for name in names))
    _write(database, table_of(AccountState), (states | {"customer_id": name} for name in names))
    _write(database, table_of(Invoice), (owed | row for row in _invoices(customers)))
    database.dispose()
    return company_id


def _invoices(customers: int) -> Iterator[dict[str, Any]]:
    for account in made_up_accounts(customers, is_steady=True):
        for invoice in account.invoices:
            minor = invoice.balance.minor
            yield {
                "id": invoice.id,
                "customer_id": account.customer_id,
                "number": invoice.number,
                "total": minor,
                "balance": minor,
                "stated_balance": minor,
            }


def _blank(row: SQLModel) -> dict[str, Any]:
    return row.model_dump()


def _write(database: Database, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    iterator = iter(rows)
    while some := [dict(row) for row in islice(iterator, AT_ONCE)]:
        with database.begin() as session:
            insert_many(session, table, some)
