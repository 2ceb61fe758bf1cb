"""The sandbox's clock ticks, jumps and stands still."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import SandboxClock

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def test_it_ticks_from_where_it_was_set() -> None:
    clock = SandboxClock(NOON)
    time.sleep(0.02)
    assert timedelta(seconds=0.02) <= clock.now() - NOON < timedelta(seconds=5)


def test_it_stands_still_while_a_history_is_written() -> None:
    clock = SandboxClock(NOON)
    with clock.standing():
        clock.set(NOON)
        time.sleep(0.02)
        assert clock.now() == NOON
    time.sleep(0.01)
    assert clock.now() > NOON


def test_what_waits_for_an_hour_hears_of_a_jump() -> None:
    clock = SandboxClock(NOON, ticking=False)
    heard: list[datetime] = []
    clock.on_set(lambda: heard.append(clock.now()))
    clock.advance(timedelta(days=1))
    assert heard == [NOON + timedelta(days=1)]


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        SandboxClock(datetime(2026, 3, 11, 12, 0))  # noqa: DTZ001  # what is being refused
