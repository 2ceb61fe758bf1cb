"""A policy file is refused with the line, the field and what was expected."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from dunwell.policies import read_policy


def problems(folder: Path, text: str) -> list[str]:
    file = folder / "policy.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(click.UsageError) as refused:
        read_policy(file)
    return str(refused.value).splitlines()[1:]


LADDER = """
budget:
  messages: 2
ladder:
- number: 1
  days: 3
  template: reminder_1
- {number: 2, days: 400, template: reminder_2}
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LADDER, "line 8, ladder, entry 2, days: Input should be less than or equal to 365"),
        ("\nbugdet: {}\n", "line 2, bugdet: there is no such field: did you mean 'budget'?"),
        (
            "budget:\n  messages: 1\n  per_week: 2\n",
            "line 3, budget, per_week: there is no such field: choose from after_person_days, messages, "
            "minimum_gap_days, per_days",
        ),
        (
            "groups:\n- name: A\n  customers: [x]\n  budget:\n    mesages: 1\n",
            "line 5, groups, entry 1, budget, mesages: there is no such field: did you mean 'messages'?",
        ),
        ("calendar: {opens: 1530}", "expected a time of day between 00:00 and 23:59, such as 09:30"),
        ("just words", "the whole: expected fields such as version, calendar, ladder"),
        (
            "ladder:\n- {number: 1, days: 3, template: reminder_9}\n",
            "line 2, ladder, entry 1, template: there is no wording 'reminder_9': choose from pre_due, reminder_1",
        ),
        (
            "groups:\n- name: A\n  customers: [x]\n  ladder:\n  - {number: 1, days: 3, template: hello}\n",
            "line 5, groups, entry 1, ladder, entry 1, template: there is no wording 'hello'",
        ),
    ],
)
def test_each_problem_is_told_at_its_place(tmp_path: Path, text: str, told: str) -> None:
    [found] = problems(tmp_path, text)
    assert told in found


def test_a_file_that_is_no_text_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(click.UsageError, match="is not text in UTF-8"):
        read_policy(tmp_path / "policy.yaml")


def test_a_call_needs_no_wording(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("ladder:\n- {number: 1, days: 3, channel: call}\n")
    assert read_policy(tmp_path / "policy.yaml").ladder[0].channel == "call"
