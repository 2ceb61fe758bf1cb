"""Workers as real processes on one PostgreSQL: killed, stopped, cut off. Nothing twice, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from sandbox.faults import Fault
from scheduler.lease import LEASE
from store import companies
from store.tables import Company, Run
from tests.postgres.server import Server
from tests.scheduler.test_kill import wait_until as wait_for
from tests.trial import Trial, a_trial, environment, overdue_invoice

pytestmark = pytest.mark.timeout(400)
Process = subprocess.Popen[bytes]
INVOICES = "(?i)/api.xro/2.0/invoices"


def wait_until(is_so: Callable[[], bool]) -> None:
    """A process takes seconds to load, and many times that on a machine that does a lot else."""
    wait_for(is_so, seconds=170)


@pytest.fixture
def trial(server: Server, tmp_path: Path) -> Iterator[Trial]:
    with server.migrated_database() as url, a_trial(tmp_path, database_url=url) as trial:
        yield trial


@pytest.fixture
def start(trial: Trial) -> Iterator[Callable[[], Process]]:
    """Starts `dunwell worker`, on the trial's time as it is then; kills what is left in the end."""
    with ExitStack() as stack:

        def begin() -> Process:
            command = [sys.executable, "-m", "dunwell", "--log-level", "ERROR", "worker", "--threads", "2"]
            process = subprocess.Popen(command, env=os.environ | environment(trial))
            stack.callback(process.wait, 20)
            stack.callback(process.kill)
            return process

        yield begin


@pytest.fixture
def company(trial: Trial) -> int:
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=12)
    return trial.connect("xero", books)


def runs(trial: Trial) -> list[str]:
    return [row.status for row in sorted(trial.rows(Run), key=lambda row: row.id)]


def queued(trial: Trial) -> int:
    with trial.house.database.read() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one())


def let_jobs_age(trial: Trial) -> None:
    """The queue counts by the server's own clock, which no test can move."""
    with trial.house.database.begin() as session:
        session.connection().execute(text("UPDATE procrastinate_events SET at = at - interval '2 min'"))


def test_a_killed_workers_company_is_taken_up_by_another_when_its_lease_is_over(
    trial: Trial, start: Callable[[], Process], company: int
) -> None:
    trial.sandbox.faults.add(Fault("slow", "GET", INVOICES, args={"seconds": 20}))
    first = start()
    wait_until(lambda: bool(trial.sandbox.faults.struck))
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=10)
    trial.sandbox.faults.clear()
    trial.let_pass(seconds=(LEASE + timedelta(seconds=1)).total_seconds())
    let_jobs_age(trial)
    start()
    wait_until(lambda: runs(trial) == ["failed", "ok"])
    assert len(trial.mails()) == 1


def test_a_worker_told_to_stop_leaves_its_company_free(
    trial: Trial, start: Callable[[], Process], company: int
) -> None:
    trial.sandbox.faults.add(Fault("slow", "GET", INVOICES, args={"seconds": 2}))
    process = start()
    wait_until(lambda: bool(trial.sandbox.faults.struck))
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert runs(trial) == ["partial"]
    [row] = trial.rows(Company)
    assert (row.claimed_by, trial.mails()) == ("", [])


def test_three_workers_share_what_is_due_and_run_each_company_once(trial: Trial, start: Callable[[], Process]) -> None:
    for number in range(6):
        books = trial.open_company("xero", f"Company {number}")
        overdue_invoice(books, trial.today, days=12, email=f"ap@customer{number}.example")
        trial.connect("xero", books)
    for _ in range(3):
        start()
    wait_until(lambda: runs(trial) == ["ok"] * 6)
    assert sorted(mail.recipients for mail in trial.mails()) == [(f"ap@customer{n}.example",) for n in range(6)]


def test_a_run_whose_end_the_queue_was_never_told_of_keeps_no_company_waiting(
    trial: Trial, start: Callable[[], Process], company: int
) -> None:
    """the server went away between the release of the lease and the queue's own entry"""
    start()
    wait_until(lambda: runs(trial) == ["ok"] and not queued(trial))
    with trial.house.database.begin() as session:
        workers = session.connection().execute(text("SELECT id FROM procrastinate_workers")).scalar_one()
        left = (
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
            " VALUES ('runs', 'run_company', :name, :name, CAST(:args AS jsonb), 'doing', :worker)"
        )
        args = json.dumps({"company_id": company})
        values = {"name": f"company {company}", "args": args, "worker": workers}
        session.connection().execute(text(left), values)
        companies.bring_forward(session, company, trial.sandbox.clock.now())
    let_jobs_age(trial)
    wait_until(lambda: runs(trial) == ["ok", "ok"])


def test_a_worker_outlives_the_database_going_away_for_a_moment(
    trial: Trial, start: Callable[[], Process], company: int
) -> None:
    start()
    wait_until(lambda: runs(trial) == ["ok"])
    with trial.house.database.begin() as session:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        session.connection().execute(text(f"{others} AND datname = current_database()"))
    trial.house.database.dispose()
    with trial.house.database.begin() as session:
        companies.bring_forward(session, company, trial.sandbox.clock.now())
    wait_until(lambda: runs(trial) == ["ok", "ok"])
