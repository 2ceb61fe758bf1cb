"""The calendar: on which days, and in which hours, the company speaks to its customers."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from engine.policy.part import Part
from engine.zones import time_zones


class Calendar(Part):
    """When the company speaks to its customers, in its own time zone."""

    time_zone: str = "UTC"
    """IANA name, such as Pacific/Auckland."""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    """ISO 3166 country whose public holidays are kept; empty for none."""
    region: Annotated[str, Field(max_length=10)] = ""
    """State or region of the country whose own holidays are kept too, such as AUK, CA or BY; empty for none."""
    closed_on: Annotated[tuple[date, ...], Field(max_length=366)] = ()
    """Further days on which the company is closed."""
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = (0, 1, 2, 3, 4)
    """Days on which messages may go out; Monday is 0."""
    opens: time = time(9, 0)
    closes: time = time(17, 0)
    """Messages go out from `opens` until before `closes`."""
    spread_minutes: Annotated[int, Field(ge=0, le=480)] = 0
    """Messages go out over so many minutes after `opens`, each customer's always at the same time; 0 sends all at once.
    """
    in_customers_time: bool = False
    """These hours are the customer's own, for customers in a country that lives by one clock; the days stay ours."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in time_zones():
            raise ValueError(f"{value!r} is not a time zone: expected an IANA name such as Europe/London")
        return value

    @field_validator("opens", "closes", mode="before")
    @classmethod
    def _is_an_hour(cls, value: object) -> object:
        # YAML reads 9:30 as a number to the base of 60, and 25:00 likewise: minutes after midnight, if it is a time.
        if isinstance(value, int):
            if not 0 <= value < 24 * 60:
                raise ValueError("expected a time of day between 00:00 and 23:59, such as 09:30")
            return time(*divmod(value, 60))
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

    @model_validator(mode="after")
    def _region_is_known(self) -> Self:
        if self.region:
            import holidays  # slow to load, and few policies name a region

            known = holidays.list_supported_countries().get(self.country, [])
            if self.region not in known:
                choice = f"choose from {', '.join(known)}" if known else "none is known there"
                raise ValueError(f"{self.region!r} is not a region of {self.country or 'no country'}: {choice}")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day_of(self, now: datetime) -> date:
        """The company's own calendar day at `now`, an aware instant."""
        return now.astimezone(self.zone).date()
