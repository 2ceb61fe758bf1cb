"""The ladder: the steps of a dunning run, from a note before the due date to the final notice."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from engine.conditions import check
from engine.policy.part import Part
from engine.policy.sender import Sender

Address = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$")]
Anchor = Literal["due", "invoice", "month_end"]


class Tone(StrEnum):
    FRIENDLY = "friendly"
    FIRM = "firm"
    FINAL = "final"


class Step(Part):
    """One rung of the ladder, or several where it is repeated."""

    number: Annotated[int, Field(ge=1, le=99)]
    """Its place on the ladder, rising from step to step. A repeated step also takes the numbers that follow."""
    days: Annotated[int, Field(ge=-60, le=365)]
    """Days after the anchor; negative before it."""
    anchor: Anchor = "due"
    """What `days` counts from: the due date, the invoice date, or the end of the month of the invoice date."""
    unit: Literal["calendar", "business"] = "calendar"
    channel: Literal["email", "call"] = "email"
    """`call` puts a telephone call with talking points on a person's list instead of sending a message."""
    template: Annotated[str, Field(max_length=60)] = ""
    """The wording of an email; a call has none."""
    tone: Tone = Tone.FRIENDLY
    when: Annotated[str, AfterValidator(check())] = ""
    """The step is passed over where this condition does not hold; empty always holds."""
    repeat_every_days: Annotated[int, Field(ge=1, le=90)] | None = None
    repeat_times: Annotated[int, Field(ge=0, le=30)] = 0
    """How often the step is repeated after the first time, each `repeat_every_days` later."""
    minimum_gap_days: Annotated[int, Field(ge=0, le=60)] = 0
    """Whole days that must lie between the invoice's previous step and this one."""
    recipients: Literal["billing", "everyone"] = "everyone"
    """Only the first address of the customer, or all its contact persons in copy."""
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    """Addresses copied on this step, such as a director's on the last ones."""
    sender: Sender | None = None
    """Who this step is from, where it is somebody else than usual."""
    needs_approval: bool = False
    """A message at this step waits for a person in automatic mode too."""

    @property
    def last_number(self) -> int:
        """The number of its last repetition; its own where it is not repeated."""
        return self.number + self.repeat_times

    @property
    def last_days(self) -> int:
        return self.days + self.repeat_times * (self.repeat_every_days or 0)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.channel == "email" and not self.template:
            raise ValueError("an email step names its wording in `template`")
        if self.repeat_times and self.repeat_every_days is None:
            raise ValueError("a repeated step says in `repeat_every_days` how many days lie between")
        return self


def rungs(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps with every repetition written out as a step of its own."""
    return tuple(
        step.model_copy(
            update={
                "number": step.number + again,
                "days": step.days + again * (step.repeat_every_days or 0),
                "repeat_times": 0,
                "repeat_every_days": None,
            }
        )
        for step in steps
        for again in range(step.repeat_times + 1)
    )


def check_climbs(ladder: tuple[Step, ...]) -> tuple[Step, ...]:
    """Raises ValueError, naming both, where a step does not come after the one before it."""
    for lower, upper in pairwise(ladder):
        if upper.number <= lower.last_number:
            before = f"step {lower.number} ({lower.days} days)"
            takes = f", which is repeated up to number {lower.last_number}" if lower.repeat_times else ""
            raise ValueError(f"step {upper.number} ({upper.days} days) must come after {before}{takes}")
        if upper.anchor == lower.anchor and upper.days <= lower.last_days:
            raise ValueError(
                f"step {upper.number} ({upper.days} days) must come after step {lower.number} ({lower.last_days} days)"
            )
    return ladder


Steps = Annotated[tuple[Step, ...], AfterValidator(check_climbs)]

DEFAULT_LADDER = (
    Step(number=1, days=-3, template="pre_due"),
    Step(number=2, days=3, template="reminder_1"),
    Step(number=3, days=10, template="reminder_2"),
    Step(number=4, days=20, template="reminder_3", tone=Tone.FIRM),
    Step(number=5, days=35, template="reminder_4", tone=Tone.FIRM),
    Step(number=6, days=50, template="final_notice", tone=Tone.FINAL),
)
"""A note before the due date, then five reminders."""
