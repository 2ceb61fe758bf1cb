"""Trouble at home: a full disk, a locked database, a clock that jumps, in the middle of every step of a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.crash.conftest import Count
from tests.crash.points import Watch
from tests.crash.scenes import IS_EXHAUSTIVE, TROUBLED, Scene
from tests.crash.stage import Case, Stage
from tests.crash.trying import try_all, undisturbed


def a_full_disk(commit: int) -> Watch:
    return Watch(full_at=commit)


def a_locked_database(transaction: int) -> Watch:
    return Watch(locked_at=transaction)


pytestmark = [
    pytest.mark.timeout(1800),
    pytest.mark.parametrize("scene", TROUBLED, ids=lambda scene: scene.name),
]


@pytest.mark.parametrize("trouble", [a_full_disk, a_locked_database])
def test_any_commit_may_find_the_disk_full_or_the_database_locked(
    stage: Stage, platform: str, scene: Scene, trouble: Callable[[int], Watch], count: Count
) -> None:
    points, expected = undisturbed(stage, scene, platform)
    commits = points.count("commit")

    def refuse(case: Case, commit: int) -> None:
        case.run_watched(trouble(commit))

    found = list(try_all(stage, scene, platform, range(commits), refuse, expected))
    count(commits)
    assert "\n".join(found) == ""


@pytest.mark.parametrize("hours", [-1, 2] if IS_EXHAUSTIVE else [-1])
def test_the_clock_may_jump_at_any_point(stage: Stage, platform: str, scene: Scene, hours: int, count: Count) -> None:
    points, expected = undisturbed(stage, scene, platform)

    def jump(case: Case, where: tuple[int, str]) -> None:
        case.run_watched(Watch(meddle_at=where[0], meddle=lambda: case.let_pass(timedelta(hours=hours))))

    found = list(try_all(stage, scene, platform, list(enumerate(points)), jump, expected))
    count(len(points))
    assert "\n".join(found) == ""
