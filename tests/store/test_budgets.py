"""Budgets that processes share: no minute holds more calls than allowed, and a wish for quiet is everybody's."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from connectors.pace import Pace
from connectors.shared_pace import Share
from store import budgets
from store.budgets import StoredBudgets
from store.database import Database
from tests.store.books import NOW
from tests.store.processes import run_all

SECOND = timedelta(seconds=1)


class Hand:
    """A clock that the test moves; also as seconds, and as the sleep of whoever waits."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def shared(database: Database, hand: Hand) -> StoredBudgets:
    return StoredBudgets(database, hand.now)


def test_calls_are_given_in_blocks_until_the_minute_is_used_up(shared: StoredBudgets, hand: Hand) -> None:
    assert [shared.take("xero/a", 60, 25, 5) for _ in range(3)] == [(25, 0.0), (25, 0.0), (10, 0.0)]
    granted, wait = shared.take("xero/a", 60, 25, 5)
    assert (granted, round(wait)) == (0, 65)
    hand.at += 66 * SECOND
    assert shared.take("xero/a", 60, 25, 5) == (25, 0.0)


def test_calls_that_were_not_made_in_time_are_given_back(shared: StoredBudgets, hand: Hand) -> None:
    share = Share(shared, "xero/a", 12, hand.seconds)
    for _ in range(12):
        assert share.take() == 0
        hand.at += 5 * SECOND


def test_each_name_has_a_budget_of_its_own(shared: StoredBudgets) -> None:
    assert shared.take("xero/a", 5, 5, 5) == (5, 0.0)
    assert shared.take("xero/b", 5, 5, 5) == (5, 0.0)


def test_a_wish_for_quiet_is_everybodys_and_a_shorter_one_does_not_shorten_it(
    shared: StoredBudgets, database: Database, hand: Hand
) -> None:
    shared.rest("xero/a", 300)
    shared.rest("xero/a", 10)
    another = StoredBudgets(database, hand.now)
    assert another.take("xero/a", 60, 5, 5) == (0, 300.0)
    hand.at += 301 * SECOND
    assert another.take("xero/a", 60, 5, 5) == (5, 0.0)


def test_a_clock_set_back_keeps_nobody_waiting(shared: StoredBudgets, hand: Hand) -> None:
    shared.take("xero/a", 60, 60, 5)
    shared.rest("xero/a", 60)
    hand.at -= timedelta(days=3)
    assert shared.take("xero/a", 60, 5, 5) == (5, 0.0)


def test_what_nobody_uses_is_forgotten(shared: StoredBudgets, database: Database, hand: Hand) -> None:
    shared.take("xero/a", 60, 5, 5)
    hand.at += timedelta(days=3)
    shared.take("xero/b", 60, 5, 5)
    with database.begin() as session:
        assert budgets.forget_old(session, hand.at) == 1


def test_a_database_that_is_away_keeps_nobody_from_calling(tmp_path: Path, hand: Hand) -> None:
    nowhere = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    assert StoredBudgets(nowhere, hand.now).take("xero/a", 60, 5, 5) == (5, 0.0)
    StoredBudgets(nowhere, hand.now).rest("xero/a", 60)


def test_four_processes_together_take_no_more_than_a_minute_holds(database: Database, url: str, tmp_path: Path) -> None:
    database.dispose()
    run_all(_take_what_there_is, [(url, tmp_path / f"taken-{number}") for number in range(4)])
    taken = [int(path.read_text()) for path in tmp_path.glob("taken-*")]
    assert (len(taken), sum(taken)) == (4, 100)


def _take_what_there_is(url: str, told: Path) -> None:
    database = Database(url)
    share, taken = Share(StoredBudgets(database, lambda: NOW), "xero/a", 100), 0
    while share.take() == 0:
        taken += 1
    told.write_text(str(taken))
    database.dispose()


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0, 20)), min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_no_minute_holds_more_than_allowed_whoever_calls(calls: list[tuple[int, float]]) -> None:
    """three processes, each with its own pace, at moments that none of them chooses"""
    hand = Hand()
    database = Database("sqlite://")
    SQLModel.metadata.create_all(database.engine)
    paces = [_pace(StoredBudgets(database, hand.now), hand) for _ in range(3)]
    begun: list[float] = []
    for who, pause in calls:
        hand.sleep(pause)
        with paces[who].slot():
            begun.append(hand.seconds())
    assert all(sum(at <= other < at + 60 for other in begun) <= 8 for at in begun)


def _pace(shared: StoredBudgets, hand: Hand) -> Pace:
    share = Share(shared, "xero/a", 8, hand.seconds)
    return Pace(8, 4, hand.seconds, hand.sleep, longest_wait=600, shares=[share])
