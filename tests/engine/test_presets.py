"""Presets: three ways to follow up, each a policy that can be saved and recognised again."""

from __future__ import annotations

import pytest

from engine.policy import Calendar, Policy
from engine.presets import PRESETS, Preset, preset, preset_of, with_preset


@pytest.mark.parametrize("chosen", PRESETS, ids=lambda one: one.name)
def test_a_preset_survives_being_saved(chosen: Preset) -> None:
    policy = with_preset(Policy(calendar=Calendar(time_zone="Europe/Paris"), base_currency="EUR"), chosen)
    saved = Policy.from_yaml(policy.to_yaml())
    assert preset_of(saved) is chosen
    assert (saved.base_currency, saved.calendar.time_zone) == ("EUR", "Europe/Paris")


def test_the_default_policy_is_the_standard_one() -> None:
    assert preset_of(Policy()) is preset("standard")


def test_a_policy_changed_by_hand_is_no_preset() -> None:
    assert preset_of(Policy(ladder=Policy().ladder[:2])) is None
