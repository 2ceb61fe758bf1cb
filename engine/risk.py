"""Risk: how a customer has paid so far, as figures that a person can check, from the company's own records alone.

Pure arithmetic on settled invoices and past promises; nothing is compared across companies, and nothing is trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from msgspec import Struct

from engine.history import PastPromise, Settled
from engine.money import Money

ENOUGH = 3
"""Settled invoices without which nothing is usual yet."""
SLOW_DAYS = 30
"""A customer who usually pays so late is slow."""


class Behaviour(Struct, frozen=True, kw_only=True):
    """What the records say about one customer."""

    settled: int
    usual_days_late: int | None
    """Median of the days after the due date; None with too few invoices to go by. Negative: pays early."""
    in_time_percent: Decimal | None
    """Share of settled invoices that were paid by their due date."""
    promises_kept: int
    promises_broken: int


class Score(Struct, frozen=True, kw_only=True):
    """A risk score from 0 (pays in time) to 100, as the sum of its parts: (what it is about, points)."""

    points: int
    parts: tuple[tuple[str, int], ...]


def behaviour_of(history: Sequence[Settled], promises: Sequence[PastPromise] = ()) -> Behaviour:
    in_time = sum(each.days_late <= 0 for each in history)
    kept = sum(promise.was_kept for promise in promises)
    return Behaviour(
        settled=len(history),
        usual_days_late=usual_days_late(history),
        in_time_percent=Decimal(100 * in_time) / len(history) if history else None,
        promises_kept=kept,
        promises_broken=len(promises) - kept,
    )


def usual_days_late(history: Sequence[Settled]) -> int | None:
    """The median of days late, rounded down; None with fewer than three settled invoices.

    What shows here is when payments were booked: a customer who pays on the day, by a bank that takes four days, is
    four days late here, and is not to be chased for those.
    """
    if len(history) < ENOUGH:
        return None
    return int(median(each.days_late for each in history) // 1)


def score(behaviour: Behaviour, oldest_days_overdue: int = 0) -> Score:
    """Up to 40 points for usual lateness (a point a day), 30 for what is overdue now (a point per 2 days), 20 for the
    share of invoices paid late, 10 for broken promises (5 each). Unknown habits count half."""
    late = behaviour.usual_days_late
    in_time = behaviour.in_time_percent
    parts = (
        ("usual days late", 20 if late is None else min(40, max(0, late))),
        ("overdue now", min(30, max(0, oldest_days_overdue) // 2)),
        ("invoices paid late", 10 if in_time is None else int((100 - in_time) / 5)),
        ("broken promises", min(10, 5 * behaviour.promises_broken)),
    )
    return Score(points=sum(points for _, points in parts), parts=parts)


def peak_exposure(history: Sequence[Settled], currency: str) -> Money:
    """The most that was open at once among invoices since settled: what this customer has shown to be good for."""
    changes: list[tuple[int, int]] = []
    for each in history:
        if each.total.currency == currency:
            changes += [
                (each.issued_on.toordinal(), each.total.minor),
                (each.settled_on.toordinal(), -each.total.minor),
            ]
    peak = running = 0
    for _, change in sorted(changes):
        running += change
        peak = max(peak, running)
    return Money(peak, currency)


def suggested_limit(peak: Money, risk: Score) -> Money:
    """A credit limit that the records bear: the most that was open at once, by a factor for risk, to two digits.

    Up to 20 points × 1.25, up to 40 × 1, up to 60 × 0.5, beyond that none. Peak 8,000.00 at 10 points: 10,000.00.
    """
    percent = 125 if risk.points <= 20 else 100 if risk.points <= 40 else 50 if risk.points <= 60 else 0
    minor = peak.minor * percent // 100
    unit = 10 ** max(0, len(str(minor)) - 2)
    return Money(minor // unit * unit, peak.currency)
