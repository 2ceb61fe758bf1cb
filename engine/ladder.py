"""The ladder: on which day each step of an invoice comes, which one it has reached, and which one is next.

Pure. Missed steps are never made up one by one: an invoice is at the highest step whose day has come. Whether a message
may go out today is `engine.budget`'s job; what goes into it is `engine.messages`'.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import lru_cache

from engine.account import Invoice
from engine.calendar import WorkingDays, add_days
from engine.policy import Step


class Ladder:
    """The steps of one policy, with their days worked out once per due date."""

    def __init__(self, steps: tuple[Step, ...], working: WorkingDays) -> None:
        self.steps = steps
        self._numbers = tuple(step.number for step in steps)
        self._working = working
        self.dates = lru_cache(maxsize=4096)(self._dates)
        """The day on which each step comes for an invoice with the given due date, in the order of the steps."""

    def step_due(self, invoice: Invoice, today: date) -> Step | None:
        """The highest step whose day has come, if the invoice has not had it or a higher one.

        A step before the due date lapses once that date has passed.
        """
        position = bisect_right(self.dates(invoice.due_on), today)
        if position == 0:
            return None
        step = self.steps[position - 1]
        if step.number <= invoice.last_step or (step.days < 0 and today > invoice.due_on):
            return None
        return step

    def next_step(self, invoice: Invoice, today: date) -> tuple[Step, date] | None:
        """The next step to come after `today`, with its day; None where the ladder is at its end."""
        dates = self.dates(invoice.due_on)
        position = max(bisect_right(dates, today), bisect_right(self._numbers, invoice.last_step))
        return (self.steps[position], dates[position]) if position < len(self.steps) else None

    def day_of(self, step: Step, due_on: date) -> date:
        """The day on which one of the ladder's steps comes."""
        return self.dates(due_on)[bisect_right(self._numbers, step.number) - 1]

    def next_message_on(self, due_on: date, last_step: int, earliest: date) -> date | None:
        """The first working day, `earliest` or later, on which a step after `last_step` could go out.

        `earliest` must be a working day. Steps before the due date that could not go out by then are passed over.
        """
        dates = self.dates(due_on)
        for position in range(bisect_right(self._numbers, last_step), len(dates)):
            day = earliest if dates[position] <= earliest else self._working.on_or_after(dates[position])
            if self.steps[position].days >= 0 or day <= due_on:
                return day
        return None

    def _dates(self, due_on: date) -> tuple[date, ...]:
        """Business and calendar offsets may be mixed; a later step still never comes before an earlier one."""
        dates: list[date] = []
        for step in self.steps:
            add = self._working.add if step.unit == "business" else add_days
            day = add(due_on, step.days)
            dates.append(max(day, dates[-1]) if dates else day)
        return tuple(dates)
