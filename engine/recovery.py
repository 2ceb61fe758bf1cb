"""Recovery: what old debt is still worth, and what is likely to be lost of debt by its age.

Pure arithmetic. Seed figures are defaults to be replaced by a company's own: of debt three months late 26 % is lost, of
six months 70 %, of a year 90 %. Source of the seeds: the product's own brief; they are rules of thumb, not statistics.
The provision matrix is the simplified approach of IFRS 9, 5.5.15: lifetime loss from day one, a rate per age band.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from engine.calendar import add_days
from engine.money import CurrencyMismatch, Money

SEEDS: tuple[tuple[int, Decimal], ...] = ((90, Decimal(26)), (180, Decimal(70)), (365, Decimal(90)))
"""(days overdue from which it counts, per cent lost)."""
AGES = tuple([days for days, _ in SEEDS])
SETTLES_WITHIN = 365
"""Days after which what has not come in is taken for lost."""
ENOUGH_FATES = 20
"""Invoices that must have reached an age before a company's own figure says more than a rule of thumb."""


def lost_percent(days_overdue: int, by_age: Sequence[tuple[int, Decimal]] = SEEDS) -> Decimal:
    """The share that is likely to be lost of debt of that age; 0 before the first age that is listed."""
    return max((percent for days, percent in by_age if days <= days_overdue), default=Decimal(0))


def expected_recovery(balance: Money, days_overdue: int, by_age: Sequence[tuple[int, Decimal]] = SEEDS) -> Money:
    """What is still likely to come in of a balance of that age."""
    return balance - balance.percent(lost_percent(days_overdue, by_age))


class Fate(Struct, frozen=True, kw_only=True):
    """What became of one invoice, in minor units of its currency."""

    due_on: date
    total: int
    received: tuple[tuple[date, int], ...] = ()
    """Money, with its days."""
    credited: tuple[tuple[date, int], ...] = ()
    """Credit notes: what they take off before an age was never owed then; after it, it is lost."""


class OwnLoss(Struct, frozen=True, kw_only=True):
    """What a company's own books say of debt that reached an age: how many invoices did, and how much never came in."""

    days: int
    invoices: int
    percent: Decimal

    @property
    def is_enough(self) -> bool:
        return self.invoices >= ENOUGH_FATES


def own_losses(fates: Iterable[Fate], today: date, ages: Sequence[int] = AGES) -> list[OwnLoss]:
    """One line per age that any invoice reached a year or more ago: until then nobody knows what becomes of it."""
    known = list(fates)
    found = []
    for days in ages:
        reached = [_at(fate, add_days(fate.due_on, days)) for fate in known if _is_told(fate, days, today)]
        owed = [(left, came) for left, came in reached if left > 0]
        whole = sum(left for left, _ in owed)
        if whole:
            lost = whole - sum(min(left, came) for left, came in owed)
            percent = (Decimal(lost) * 100 / whole).quantize(Decimal(1), rounding=ROUND_HALF_UP)
            found.append(OwnLoss(days=days, invoices=len(owed), percent=percent))
    return found


def told_until(today: date, ages: Sequence[int]) -> date:
    """The last due date of which `own_losses` tells anything."""
    return add_days(today, -(min(ages, default=0) + SETTLES_WITHIN))


def _is_told(fate: Fate, days: int, today: date) -> bool:
    return fate.due_on <= told_until(today, (days,))


def _at(fate: Fate, day: date) -> tuple[int, int]:
    """What was owed at the end of that day, and the money that came in after it."""
    off = sum(amount for on, amount in (*fate.received, *fate.credited) if on <= day)
    return fate.total - off, sum(amount for on, amount in fate.received if on > day)


def loss_rates(lost: Money, reached: Mapping[str, Money]) -> dict[str, Decimal | None]:
    """Loss rate per age band, in per cent: the amount finally lost, over what was unpaid on reaching the band.

    Sales 100,000; unpaid on reaching 30, 60 and 90 days 80,000, 45,000 and 15,000; lost 3,000: 3.00, 3.75, 6.67 and
    20.00 %. None where nothing reached the band.
    Source: finlearnhub.com/2019/04/01/ifrs-9-impairment-simplified-approach.
    """
    return {band: _rate(lost, amount) for band, amount in reached.items()}


def provision(balances: Mapping[str, Money], rates: Mapping[str, Decimal]) -> Money:
    """Expected credit loss: each band's balance at its own rate, rounded band by band.

    7.0m × 1.5 % + 4.0m × 3.4 % + 2.5m × 7.1 % + 1.0m × 10.8 % = 526,500. Raises KeyError for a band without a rate,
    ValueError for no bands, CurrencyMismatch for several currencies.
    """
    losses = [balance.percent(rates[band]) for band, balance in balances.items()]
    if not losses:
        raise ValueError("a provision needs at least one band")
    return sum(losses[1:], losses[0])


def _rate(lost: Money, amount: Money) -> Decimal | None:
    if amount.currency != lost.currency:
        raise CurrencyMismatch(amount.currency, lost.currency)
    return Decimal(lost.minor) * 100 / amount.minor if amount.minor > 0 else None
