"""Companies handed over are run, once at a time, whoever runs them: threads on SQLite, the queue on PostgreSQL."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from sandbox.faults import Fault
from scheduler.clockwork import Clockwork
from scheduler.dispatch import Dispatcher, dispatcher
from scheduler.parts import Parts
from store import companies
from store.tables import Run
from tests.scheduler.test_kill import wait_until
from tests.trial import Trial, overdue_invoice

Start = Callable[..., Dispatcher]


def worker(trial: Trial, name: str) -> Parts:
    """Parts of another process: the same installation under a name of its own."""
    return dataclasses.replace(trial.house.parts, worker=name, stopping=type(trial.house.parts.stopping)())


@pytest.fixture
def start(trial: Trial) -> Iterator[Start]:
    """Starts dispatchers that work, and stops them in the end."""
    with ExitStack() as stack:

        def begin(name: str = "one", threads: int = 2) -> Dispatcher:
            made = dispatcher(worker(trial, name), works=True, threads=threads)
            made.start()
            stack.callback(made.stop)
            return made

        yield begin


@pytest.fixture
def company(trial: Trial) -> int:
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=12)
    return trial.connect("xero", books)


def runs(trial: Trial, company_id: int) -> list[str]:
    return [row.status for row in sorted(trial.rows(Run, company_id=company_id), key=lambda row: row.id)]


def test_a_company_handed_over_is_run(trial: Trial, start: Start, company: int) -> None:
    hands = start()
    assert hands.hand_over([company]) == 1
    hands.settle()
    assert (runs(trial, company), hands.waiting()) == (["ok"], 0)
    assert len(trial.mails()) == 1


def test_handed_over_again_while_it_runs_it_is_passed_over(trial: Trial, start: Start, company: int) -> None:
    trial.sandbox.faults.add(Fault("slow", "GET", "(?i)/invoices", args={"seconds": 1}))
    hands = start()
    assert [hands.hand_over([company]) for _ in range(3)] == [1, 0, 0]
    hands.settle()
    assert runs(trial, company) == ["ok"]


def test_a_nudge_that_comes_too_late_finds_nothing_to_do(trial: Trial, start: Start, company: int) -> None:
    """two clocks saw the same company due; the second hands it over when the first has had it run"""
    hands = start()
    for _ in range(2):
        hands.hand_over([company])
        hands.settle()
    assert runs(trial, company) == ["ok"]


def test_two_clocks_on_one_database_run_what_is_due_once(trial: Trial, start: Start, company: int) -> None:
    clocks = [Clockwork(worker(trial, name), start(name)) for name in ("one", "two")]
    for clock in clocks:
        clock.tick()
    for clock in clocks:
        clock.settle()
    assert runs(trial, company) == ["ok"]
    trial.let_pass(hours=5)
    for clock in clocks:
        clock.tick()
    for clock in clocks:
        clock.settle()
    assert runs(trial, company) == ["ok", "ok"]


def test_a_long_run_does_not_keep_the_next_company_waiting(trial: Trial, start: Start, company: int) -> None:
    other = trial.open_company("quickbooks", "Small & Quick")
    small = trial.connect("quickbooks", other)
    trial.sandbox.faults.add(Fault("slow", "GET", "(?i)/api.xro/2.0/invoices", args={"seconds": 3}))
    hands = start()
    hands.hand_over([company, small])
    wait_until(lambda: runs(trial, small) == ["ok"])
    assert runs(trial, company) == ["running"]
    hands.settle()


def test_told_to_stop_a_run_ends_between_two_steps_and_the_next_goes_on(
    trial: Trial, start: Start, company: int
) -> None:
    trial.sandbox.faults.add(Fault("slow", "GET", "(?i)/api.xro/2.0/invoices", args={"seconds": 1}))
    first = start("one")
    first.hand_over([company])
    wait_until(lambda: bool(trial.sandbox.faults.struck))
    first.stop()
    assert runs(trial, company) == ["partial"]
    assert trial.mails() == []
    trial.let_pass(minutes=2)
    second = start("two")
    second.hand_over([company])
    second.settle()
    assert runs(trial, company) == ["partial", "ok"]
    assert len(trial.mails()) == 1


def test_a_worker_stopped_while_it_still_opens_leaves_nothing_under_way(trial: Trial) -> None:
    hands = dispatcher(worker(trial, "one"), works=True)
    hands.start()
    hands.stop()
    left = [thing for thing in gc.get_objects() if isinstance(thing, asyncio.Task) and not thing.done()]
    assert left == []


def test_the_clock_hands_over_only_what_is_due(trial: Trial, start: Start, company: int) -> None:
    with trial.house.database.begin() as session:
        companies.disconnect(session, company, "the owner left", trial.sandbox.clock.now())
    clock = Clockwork(worker(trial, "one"), start(), tick=timedelta(hours=1))
    assert not clock.is_ticking()
    assert clock.tick() == 0
    assert clock.is_ticking()
