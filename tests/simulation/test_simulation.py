"""A small simulation, and proof that a large one would notice. Nightly sizes: `make simulate`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import structlog

from connectors.mail.smtp import SmtpMailer
from connectors.ports import Mail
from tests.simulation.__main__ import main
from tests.simulation.life import live

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_town_in_trouble_keeps_every_invariant(seed: int, tmp_path: Path) -> None:
    course = live(seed, tmp_path, days=5, town_size=2)
    assert course.violations == []
    assert course.messages > 0


def test_the_command_ends_with_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "1", "--from", "3", "--days", "1", "--companies", "1", "--jobs", "1"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["company_days"] == 1


def test_the_same_seed_takes_the_same_course(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = live(7, tmp_path / "one", days=2, town_size=2)
    again = live(7, tmp_path / "two", days=2, town_size=2)
    assert first.as_dict() == again.as_dict()


def test_a_mailer_that_sends_twice_does_not_pass(tmp_path: Path) -> None:
    once = SmtpMailer.send

    def twice(mailer: SmtpMailer, mail: Mail) -> str:
        once(mailer, mail)
        return once(mailer, mail)

    with patch.object(SmtpMailer, "send", twice):
        course = live(1, tmp_path, days=5, town_size=2)
    assert course.duplicates
    assert any("went out 2 times" in problem for problem in course.violations)
