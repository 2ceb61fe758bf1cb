"""Killed before every single point of a run, and started again once the dead run's lease is over."""

from __future__ import annotations

from itertools import count as count_up

import pytest

from tests.crash.conftest import Count
from tests.crash.points import Watch
from tests.crash.scenes import ALL, IS_EXHAUSTIVE, Scene
from tests.crash.stage import AFTER_THE_LEASE, Case, Stage
from tests.crash.trying import try_all, undisturbed

EVERY_OTHER = 4
"""Of the pairs of two deaths, every fourth is tried: each first death with a quarter of the second ones."""


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("scene", ALL, ids=lambda scene: scene.name)
def test_a_run_killed_anywhere_is_finished_by_the_next(stage: Stage, platform: str, scene: Scene, count: Count) -> None:
    points, expected = undisturbed(stage, scene, platform)

    def die(case: Case, where: tuple[int, str]) -> None:
        assert case.run_watched(Watch(stop_at=where[0])) is None, "it did not come to the point where it was to die"

    found = list(try_all(stage, scene, platform, list(enumerate(points)), die, expected))
    count(len(points))
    assert "\n".join(found) == ""


@pytest.mark.timeout(1800)
@pytest.mark.skipif(not IS_EXHAUSTIVE, reason="one death is enough for every day: make crash")
def test_a_run_killed_while_it_takes_up_what_a_killed_run_left(stage: Stage, platform: str, count: Count) -> None:
    scene = ALL[0]
    points, expected = undisturbed(stage, scene, platform)
    tried: list[tuple[int, int]] = []
    ended: set[int] = set()
    found: list[str] = []

    def die_twice(case: Case, where: tuple[int, int]) -> None:
        case.run_watched(Watch(stop_at=where[0]))
        case.let_pass(AFTER_THE_LEASE)
        if case.run_watched(Watch(stop_at=where[1]), "second") is not None:
            ended.add(where[0])

    for first in range(points.index("mail: hear") - 2, len(points)):
        for second in count_up(first % EVERY_OTHER, EVERY_OTHER):
            tried.append((first, second))
            found += try_all(stage, scene, platform, tried[-1:], die_twice, expected)
            if first in ended:
                break
    count(len(tried))
    assert "\n".join(found) == ""
