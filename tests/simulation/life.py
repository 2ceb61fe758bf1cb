"""A life: one seed, from the founding of a town to the last simulated day, with every invariant checked every day."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

import structlog

from connectors.pace import forget_paces
from engine.decide import decide
from engine.needs import needs_of
from scheduler.acts import Pen
from scheduler.run import run_company
from scheduler.words import words_for
from store import accounts, claims, companies, policies
from store.tables import AccountState, Action, Company, Run
from tests.simulation import invariants
from tests.simulation.people import live_a_day
from tests.simulation.town import House, Town, Uuids, settle
from tests.simulation.trouble import stir
from tests.simulation.turns import Turns, watched
from tests.simulation.watching import Watcher
from tests.trial import a_trial

STARTS_AT = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
TICKS = 4
"""A day: at each of them some company of the town is in its working hours."""


@dataclass
class Course:
    """What became of one seed."""

    seed: int
    company_days: int = 0
    faults: int = 0
    deaths: int = 0
    messages: int = 0
    duplicates: int = 0
    lost: int = 0
    violations: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def live_apart(seed: int, days: int, town_size: int) -> Course:
    """A life in a process and a folder of its own, without a word on the way."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        return live(seed, Path(folder), days=days, town_size=town_size)


def live(seed: int, folder: Path, *, days: int, town_size: int) -> Course:
    """Stops at the first day on which something does not hold."""
    rng = Random(seed)
    starts_at = STARTS_AT + timedelta(days=rng.randrange(365))
    course = Course(seed)
    with patch("sandbox.xero.values.uuid", Uuids(Random(seed))), a_trial(folder, at=starts_at) as trial:
        town = settle(trial, seed, town_size, starts_at)
        turns, watcher = Turns(rng), Watcher(town)
        with watched(turns, trial.house.database):
            for _ in range(days):
                course.violations += _a_day(town, rng, turns, watcher, course)
                course.company_days += town_size
                if course.violations:
                    break
        course.faults = len(trial.sandbox.faults.struck) + turns.deaths
        course.deaths, course.messages = turns.deaths, len(watcher.messages)
    return course


def _a_day(town: Town, rng: Random, turns: Turns, watcher: Watcher, course: Course) -> list[str]:
    live_a_day(town, rng)
    found: list[str] = []
    for _ in range(TICKS):
        town.world.live_until(town.now + timedelta(hours=24 / TICKS) - timedelta(minutes=rng.randrange(30)))
        _tick(town, rng, turns)
        fresh = watcher.read_mails()
        found += invariants.owed(fresh)
        found += invariants.apart(fresh, {house.name: house.addresses() for house in town.houses})
    twice = invariants.once(watcher.messages)
    gone: list[str] = []
    for house in town.houses:
        sight = watcher.sight(house)
        twice += invariants.noted_once(sight)
        gone += invariants.lost(sight, watcher.messages, house.since, watcher.excused(house))
        if _is_fresh(town, house):
            found += invariants.to_the_cent(sight, watcher.set_aside(house))
            found += invariants.explained(sight)
    found += invariants.at_a_decent_hour(watcher.messages)
    found += invariants.goes_on(dict(_last_runs(town)))
    found += _decided_twice(town, rng.choice(town.houses))
    for platform in (town.trial.sandbox.quickbooks, town.trial.sandbox.xero):
        found += invariants.nothing_made(platform.requests_seen)
        platform.requests_seen.clear()
    course.duplicates += len(twice)
    course.lost += len(gone)
    return [f"{town.now:%Y-%m-%d}: {problem}" for problem in found + twice + gone]


def _tick(town: Town, rng: Random, turns: Turns) -> None:
    """One to four workers take up whatever is due, side by side."""
    forget_paces()
    stir(rng, town.trial.sandbox.faults, turns)
    house = town.trial.house
    now = town.now
    with house.database.read() as session:
        due = claims.due_companies(session, now)

    def work(name: str, mine: list[int]) -> None:
        parts = replace(house.parts, worker=name)
        for company_id in mine:
            run_company(parts, company_id)

    workers = rng.randint(1, 4)
    lists = [rng.sample(due, len(due)) for _ in range(workers)]
    turns.run([lambda n=n, mine=mine: work(f"worker {n}", mine) for n, mine in enumerate(lists)])  # type: ignore[misc]
    turns.death = 0.0
    town.trial.sandbox.faults.clear()


def _is_fresh(town: Town, house: House) -> bool:
    """Whether the last complete sync saw the books as they are now: nothing changes over there between two ticks."""
    [company] = town.trial.rows(Company, id=house.company_id)
    [run] = town.trial.rows(Run, company_id=house.company_id)[-1:] or [None]
    return bool(run and run.status == "ok" and company.last_synced_at and company.last_synced_at >= town.now)


def _last_runs(town: Town) -> Iterator[tuple[str, tuple[int, str]]]:
    for house in town.houses:
        [company] = town.trial.rows(Company, id=house.company_id)
        runs = town.trial.rows(Run, company_id=house.company_id)
        if company.status == "connected" and runs:
            hours = int((town.now - runs[-1].started_at).total_seconds() // 3600)
            yield house.name, (hours, " / ".join({run.detail for run in runs[-8:] if "unexpected" in run.detail}))


def _decided_twice(town: Town, house: House) -> list[str]:
    """The fifth invariant, on every account of one company."""
    found: list[str] = []
    parts, today = town.trial.house.parts, house.today(town.now)
    states = {row.customer_id: row for row in town.trial.rows(AccountState, company_id=house.company_id)}
    already = frozenset(act.key for act in town.trial.rows(Action, company_id=house.company_id))
    with parts.database.read() as session:
        policy = policies.current(session, house.company_id)
        company = companies.get(session, house.company_id)
        for account in accounts.load(session, house.company_id, sorted(states), today, needs=needs_of(policy)):
            first, second = decide(account, policy, today), decide(account, policy, today)
            state = states[account.customer_id]
            is_due = state.is_touched or (state.look_again_on is not None and state.look_again_on <= today)
            words = words_for(session, house.company_id)
            pen = Pen(company, policy, account, parts.links, today, parts.platforms[house.platform], words)
            keys = [act.key for action in first.actions for act in pen.acts_for(action)]
            found += invariants.the_same_answer(first, second, already, keys, is_due=is_due)
    return found
