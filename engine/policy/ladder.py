"""The ladder: the steps of a dunning run, from a note before the due date to the final notice."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from engine.policy.part import Part


class Tone(StrEnum):
    FRIENDLY = "friendly"
    FIRM = "firm"
    FINAL = "final"


class Step(Part):
    """One rung of the ladder. Offsets count from the due date; a negative one comes before it."""

    number: Annotated[int, Field(ge=1, le=99)]
    """Its place on the ladder, rising with `days`."""
    days: Annotated[int, Field(ge=-60, le=365)]
    """Days after the due date."""
    unit: Literal["calendar", "business"] = "calendar"
    template: Annotated[str, Field(min_length=1, max_length=60)]
    tone: Tone = Tone.FRIENDLY


DEFAULT_LADDER = (
    Step(number=1, days=-3, template="pre_due"),
    Step(number=2, days=3, template="reminder_1"),
    Step(number=3, days=10, template="reminder_2"),
    Step(number=4, days=20, template="reminder_3", tone=Tone.FIRM),
    Step(number=5, days=35, template="reminder_4", tone=Tone.FIRM),
    Step(number=6, days=50, template="final_notice", tone=Tone.FINAL),
)
"""A note before the due date, then five reminders."""
