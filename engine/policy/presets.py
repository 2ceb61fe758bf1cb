"""Presets: three whole ladders to start from, from gentle to firm. Each is a policy like any other."""

from __future__ import annotations

from typing import Literal

from engine.policy.budget import Budget
from engine.policy.credit import Credit
from engine.policy.document import Policy
from engine.policy.ladder import DEFAULT_LADDER, Step, Tone

PresetName = Literal["gentle", "standard", "firm"]

GENTLE_LADDER = (
    Step(number=1, days=7, template="reminder_1"),
    Step(number=2, days=21, template="reminder_2"),
    Step(number=3, days=40, template="reminder_3", tone=Tone.FIRM),
    Step(number=4, days=60, channel="call"),
)
FIRM_LADDER = (
    Step(number=1, days=-5, template="pre_due", when="invoice.balance >= 1000.0"),
    Step(number=2, days=1, template="reminder_1"),
    Step(number=3, days=7, template="reminder_2"),
    Step(number=4, days=14, template="reminder_3", tone=Tone.FIRM),
    Step(number=5, days=21, channel="call"),
    Step(number=6, days=30, template="final_notice", tone=Tone.FINAL, repeat_every_days=14, repeat_times=1),
)

PRESETS: dict[PresetName, Policy] = {
    "gentle": Policy(
        ladder=GENTLE_LADDER,
        budget=Budget(messages=1, per_days=7, minimum_gap_days=7),
        credit=Credit(hold_days_overdue=90),
    ),
    "standard": Policy(ladder=DEFAULT_LADDER),
    "firm": Policy(
        ladder=FIRM_LADDER,
        budget=Budget(messages=3, per_days=7, minimum_gap_days=2),
        credit=Credit(hold_days_overdue=30),
    ),
}
"""Calendar, sender and currency are those of the default: `with_preset` keeps a company's own."""


def with_preset(policy: Policy, name: PresetName) -> Policy:
    """`policy` with the ladder, the contact budget and the hold of a preset; everything else stays."""
    preset = PRESETS[name]
    hold = {"hold_days_overdue": preset.credit.hold_days_overdue}
    return policy.model_copy(
        update={"ladder": preset.ladder, "budget": preset.budget, "credit": policy.credit.model_copy(update=hold)}
    )
