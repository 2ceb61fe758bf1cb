"""Working days, and arithmetic on dates that cannot fall off the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.calendar import WorkingDays, add_days, is_sending_day, working_days
from engine.policy import Calendar

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
FRIDAY = date(2026, 3, 6)


def _days(country: str, weekdays: tuple[int, ...], **facts: Any) -> WorkingDays:
    return working_days(Calendar(country=country, weekdays=weekdays, **facts))


def test_working_days_are_counted_forwards_and_backwards() -> None:
    days = _days("", MONDAY_TO_FRIDAY)
    assert days.add(FRIDAY, 1) == date(2026, 3, 9)
    assert days.add(FRIDAY, -5) == date(2026, 2, 27)


def test_no_working_days_later_is_the_day_itself_working_or_not() -> None:
    assert _days("", MONDAY_TO_FRIDAY).add(date(2026, 3, 7), 0) == date(2026, 3, 7)


def test_counting_from_a_day_off_starts_with_the_next_working_day() -> None:
    assert _days("", MONDAY_TO_FRIDAY).add(date(2026, 3, 7), 1) == date(2026, 3, 9)


def test_a_holiday_that_falls_on_a_weekend_is_kept_on_monday() -> None:
    """Boxing Day 2026 is a Saturday; in New Zealand Monday 28 December is the day off."""
    assert not _days("NZ", MONDAY_TO_FRIDAY).includes(date(2026, 12, 28))


def test_a_company_chooses_its_own_week() -> None:
    """Sunday to Thursday."""
    assert _days("", (6, 0, 1, 2, 3)).on_or_after(FRIDAY) == date(2026, 3, 8)


@pytest.mark.parametrize("country", ["", "ZZ"])
def test_a_country_without_known_holidays_has_none(country: str) -> None:
    assert _days(country, MONDAY_TO_FRIDAY).includes(date(2026, 12, 25))


@pytest.mark.parametrize(("country", "works"), [("GB", False), ("", True)])
def test_sending_days_follow_the_policy(country: str, works: bool) -> None:
    assert is_sending_day(Calendar(country=country), date(2026, 12, 25)) is works


def test_dates_stop_at_the_edge_of_time() -> None:
    assert add_days(date.max, 1) == date.max
    assert add_days(date.min, -1) == date.min
    assert _days("NZ", MONDAY_TO_FRIDAY).add(date.max, 3) == date.max
    assert _days("", (0,)).on_or_after(date.max) == date.max


def test_a_region_keeps_its_own_holidays_too() -> None:
    """Auckland Anniversary Day 2026 is a Monday, 26 January."""
    assert _days("NZ", MONDAY_TO_FRIDAY).includes(date(2026, 1, 26))
    assert not _days("NZ", MONDAY_TO_FRIDAY, region="AUK").includes(date(2026, 1, 26))


def test_a_region_that_is_not_there_is_refused_with_the_choice() -> None:
    with pytest.raises(ValueError, match="'XXX' is not a region of NZ: choose from AUK, "):
        Calendar(country="NZ", region="XXX")


def test_a_region_needs_its_country() -> None:
    with pytest.raises(ValueError, match="not a region of no country"):
        Calendar(region="AUK")


def test_the_company_closes_on_days_of_its_own() -> None:
    assert not _days("", MONDAY_TO_FRIDAY, closed_on=(FRIDAY,)).includes(FRIDAY)
