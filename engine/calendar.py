"""The calendar: which days count as working days, and date arithmetic that cannot overflow.

Pure. Working days are the policy's weekdays without the public holidays of its place (the `holidays` library). Steps
in business days count them, and messages go out on them only: one notion for both. The hours of the send window are
`scheduler`'s job.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from engine.policy import Calendar

ONE_DAY = timedelta(days=1)
_LAST_DAY = date.max.toordinal()
_HOLIDAY_YEARS = range(1990, 2101)
"""Years whose holidays are worked out. Books hold stray dates such as 0001-01-01; no holiday law reaches there."""


def add_days(day: date, count: int) -> date:
    """`count` calendar days after `day`; before it when negative. Stays within what a date can hold."""
    # Asked several times for every account: by its number a day is found four times as fast as by a timedelta.
    number = day.toordinal() + count
    return date.fromordinal(number) if 1 <= number <= _LAST_DAY else (date.max if count > 0 else date.min)


class WorkingDays:
    """The working days of one place and one choice of weekdays. Ask `working_days` for one: it keeps them."""

    def __init__(self, country: str, region: str, weekdays: tuple[int, ...], closed_on: tuple[date, ...]) -> None:
        self._country, self._region = country, region
        self._weekdays, self._closed = frozenset(weekdays), frozenset(closed_on)
        self._holidays = lru_cache(maxsize=256)(self._holidays_in)
        self.on_or_after = lru_cache(maxsize=4096)(self._on_or_after)
        """The first working day that is not before the given day."""
        self.after = lru_cache(maxsize=64)(self._after)
        """The first working day after the given day."""

    def includes(self, day: date) -> bool:
        return day.weekday() in self._weekdays and day not in self._holidays(day.year) and day not in self._closed

    def holiday(self, day: date) -> str:
        """The name of the public holiday on `day`; "" where there is none."""
        return self._holidays(day.year).get(day, "")

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, or before it when negative; 0 is `day` itself, working or not."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        edge = date.max if count > 0 else date.min
        left = abs(count)
        while left and day != edge:
            day += step
            left -= self.includes(day)
        return day

    def _on_or_after(self, day: date) -> date:
        while day != date.max and not self.includes(day):
            day += ONE_DAY
        return day

    def _after(self, day: date) -> date:
        return self._on_or_after(day + ONE_DAY)

    def _holidays_in(self, year: int) -> dict[date, str]:
        """Public holidays, moved ones included. A country that the library does not know has none."""
        if not self._country or year not in _HOLIDAY_YEARS:
            return {}
        import holidays  # slow to load, and not every policy keeps holidays

        try:
            return dict(holidays.country_holidays(self._country, subdiv=self._region or None, years=year))
        except NotImplementedError:
            return {}


def working_days(calendar: Calendar) -> WorkingDays:
    """The working days of a policy's calendar, kept for later."""
    return _working_days(calendar.country, calendar.region, calendar.weekdays, calendar.closed_on)


_working_days = lru_cache(maxsize=64)(WorkingDays)


def is_sending_day(calendar: Calendar, day: date) -> bool:
    """Whether messages may go out on `day`, a day in the company's own calendar."""
    return working_days(calendar).includes(day)
