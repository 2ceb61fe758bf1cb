"""Measures: how quickly a company turns its sales into money.

Pure arithmetic on totals in one currency. Receivables and sales must be of a kind: both with tax or both without, sales
on credit only and net of credit notes, and invoices dated in the future left out. Days are those of the actual period.
Results are exact; whoever shows them rounds. None means that the books cannot say, as when nothing was sold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from engine.money import CurrencyMismatch, Money


class MonthOfSales(Struct, frozen=True):
    """What one month sold on credit, and how many days it had."""

    sales: Money
    days: int


def dso(receivables: Money, sales: Money, days: int) -> Decimal | None:
    """Days sales outstanding: receivables ÷ credit sales × days. 1.2m ÷ 10m × 365 = 43.8.

    Source: criskco.com/blog/dso-add-collection-tools.
    """
    return _share(receivables, sales, days)


def best_possible_dso(current: Money, sales: Money, days: int) -> Decimal | None:
    """DSO if nothing were late: receivables not yet due ÷ credit sales × days. 0.8m ÷ 10m × 365 = 29.2.

    Source: criskco.com/blog/dso-add-collection-tools.
    """
    return _share(current, sales, days)


def average_days_delinquent(receivables: Money, current: Money, sales: Money, days: int) -> Decimal | None:
    """ADD: DSO − best possible DSO, the days that lateness costs. 43.8 − 29.2 = 14.6.

    Source: criskco.com/blog/dso-add-collection-tools. Not the mean lateness of invoices: see `average_days_late`.
    """
    return _share(receivables - current, sales, days)


def average_days_late(invoices: Iterable[tuple[Money, int]]) -> Decimal | None:
    """Mean lateness of (amount, days late) pairs, weighed by amount: Σ(amount × days) ÷ Σ amount.

    1,000 at 10 days and 3,000 at 2: 16,000 ÷ 4,000 = 4.0. Days before the due date count as 0.
    """
    weighed = total = 0
    currency: str | None = None
    for amount, days in invoices:
        if currency is not None and amount.currency != currency:
            raise CurrencyMismatch(currency, amount.currency)
        currency = amount.currency
        weighed += amount.minor * max(0, days)
        total += amount.minor
    return Decimal(weighed) / total if total > 0 else None


def count_back_dso(receivables: Money, months: Sequence[MonthOfSales]) -> Decimal | None:
    """DSO by exhaustion: take whole months of sales off the receivables, the newest of `months` first, and count days.

    The month that is only partly needed counts by its part. Receivables 250; June 100 (30 days), May 120 (31), April
    110 (30): 250 − 100 − 120 = 30, so 30 + 31 + 30 ÷ 110 × 30 = 69.2. None where the months do not reach back far
    enough. Unlike simple DSO it does not fall in a month of high sales. Source: method used by Upflow; arithmetic own.
    """
    left, days = receivables.minor, Decimal(0)
    for month in months:
        if left <= 0:
            break
        if month.sales.currency != receivables.currency:
            raise CurrencyMismatch(receivables.currency, month.sales.currency)
        sold = max(0, month.sales.minor)
        days += month.days if left >= sold else Decimal(left) / sold * month.days
        left -= sold
    return days if left <= 0 else None


def cei(opening: Money, sales: Money, closing: Money, closing_current: Money) -> Decimal | None:
    """Collection effectiveness index, in per cent: how much of what could be collected in the period was.

    (opening + sales − closing total) ÷ (opening + sales − closing current) × 100.
    (300 + 200 − 280) ÷ (300 + 200 − 180) = 68.75. Over more than a month, `sales` is the mean per month.
    Source: encyclopediaofcredit.com; deltarecovery.com.
    """
    collectable = (opening + sales - closing_current).minor
    return Decimal((opening + sales - closing).minor) / collectable * 100 if collectable > 0 else None


def _share(part: Money, sales: Money, days: int) -> Decimal | None:
    """`part` ÷ `sales` × `days`, or None where nothing was sold."""
    if part.currency != sales.currency:
        raise CurrencyMismatch(part.currency, sales.currency)
    return Decimal(part.minor * days) / sales.minor if sales.minor > 0 else None
