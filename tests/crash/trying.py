"""Trying: one scene over and over, disturbed each time at another point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tests.crash.checks import Outcome, outcome, problems
from tests.crash.points import Watch
from tests.crash.scenes import Scene
from tests.crash.stage import Case, Stage

Disturbance = TypeVar("Disturbance")


def undisturbed(stage: Stage, scene: Scene, platform: str) -> tuple[list[str], Outcome]:
    """The points that the run comes past, and what the world has seen once all is quiet."""
    # Once for what is asked only once in a process, such as where to sign in.
    stage.open(platform, scene.prepare, mode=scene.mode).run()
    case = stage.open(platform, scene.prepare, mode=scene.mode)
    watch = Watch()
    report = case.run_watched(watch)
    assert report is not None
    assert report.status == "ok", report.detail
    assert report.performed, "nothing goes out here: there is nothing to lose"
    case.settle()
    expected = outcome(case)
    assert problems(case, expected) == []
    return watch.seen, expected


def try_all(
    stage: Stage,
    scene: Scene,
    platform: str,
    disturbances: Iterable[Disturbance],
    disturb: Callable[[Case, Disturbance], None],
    expected: Outcome,
) -> Iterator[str]:
    """What did not hold, in words. Each disturbance gets a case of its own, and `disturb` makes the run."""
    for disturbance in disturbances:
        case = stage.open(platform, scene.prepare, mode=scene.mode)
        disturb(case, disturbance)
        try:
            case.settle()
        except AssertionError as error:
            yield f"{disturbance}: {error}"
        for problem in problems(case, expected):
            yield f"{disturbance}: {problem}"
