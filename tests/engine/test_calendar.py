"""Working days, and arithmetic on dates that cannot fall off the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from engine.calendar import add_days, is_sending_day, working_days
from engine.policy import Calendar

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
FRIDAY = date(2026, 3, 6)


def test_working_days_are_counted_forwards_and_backwards() -> None:
    days = working_days("", MONDAY_TO_FRIDAY)
    assert days.add(FRIDAY, 1) == date(2026, 3, 9)
    assert days.add(FRIDAY, -5) == date(2026, 2, 27)


def test_no_working_days_later_is_the_day_itself_working_or_not() -> None:
    assert working_days("", MONDAY_TO_FRIDAY).add(date(2026, 3, 7), 0) == date(2026, 3, 7)


def test_counting_from_a_day_off_starts_with_the_next_working_day() -> None:
    assert working_days("", MONDAY_TO_FRIDAY).add(date(2026, 3, 7), 1) == date(2026, 3, 9)


def test_a_holiday_that_falls_on_a_weekend_is_kept_on_monday() -> None:
    """Boxing Day 2026 is a Saturday; in New Zealand Monday 28 December is the day off."""
    assert not working_days("NZ", MONDAY_TO_FRIDAY).includes(date(2026, 12, 28))


def test_a_company_chooses_its_own_week() -> None:
    """Sunday to Thursday."""
    assert working_days("", (6, 0, 1, 2, 3)).on_or_after(FRIDAY) == date(2026, 3, 8)


@pytest.mark.parametrize("country", ["", "ZZ"])
def test_a_country_without_known_holidays_has_none(country: str) -> None:
    assert working_days(country, MONDAY_TO_FRIDAY).includes(date(2026, 12, 25))


@pytest.mark.parametrize(("country", "works"), [("GB", False), ("", True)])
def test_sending_days_follow_the_policy(country: str, works: bool) -> None:
    assert is_sending_day(Calendar(country=country), date(2026, 12, 25)) is works


def test_dates_stop_at_the_edge_of_time() -> None:
    assert add_days(date.max, 1) == date.max
    assert add_days(date.min, -1) == date.min
    assert working_days("NZ", MONDAY_TO_FRIDAY).add(date.max, 3) == date.max
    assert working_days("", (0,)).on_or_after(date.max) == date.max
