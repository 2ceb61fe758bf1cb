"""A life: one seed, from the founding of a town to the last simulated day, with every invariant checked every day."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from unittest.mock import patch

import click
import structlog
from sqlmodel import col, select

from connectors.pace import forget_paces
from engine.decide import decide
from engine.needs import needs_of
from scheduler.acts import Pen
from scheduler.run import run_company
from scheduler.words import words_for
from store import accounts, audit, claims, companies, policies
from store.tables import AccountState, Action, Company, Run
from tests.patience import unhurried
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
CAREFUL = 0.9
"""The share of workers that run a company only while it is due, as the clockwork's do; the others run it regardless."""
BEHIND = 0.5
"""A busy fleet's share of due companies that it does not get to at a tick, save the day's last..."""
LATE = timedelta(hours=12)
"""...unless they have been due for so long already."""
THOROUGHLY_EVERY = 30
"""Days between two looks at what grows for ever: notes on settled invoices, and the audit trails."""


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

    @property
    def sentence(self) -> str:
        return (
            f"seed {self.seed}: {self.company_days} company-days, {self.messages} messages, {self.faults} faults, "
            f"{self.deaths} of them deaths, {len(self.violations)} violations"
        )

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def live_apart(seed: int, days: int, town_size: int) -> Course:
    """A life in a process and a folder of its own, which tells on standard error how far it has come."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        return live(seed, Path(folder), days=days, town_size=town_size, tell=_tell_so_far)


def _tell_so_far(course: Course) -> None:
    click.echo(f"so far, {course.sentence}", err=True)


def live(
    seed: int, folder: Path, *, days: int, town_size: int, tell: Callable[[Course], None] = lambda _: None
) -> Course:
    """Stops at the first day on which something does not hold. Whoever wants to is told about once a month."""
    rng = Random(seed)
    starts_at = STARTS_AT + timedelta(days=rng.randrange(365))
    course = Course(seed)
    with unhurried(), patch("sandbox.xero.values.uuid", Uuids(Random(seed))), a_trial(folder, at=starts_at) as trial:
        town = settle(trial, seed, town_size, starts_at)
        turns, watcher = Turns(rng), Watcher(town)
        with watched(turns, trial.house.database):
            for day in range(1, days + 1):
                thoroughly = day % THOROUGHLY_EVERY == 0 or day == days
                course.violations += _a_day(town, rng, turns, watcher, course, thoroughly=thoroughly)
                course.company_days += town_size
                course.faults = len(trial.sandbox.faults.struck) + turns.deaths
                course.deaths, course.messages = turns.deaths, watcher.count
                if course.violations:
                    break
                if thoroughly:
                    tell(course)
    return course


def _a_day(town: Town, rng: Random, turns: Turns, watcher: Watcher, course: Course, *, thoroughly: bool) -> list[str]:
    live_a_day(town, rng)
    found: list[str] = []
    for tick in range(TICKS):
        town.world.live_until(town.now + timedelta(hours=24 / TICKS) - timedelta(minutes=rng.randrange(30)))
        _tick(town, rng, turns, is_last=tick == TICKS - 1)
        if fresh := watcher.read_mails():
            found += invariants.owed(fresh)
            found += invariants.apart(fresh, {house.name: house.addresses() for house in town.houses})
    todays = watcher.todays()
    twice, gone = invariants.once(todays), list[str]()
    found += invariants.at_a_decent_hour(todays)
    runs, known = _lately(town), {company.id: company for company in town.trial.rows(Company)}
    for house in town.houses:
        company, last = known[house.company_id], runs[house.company_id]
        sight = watcher.sight(house, thoroughly=thoroughly)
        twice += invariants.noted_once(sight)
        gone += invariants.lost(sight, watcher.last_told[house.name], house.since, watcher.excused(house))
        if _is_fresh(town, company, last):
            set_aside = watcher.set_aside(house)
            found += invariants.to_the_cent(sight, set_aside)
            found += invariants.explained(sight, set_aside)
        if thoroughly:
            found += _trail(town, house)
        if company.status == "connected":
            found += _goes_on(town, house, last)
    found += _decided_twice(town, rng.choice(town.houses))
    for platform in (town.trial.sandbox.quickbooks, town.trial.sandbox.xero):
        found += invariants.nothing_made(platform.requests_seen)
        platform.requests_seen.clear()
    course.duplicates += len(twice)
    course.lost += len(gone)
    return [f"{town.now:%Y-%m-%d}: {problem}" for problem in found + twice + gone]


def _tick(town: Town, rng: Random, turns: Turns, *, is_last: bool) -> None:
    """One to four workers take up whatever is due, side by side. Now and then one does not look whether it still is."""
    forget_paces()
    stir(rng, town.trial.sandbox.faults, turns, len(town.houses))
    house = town.trial.house
    due = _come_to(town, 0 if is_last else BEHIND, rng)

    def work(name: str, mine: list[int], only_if_due: bool) -> None:
        parts = replace(house.parts, worker=name)
        for company_id in mine:
            run_company(parts, company_id, only_if_due=only_if_due)

    works = []
    for number in range(rng.randint(1, 4)):
        mine, is_careful = rng.sample(due, len(due)), rng.random() < CAREFUL
        works.append(partial(work, f"worker {number}", mine, is_careful))
    turns.run(works)
    turns.death = 0.0
    town.trial.sandbox.faults.clear()


def _come_to(town: Town, behind: float, rng: Random) -> list[int]:
    """The companies that the workers get to, of all that are due."""
    with town.trial.house.database.read() as session:
        due, late = (claims.due_companies(session, at) for at in (town.now, town.now - LATE))
    return [company_id for company_id in due if company_id in late or rng.random() >= behind]


def _lately(town: Town) -> dict[int, list[Run]]:
    """Each company's runs of the last two days, the newest first."""
    found: dict[int, list[Run]] = {house.company_id: [] for house in town.houses}
    wanted = select(Run).where(col(Run.started_at) > town.now - timedelta(days=2)).order_by(col(Run.id).desc())
    with town.trial.house.database.read() as session:
        for run in session.exec(wanted):
            found[run.company_id].append(run)
    return found


def _is_fresh(town: Town, company: Company, runs: list[Run]) -> bool:
    """Whether the last complete sync saw the books as they are now: nothing changes over there between two ticks."""
    synced_at = company.last_synced_at
    return bool(runs and runs[0].status == "ok" and synced_at and synced_at >= town.now)


def _goes_on(town: Town, house: House, runs: list[Run]) -> list[str]:
    hours = int((town.now - runs[0].started_at).total_seconds() // 3600) if runs else 48
    return invariants.goes_on(
        {house.name: (hours, " / ".join({run.detail for run in runs if "unexpected" in run.detail}))}
    )


def _trail(town: Town, house: House) -> list[str]:
    """The eighth invariant's other half: what was done stands in a chain that nobody has touched."""
    with town.trial.house.database.read() as session:
        return [f"{house.name}: {problem}" for problem in audit.verify(session, house.company_id)]


def _decided_twice(town: Town, house: House) -> list[str]:
    """The fifth invariant, on every account of one company."""
    found: list[str] = []
    parts, today = town.trial.house.parts, house.today(town.now)
    states = {row.customer_id: row for row in town.trial.rows(AccountState, company_id=house.company_id)}
    with parts.database.read() as session:
        already = frozenset(session.exec(select(Action.key).where(col(Action.company_id) == house.company_id)))
        # What has missed its hours is decided again before it goes, on the day on which it does.
        undone = (col(Action.company_id) == house.company_id) & col(Action.state).in_(("planned", "approved"))
        waiting = frozenset(session.exec(select(Action.customer_id).where(undone)))
        policy = policies.current(session, house.company_id)
        company = companies.get(session, house.company_id)
        words = words_for(session, house.company_id)
        for account in accounts.load(session, house.company_id, sorted(states), today, needs=needs_of(policy)):
            first, second = decide(account, policy, today), decide(account, policy, today)
            state = states[account.customer_id]
            has_come = state.look_again_on is not None and state.look_again_on <= today
            is_due = state.is_touched or has_come or account.customer_id in waiting
            pen = Pen(company, policy, account, parts.links, today, parts.platforms[house.platform], words)
            keys = [act.key for action in first.actions for act in pen.acts_for(action)]
            found += invariants.the_same_answer(first, second, already, keys, is_due=is_due)
    return found
