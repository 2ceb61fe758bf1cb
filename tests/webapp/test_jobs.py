"""Reckoning beside the pages: begun once, waited for by whoever begins it, and by nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event

import pytest

from webapp.jobs import PATIENCE, Jobs


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


def test_who_asks_again_is_not_kept_waiting(jobs: Jobs) -> None:
    go_on = Event()
    begun = jobs.ask("key", lambda _tell: go_on.wait(60))
    assert not begun.is_over
    asked_at = time.perf_counter()
    assert [jobs.ask("key", lambda _tell: None) for _ in range(5)] == [begun] * 5
    assert time.perf_counter() - asked_at < PATIENCE
    go_on.set()
    begun.future.result(timeout=60)
    assert jobs.ask("key", lambda _tell: None).result is True


def test_what_failed_is_begun_anew(jobs: Jobs) -> None:
    def fail(_tell: object) -> None:
        raise OSError

    assert jobs.ask("key", fail).has_failed
    assert jobs.ask("key", lambda _tell: "well").result == "well"
