"""The ladder: on which day each step of an invoice comes, which one it has reached, and which one is next.

Pure. Missed steps are never made up one by one: an invoice is at the highest step whose day has come. Whether a message
may go out today is `engine.budget`'s job; whether a step is put off, `engine.postponing`'s; what goes into it,
`engine.messages`'. Answers depend on few dates and are shared by all invoices that have them in common.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Collection
from datetime import date
from functools import lru_cache

from msgspec import Struct

from engine.account import Invoice
from engine.calendar import WorkingDays, add_days
from engine.cases import NONE
from engine.policy import Step
from engine.policy.ladder import rungs


class Standing(Struct, frozen=True, gc=False):
    """Where an invoice stands on one day."""

    due: Step | None
    """The highest step whose day has come, if the invoice has not had it or a higher one."""
    due_since_on: date
    is_early: bool
    """The step that is due is a note before the due date: it lapses once that date has passed."""
    next: Step | None
    """The next step to come after today."""
    next_on: date
    comes_on: date | None
    """The working day on which that step comes; None where more than its own day has to be asked."""


class _Standings(dict[tuple[date, date, int], Standing]):
    """Where invoices stand on one day, by invoice date, due date and last step: worked out when first asked for.

    A large company's invoices share a few thousand answers, and asking for one costs a look into a dictionary.
    """

    def __init__(self, ladder: Ladder, today: date) -> None:
        super().__init__()
        self._ladder, self._today = ladder, today

    def __missing__(self, key: tuple[date, date, int]) -> Standing:
        if len(self) >= _MOST_STANDINGS:
            self.clear()
        issued_on, due_on, last_step = key
        found = self[key] = self._ladder._standing(issued_on, due_on, last_step, self._today, NONE)
        return found


_MOST_STANDINGS = 32768


class Ladder:
    """The steps of one policy, repetitions written out, with their days worked out once per invoice and due date."""

    def __init__(self, steps: tuple[Step, ...], working: WorkingDays) -> None:
        self.steps = rungs(steps)
        self.conditional = tuple(step for step in self.steps if step.when)
        self.has_calls = any(step.channel == "call" for step in self.steps)
        self._numbers = tuple(step.number for step in self.steps)
        self.by_invoice_date = any(step.anchor != "due" for step in self.steps)
        """Whether the days of the steps depend on more than the due date."""
        self.has_gaps = any(step.minimum_gap_days for step in self.steps)
        self._working = working
        self._dates = lru_cache(maxsize=8192)(self._dates_of)
        self._stands = lru_cache(maxsize=32768)(self._standing)
        self.on = lru_cache(maxsize=4)(self._on)
        """Where invoices stand on a day, by (invoice date, due date, last step); the invoice date is `date.min` for a
        ladder that does not go by it."""
        self._comes = lru_cache(maxsize=32768)(self._next_message)

    def standing(self, invoice: Invoice, last_step: int, today: date, passed_over: frozenset[int] = NONE) -> Standing:
        """Where the invoice stands, having had `last_step`, without the steps whose condition does not hold for it."""
        issued_on = invoice.issued_on if self.by_invoice_date else date.min
        return self._stands(issued_on, invoice.due_on, last_step, today, passed_over)

    def _on(self, today: date) -> _Standings:
        return _Standings(self, today)

    def day_of(self, step: Step, invoice: Invoice) -> date:
        """The day on which one of the ladder's steps comes."""
        return self.dates(invoice)[bisect_right(self._numbers, step.number) - 1]

    def dates(self, invoice: Invoice) -> tuple[date, ...]:
        """The day on which each step comes, in the order of the steps."""
        return self._dates(invoice.issued_on if self.by_invoice_date else date.min, invoice.due_on)

    def next_message_on(
        self,
        invoice: Invoice,
        last_step: int,
        last_on: date | None,
        earliest: date,
        never: frozenset[int] = NONE,
    ) -> date | None:
        """The first working day, `earliest` or later, for a step after `last_step`, which was taken on `last_on`.

        `earliest` must be a working day. Steps before the due date that could not go out by then are passed over, and
        those in `never`.
        """
        issued_on = invoice.issued_on if self.by_invoice_date else date.min
        return self._comes(issued_on, invoice.due_on, last_step, last_on if self.has_gaps else None, earliest, never)

    def calls_had(self, invoice: Invoice, called_on: date) -> int:
        """The highest call step that a call on that day answers; 0 for none."""
        reached = zip(self.steps, self.dates(invoice), strict=True)
        return max((step.number for step, on in reached if step.channel == "call" and on <= called_on), default=0)

    def reached_by(self, invoice: Invoice, day: date) -> int:
        """The number of the last step whose day has come by then; 0 for none."""
        reached = bisect_right(self.dates(invoice), day)
        return self._numbers[reached - 1] if reached else 0

    def first_overdue(self, invoice: Invoice) -> int:
        """The number of the first step that is not a note before the due date; beyond all steps where there is none."""
        position = bisect_left(self.dates(invoice), invoice.due_on)
        return self._numbers[position] if position < len(self._numbers) else 1000

    def _standing(
        self, issued_on: date, due_on: date, last_step: int, today: date, passed_over: Collection[int]
    ) -> Standing:
        dates = self._dates(issued_on, due_on)
        reached = bisect_right(dates, today)
        early = bisect_left(dates, due_on)
        following = range(max(reached, bisect_right(self._numbers, last_step)), len(dates))
        coming = next((at for at in following if self._numbers[at] not in passed_over), None)
        next_on = date.max if coming is None else dates[coming]
        found = self._reached(reached, early if today > due_on else 0, last_step, passed_over)
        return Standing(
            due=None if found is None else self.steps[found],
            due_since_on=date.max if found is None else dates[found],
            is_early=found is not None and found < early,
            next=None if coming is None else self.steps[coming],
            next_on=next_on,
            comes_on=None if self.has_gaps or next_on < due_on else self._working.on_or_after(next_on),
        )

    def _reached(self, reached: int, lapsed: int, last_step: int, passed_over: Collection[int]) -> int | None:
        """The position of the highest step that is due: not lapsed, not had, not passed over."""
        for position in range(reached - 1, lapsed - 1, -1):
            if self._numbers[position] <= last_step:
                return None
            if self._numbers[position] not in passed_over:
                return position
        return None

    def _next_message(
        self,
        issued_on: date,
        due_on: date,
        last_step: int,
        last_on: date | None,
        earliest: date,
        never: Collection[int],
    ) -> date | None:
        dates = self._dates(issued_on, due_on)
        best: date | None = None
        for position in range(bisect_right(self._numbers, last_step), len(dates)):
            step = self.steps[position]
            if step.number in never:
                continue
            opens = dates[position]
            if last_on is not None and step.minimum_gap_days:
                opens = max(opens, add_days(last_on, step.minimum_gap_days))
            day = earliest if opens <= earliest else self._working.on_or_after(opens)
            if (dates[position] >= due_on or day <= due_on) and (best is None or day < best):
                best = day
            if best is not None and not self.has_gaps:
                return best
        return best

    def _dates_of(self, issued_on: date, due_on: date) -> tuple[date, ...]:
        """Offsets of any kind may be mixed; a later step still never comes before an earlier one."""
        dates: list[date] = []
        for step in self.steps:
            start = due_on
            if step.anchor != "due":
                start = issued_on if step.anchor == "invoice" else _month_end(issued_on)
            day = self._working.add(start, step.days) if step.unit == "business" else add_days(start, step.days)
            dates.append(max(day, dates[-1]) if dates else day)
        return tuple(dates)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
