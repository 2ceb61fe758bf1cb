"""Recovery: what old debt is still worth, and what is likely to be lost of debt by its age.

Pure arithmetic. Seed figures are defaults to be replaced by a company's own: of debt three months late 26 % is lost, of
six months 70 %, of a year 90 %. Source of the seeds: the product's own brief; they are rules of thumb, not statistics.
The provision matrix is the simplified approach of IFRS 9, 5.5.15: lifetime loss from day one, a rate per age band.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from engine.money import CurrencyMismatch, Money

SEEDS: tuple[tuple[int, Decimal], ...] = ((90, Decimal(26)), (180, Decimal(70)), (365, Decimal(90)))
"""(days overdue from which it counts, per cent lost)."""


def lost_percent(days_overdue: int, by_age: Sequence[tuple[int, Decimal]] = SEEDS) -> Decimal:
    """The share that is likely to be lost of debt of that age; 0 before the first age that is listed."""
    return max((percent for days, percent in by_age if days <= days_overdue), default=Decimal(0))


def expected_recovery(balance: Money, days_overdue: int, by_age: Sequence[tuple[int, Decimal]] = SEEDS) -> Money:
    """What is still likely to come in of a balance of that age."""
    return balance - balance.percent(lost_percent(days_overdue, by_age))


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
