"""Presets: three ways to follow up that an owner can choose between by name, instead of by number.

Pure. A preset changes the ladder, the contact budget and the day of a credit hold; everything else stays as it is.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from engine.policy import DEFAULT_LADDER, Budget, Policy, Step, Tone


class Preset(Struct, frozen=True, kw_only=True):
    """One choice. `hold_days_overdue` None places no hold for lateness."""

    name: str
    title: str
    means: str
    ladder: tuple[Step, ...]
    budget: Budget
    hold_days_overdue: int | None


PRESETS = (
    Preset(
        name="gentle",
        title="Gentle",
        means="Three reminders, a week or more apart, and never more than one a week. Nobody is put on hold.",
        ladder=(
            Step(number=1, days=7, template="reminder_1"),
            Step(number=2, days=21, template="reminder_2"),
            Step(number=3, days=45, template="reminder_3", tone=Tone.FIRM),
        ),
        budget=Budget(messages=1, per_days=7, minimum_gap_days=7),
        hold_days_overdue=None,
    ),
    Preset(
        name="standard",
        title="Standard",
        means="A note before the due date and five reminders that grow firmer. On credit hold at 60 days overdue.",
        ladder=DEFAULT_LADDER,
        budget=Budget(),
        hold_days_overdue=60,
    ),
    Preset(
        name="firm",
        title="Firm",
        means="A note before the due date, then a reminder about every week. On credit hold at 30 days overdue.",
        ladder=(
            Step(number=1, days=-3, template="pre_due"),
            Step(number=2, days=1, template="reminder_1"),
            Step(number=3, days=7, template="reminder_2"),
            Step(number=4, days=14, template="reminder_3", tone=Tone.FIRM),
            Step(number=5, days=21, template="reminder_4", tone=Tone.FIRM),
            Step(number=6, days=30, template="final_notice", tone=Tone.FINAL),
        ),
        budget=Budget(messages=2, per_days=7, minimum_gap_days=2),
        hold_days_overdue=30,
    ),
)


def preset(name: str) -> Preset | None:
    """The preset of that name; None for a name that is not there."""
    return next((one for one in PRESETS if one.name == name), None)


def with_preset(policy: Policy, chosen: Preset) -> Policy:
    """`policy` with the preset's parts in the place of its own."""
    credit = policy.credit.model_copy(update={"hold_days_overdue": chosen.hold_days_overdue})
    parts: dict[str, Any] = {"ladder": chosen.ladder, "budget": chosen.budget, "credit": credit}
    return policy.model_copy(update=parts)


def preset_of(policy: Policy) -> Preset | None:
    """The preset that the policy is an instance of; None where somebody has changed it since."""
    for one in PRESETS:
        same = (policy.ladder, policy.budget, policy.credit.hold_days_overdue)
        if same == (one.ladder, one.budget, one.hold_days_overdue):
            return one
    return None
