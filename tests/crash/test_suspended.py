"""A machine that sleeps in the middle of a run, and wakes when another has long taken the company up.

At every call and every act the lease is asked for once more. Each of these moments in turn is the one at which the
machine falls asleep; another worker then runs the company to its end before the first goes on where it was.
"""

from __future__ import annotations

from unittest.mock import patch

import pytest

from scheduler.lease import LEASE, Lease
from tests.crash.conftest import Count
from tests.crash.scenes import TROUBLED, Scene
from tests.crash.stage import AFTER_THE_LEASE, Case, Stage
from tests.crash.trying import try_all, undisturbed

insist = Lease.insist


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("scene", TROUBLED, ids=lambda scene: scene.name)
def test_a_run_that_wakes_after_its_lease_says_nothing_more(
    stage: Stage, platform: str, scene: Scene, count: Count
) -> None:
    _, expected = undisturbed(stage, scene, platform)
    moments = _moments(stage, scene, platform)

    def sleep(case: Case, moment: int) -> None:
        came_by = -1

        def once(lease: Lease) -> None:
            nonlocal came_by
            came_by += 1
            if came_by == moment:
                case.let_pass(AFTER_THE_LEASE)
                case.run("second")
            insist(lease)

        with patch.object(Lease, "insist", once):
            report = case.run()
        assert (report.status, "ran out" in report.detail) == ("partial", True), report.as_dict()

    found = list(try_all(stage, scene, platform, range(moments), sleep, expected))
    count(moments)
    assert "\n".join(found) == ""


def _moments(stage: Stage, scene: Scene, platform: str) -> int:
    """How often an undisturbed run asks for its lease."""
    case = stage.open(platform, scene.prepare, mode=scene.mode)
    asked = 0

    def counting(lease: Lease) -> None:
        nonlocal asked
        asked += 1
        insist(lease)

    with patch.object(Lease, "insist", counting):
        case.run()
    assert asked, "nobody asks"
    return asked


def test_the_lease_outlasts_any_single_call() -> None:
    """a QuickBooks write may take 125 seconds, and is asked for twice where the token was refused"""
    assert LEASE.total_seconds() > 2 * 130
