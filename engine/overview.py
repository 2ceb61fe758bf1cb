"""An overview of one account's cases: what several rules ask of all of them, found in one look.

Pure. Taken once the guards have spoken and unsent invoices are held back: nothing in it changes after that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from engine.cases import Case

NONE_SO_LATE = -10_000_000
"""Days that no invoice has, since no date is so far away: where there is none to count them for."""


class Overview(Struct, frozen=True, gc=False):
    """Days count as in `Case.days`; `NONE_SO_LATE` where no case is meant."""

    oldest_debt: int
    """The days of the oldest invoice that is owed for sure."""
    oldest_free: int
    """The days of the oldest one that is ours to decide on and not yet so old that a person reviews it."""
    has_old: bool
    """Something is so old that a person reviews it, unless a guard speaks for it."""
    has_payments: bool
    """Something was paid in part."""
    ends_on: date | None
    """The first day on which a promise or a pause of an invoice ends that holds it back now."""


def overview_of(cases: Iterable[Case], review_after_days: int) -> Overview:
    """Where a case is more than `review_after_days` late, it is old."""
    debt = free = NONE_SO_LATE
    has_old = has_payments = False
    ends_on: date | None = None
    for case in cases:
        days = case.days
        if case.is_debt and days > debt:
            debt = days
        if days > review_after_days:
            has_old = True
        elif case.is_free and days > free:
            free = days
        if case.invoice.payments:
            has_payments = True
        if case.ends_on is not None and (ends_on is None or case.ends_on < ends_on):
            ends_on = case.ends_on
    return Overview(debt, free, has_old, has_payments, ends_on)
