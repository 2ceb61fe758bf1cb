"""Forecast: which cash to expect in the weeks ahead, by each customer's own delay and its spread.

Pure arithmetic on the company's own records: nothing is trained, nothing compared across companies. Three courses are
followed for every open invoice: the customer pays as in their quick quarter of cases, as usual, or as in the slow one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import quantiles

from msgspec import Struct

from engine.calendar import add_days
from engine.money import Money

ENOUGH = 3
"""Settled invoices without which nothing is usual yet."""
WEEKS = 8
LEAST_WAIT = 7
"""Days within which an invoice is expected that is already later than its customer usually is."""


class Delay(Struct, frozen=True, kw_only=True):
    """Whole days between due date and payment; negative when paid early. A quarter of cases is at or below `quick`,
    half at or below `usual`, three quarters at or below `slow`."""

    quick: int
    usual: int
    slow: int
    cases: int


class Awaited(Struct, frozen=True, kw_only=True):
    """One open invoice."""

    customer_id: str
    due_on: date
    balance: Money


class Week(Struct, frozen=True, kw_only=True):
    """Seven days from `first_on`, in minor units. The last three are sums from tomorrow to the end of the week."""

    first_on: date
    expected: int
    by_then: int
    by_then_slow: int
    by_then_quick: int


class Outlook(Struct, frozen=True, kw_only=True):
    """Expected cash in one currency. `later` comes after the last week; `unknown` nobody can tell from the records."""

    currency: str
    weeks: tuple[Week, ...]
    later: int
    unknown: int


def delay_of(days_late: Sequence[int]) -> Delay | None:
    """The customer's own delay; None with fewer than three settled invoices to go by."""
    if len(days_late) < ENOUGH:
        return None
    quick, usual, slow = (int(part // 1) for part in quantiles(days_late, n=4, method="inclusive"))
    return Delay(quick=quick, usual=usual, slow=slow, cases=len(days_late))


def outlooks(
    awaited: Iterable[Awaited], delays: Mapping[str, Delay], anybody: Delay | None, today: date
) -> list[Outlook]:
    """One outlook per currency, the largest first. Customers without a delay of their own count as `anybody`."""
    by_currency: dict[str, list[tuple[int, tuple[date, date, date] | None]]] = {}
    for one in awaited:
        delay = delays.get(one.customer_id) or anybody
        days = None if delay is None else _days(one.due_on, delay, today)
        by_currency.setdefault(one.balance.currency, []).append((one.balance.minor, days))
    found = [_outlook(currency, some, today) for currency, some in by_currency.items()]
    return sorted(found, key=lambda one: (-_total(one), one.currency))


def _days(due_on: date, delay: Delay, today: date) -> tuple[date, date, date]:
    """When it comes if the customer is quick, as usual, or slow.

    What is already later than that comes within the spread from now, or within a week where there is hardly any.
    """
    wait = max(LEAST_WAIT, delay.slow - delay.quick)
    quick, usual, slow = (add_days(due_on, days) for days in (delay.quick, delay.usual, delay.slow))
    tomorrow = add_days(today, 1)
    quick = quick if quick > today else tomorrow
    usual = usual if usual > today else add_days(today, (wait + 1) // 2)
    slow = slow if slow > today else add_days(today, wait)
    return quick, max(quick, usual), max(quick, usual, slow)


def _outlook(currency: str, some: Sequence[tuple[int, tuple[date, date, date] | None]], today: date) -> Outlook:
    weeks: list[Week] = []
    last_on = today
    for number in range(WEEKS):
        first_on, last_on = add_days(today, 7 * number + 1), add_days(today, 7 * number + 7)
        quick, usual, slow = (
            sum(minor for minor, days in some if days is not None and days[course] <= last_on) for course in range(3)
        )
        before = weeks[-1].by_then if weeks else 0
        weeks.append(
            Week(
                first_on=first_on,
                expected=usual - before,
                by_then=usual,
                by_then_slow=slow,
                by_then_quick=quick,
            )
        )
    later = sum(minor for minor, days in some if days is not None and days[1] > last_on)
    unknown = sum(minor for minor, days in some if days is None)
    return Outlook(currency=currency, weeks=tuple(weeks), later=later, unknown=unknown)


def _total(outlook: Outlook) -> int:
    return outlook.weeks[-1].by_then + outlook.later + outlook.unknown


def month_ends(today: date, months: int) -> list[date]:
    """The last days of the so many months before `today`'s own, and `today` itself; oldest first."""
    days = [today]
    day = today.replace(day=1)
    for _ in range(months):
        day -= timedelta(days=1)
        days.append(day)
        day = day.replace(day=1)
    return days[::-1]
