"""The policy document: what it refuses, and that it survives being written down."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from engine.policy import Calendar, Policy, Step
from engine.rules import rules_of
from tests.engine.strategies import policies


@settings(max_examples=30, deadline=None)
@given(policies())
def test_a_policy_written_as_yaml_reads_back_the_same(policy: Policy) -> None:
    assert Policy.from_yaml(policy.to_yaml()) == policy


def test_an_empty_document_is_the_default_policy() -> None:
    assert Policy.from_yaml("") == Policy()


def test_steps_must_climb() -> None:
    with pytest.raises(ValidationError, match=r"step 2 \(3 days\) must come after step 1 \(10 days\)"):
        Policy(ladder=(Step(number=1, days=10, template="a"), Step(number=2, days=3, template="b")))


def test_a_step_number_is_used_once() -> None:
    with pytest.raises(ValidationError, match="must come after"):
        Policy(ladder=(Step(number=1, days=3, template="a"), Step(number=1, days=10, template="b")))


def test_an_unknown_field_is_an_error_not_a_surprise() -> None:
    with pytest.raises(ValidationError, match="laddr"):
        Policy.from_yaml("laddr: []")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"time_zone": "Mars/Olympus"}, "not a time zone"),
        ({"weekdays": ()}, "at least one weekday"),
        ({"opens": time(17), "closes": time(9)}, "before it opens"),
        ({"country": "New Zealand"}, "pattern"),
    ],
)
def test_a_calendar_that_cannot_be_kept_is_refused(facts: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Calendar.model_validate(facts)


def test_equal_policies_share_what_was_worked_out() -> None:
    assert rules_of(Policy()) is rules_of(Policy.from_yaml(""))
    assert rules_of(Policy()) is not rules_of(Policy(version=1))
