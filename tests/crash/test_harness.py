"""The harness can fail: a product that guesses, or forgets, is caught at the points where it matters."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from scheduler import doing, settling
from tests.crash.points import Watch
from tests.crash.scenes import ALL
from tests.crash.stage import Case, Stage
from tests.crash.trying import try_all, undisturbed


def die(case: Case, where: int) -> None:
    assert case.run_watched(Watch(stop_at=where)) is None


@pytest.mark.timeout(300)
def test_a_product_that_sends_again_on_a_guess_is_caught(stage: Stage, platform: str) -> None:
    points, expected = undisturbed(stage, ALL[0], platform)
    after_the_mail = len(points) - points[::-1].index("mail: hear")
    with patch.object(doing, "happened", lambda *_: False):
        found = list(try_all(stage, ALL[0], platform, [after_the_mail], die, expected))
    assert any("went out 2 times" in problem for problem in found)


@pytest.mark.timeout(300)
def test_a_product_that_forgets_what_was_interrupted_is_caught(stage: Stage, platform: str) -> None:
    points, expected = undisturbed(stage, ALL[0], platform)
    first_word = points.index("mail: hear")
    with patch.object(settling, "interrupted", lambda *_: None):
        found = list(try_all(stage, ALL[0], platform, [first_word], die, expected))
    assert any("is left claimed" in problem for problem in found)
    assert any("lost" in problem for problem in found)
