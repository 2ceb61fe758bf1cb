"""Who plays what: each customer's habit, order rhythm and, for some, how it stands on the day the stage is set.

The first parts are fixed, so that a visitor meets every kind of customer at a different step of a reminder ladder. The
rest of the company is drawn from everyday habits, most of which pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from sandbox.world import habits
from sandbox.world.businesses import Business
from sandbox.world.habits import Habit


@dataclass(frozen=True, kw_only=True)
class Part:
    """One customer's part. Day counts with `before` or `overdue` look back from the day the stage is set."""

    habit: Habit
    every_days: int
    """From one order to the next."""
    term_days: int = 30
    overdue_days: int | None = None
    """An invoice is open and this many days overdue when the stage is set."""
    broke_before_days: int | None = None
    """Since then it has paid nothing, and soon after ordered nothing."""
    credit_before_days: int | None = None
    """Goods came back then, and the credit note is still open."""
    archived_before_days: int | None = None
    """Left, with everything paid, and was archived then."""
    addresses: int = 1
    """E-mail addresses in its one e-mail field."""
    size: int = 100
    """Per cent of a usual order."""
    is_abroad: bool = False


_FIXED = (
    Part(habit=habits.REMINDED, every_days=60, term_days=20, overdue_days=4, addresses=2),
    Part(habit=habits.REMINDED, every_days=90, overdue_days=11),
    Part(habit=habits.REMINDED, every_days=60, overdue_days=22, size=150),
    Part(habit=habits.LATE, every_days=60, term_days=20, overdue_days=9, addresses=0),
    Part(habit=habits.LATE, every_days=75, overdue_days=7),
    Part(habit=habits.PROMISES, every_days=60, overdue_days=14),
    Part(habit=habits.PARTIAL, every_days=60, overdue_days=18),
    Part(habit=habits.GIANT, every_days=30, overdue_days=36, size=400),
    Part(habit=habits.DISPUTES, every_days=90, overdue_days=26),
    Part(habit=habits.BUST, every_days=30, overdue_days=75, broke_before_days=112, size=130),
    Part(habit=habits.BUST, every_days=45, overdue_days=400, broke_before_days=424, size=60),
    Part(habit=habits.ON_ACCOUNT, every_days=45, overdue_days=9),
    Part(habit=habits.PROMPT, every_days=60, overdue_days=3, credit_before_days=12),
    Part(habit=habits.ROUNDS_UP, every_days=30, term_days=14),
    Part(habit=habits.PROMPT, every_days=40, archived_before_days=150),
)

_EVERYDAY = (
    (habits.PROMPT, 10),
    (habits.EARLY, 4),
    (habits.NEARLY, 3),
)
"""(habit, how common)."""


def cast(business: Business, customers: int, rng: Random) -> Sequence[Part]:
    """Parts for `customers` customers. Raises ValueError for fewer than the fixed parts need."""
    if customers < len(_FIXED):
        raise ValueError(f"{customers} customers cannot play {len(_FIXED)} fixed parts")
    parts = [_shifted(part, rng) for part in _FIXED] + [
        _everyday(business, rng) for _ in range(customers - len(_FIXED))
    ]
    if business.other_currency:
        parts[-1] = replace(parts[-1], habit=habits.NEARLY, every_days=45, is_abroad=True)
    return parts


def _shifted(part: Part, rng: Random) -> Part:
    """The same part a day or two later, so that no two companies are copies of each other."""
    if part.overdue_days is None:
        return part
    return replace(part, overdue_days=part.overdue_days + rng.randint(0, 2))


def _everyday(business: Business, rng: Random) -> Part:
    habit = rng.choices([habit for habit, _ in _EVERYDAY], [weight for _, weight in _EVERYDAY])[0]
    if habit.takes_discount and business.discount is None:
        habit = habits.PROMPT
    every = max(rng.choice(business.rhythms), 30 if habit.takes_discount else 0)
    # Whoever orders every week is billed on short terms, or the open bills would pile up.
    term = 7 if every <= 14 else 30 if habit.takes_discount else rng.choice(business.terms)
    size = 40 if every <= 14 else rng.choice((60, 80, 100, 100, 130))
    return Part(habit=habit, every_days=every, term_days=term, size=size)
