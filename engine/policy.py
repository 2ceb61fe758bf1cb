"""The policy: how a company wants its customers treated. A typed, versioned document, YAML in and out.

Pure. Amounts are decimals in the currency named beside them. `decide` reads it; the settings page edits it; the store
keeps every version.
"""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tone(StrEnum):
    FRIENDLY = "friendly"
    FIRM = "firm"
    FINAL = "final"


class Step(_Part):
    """One rung of the ladder. Offsets count from the due date; a negative one comes before it."""

    number: Annotated[int, Field(ge=1, le=99)]
    """Its place on the ladder, rising with `days`."""
    days: Annotated[int, Field(ge=-60, le=365)]
    """Days after the due date."""
    unit: Literal["calendar", "business"] = "calendar"
    template: Annotated[str, Field(min_length=1, max_length=60)]
    tone: Tone = Tone.FRIENDLY


class Calendar(_Part):
    """When the company speaks to its customers, in its own time zone."""

    time_zone: str = "UTC"
    """IANA name, such as Pacific/Auckland."""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    """ISO 3166 country whose public holidays are kept; empty for none."""
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = (0, 1, 2, 3, 4)
    """Days on which messages may go out; Monday is 0."""
    opens: time = time(9, 0)
    closes: time = time(17, 0)
    """Messages go out from `opens` until before `closes`."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone: expected an IANA name such as Europe/London")
        return value

    @field_validator("weekdays")
    @classmethod
    def _has_a_day(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value:
            raise ValueError("choose at least one weekday on which messages may go out")
        return tuple(sorted(set(value)))

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"the send window closes at {self.closes:%H:%M}, before it opens at {self.opens:%H:%M}")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Budget(_Part):
    """How often one customer may be contacted, over every kind of message."""

    messages: Annotated[int, Field(ge=1, le=50)] = 2
    per_days: Annotated[int, Field(ge=1, le=31)] = 7
    """At most `messages` in any `per_days` days."""
    minimum_gap_days: Annotated[int, Field(ge=0, le=60)] = 3
    """Whole days between one message to a customer and the next."""


class Discount(_Part):
    """Early-payment discounts that customers are told of. Terms on the invoice itself always go before `percent`."""

    is_on: bool = True
    percent: Annotated[Decimal, Field(ge=0, le=50)] = Decimal(0)
    """Offered on every invoice without terms of its own; 0 offers only what an invoice's own terms give."""
    days: Annotated[int, Field(ge=1, le=120)] = 10
    """Days after the invoice date within which `percent` is earned."""
    tell_days_before: Annotated[int, Field(ge=0, le=60)] = 4
    """How long before the last day the customer is told."""


class Credit(_Part):
    """When a customer gets no new credit, and when it gets credit again."""

    is_on: bool = True
    hold_days_overdue: Annotated[int, Field(ge=1, le=720)] | None = 60
    """Hold when any invoice is this many days overdue; None never holds for lateness."""
    default_limit: Annotated[Decimal, Field(gt=0)] | None = None
    """Credit limit of a customer that has none of its own, in the company's base currency; None is unlimited."""


class Exclusions(_Part):
    """What is left alone."""

    minimum_balance: Annotated[Decimal, Field(ge=0)] = Decimal(5)
    """Customers who owe less than this in a currency get no message about it."""
    review_after_days: Annotated[int, Field(ge=30, le=3650)] = 365
    """Debt older than this is put on a list for a person instead of being chased."""


class Sender(_Part):
    """Who the messages are from, as customers see it. Empty fields fall back on the company's own name and address."""

    name: Annotated[str, Field(max_length=80, pattern=r"^[^\r\n]*$")] = ""
    reply_to: Annotated[str, Field(max_length=254, pattern=r"^([^@\s,;<>]+@[^@\s,;<>]+)?$")] = ""
    """Where customers' replies go."""


DEFAULT_LADDER = (
    Step(number=1, days=-3, template="pre_due"),
    Step(number=2, days=3, template="reminder_1"),
    Step(number=3, days=10, template="reminder_2"),
    Step(number=4, days=20, template="reminder_3", tone=Tone.FIRM),
    Step(number=5, days=35, template="reminder_4", tone=Tone.FIRM),
    Step(number=6, days=50, template="final_notice", tone=Tone.FINAL),
)
"""A note before the due date, then five reminders."""


class Policy(_Part):
    """The whole document. `version` is given by the store; 0 is not saved yet."""

    version: int = 0
    calendar: Calendar = Calendar()
    ladder: tuple[Step, ...] = DEFAULT_LADDER
    budget: Budget = Budget()
    discount: Discount = Discount()
    credit: Credit = Credit()
    exclusions: Exclusions = Exclusions()
    sender: Sender = Sender()
    base_currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""

    @field_validator("ladder")
    @classmethod
    def _climbs(cls, ladder: tuple[Step, ...], _info: ValidationInfo) -> tuple[Step, ...]:
        for lower, upper in pairwise(ladder):
            if upper.number <= lower.number or upper.days <= lower.days:
                raise ValueError(
                    f"step {upper.number} ({upper.days} days) must come after step {lower.number} ({lower.days} days)"
                )
        return ladder

    def to_yaml(self) -> str:
        return yaml.safe_dump(self.model_dump(mode="json", exclude={"version"}), sort_keys=False, allow_unicode=True)

    @classmethod
    def from_yaml(cls, text: str) -> Policy:
        """Raises pydantic.ValidationError, naming every wrong field, or yaml.YAMLError."""
        return cls.model_validate(yaml.safe_load(text) or {})
