"""Interest: what late principal costs by the day, over 365, written so that a person can check it by hand.

Pure. Principal is followed day by day as payments come in: the day of a payment still bears interest on what was paid.
What was credited was never owed, so credits do not appear. Rounding: the running total is rounded half up to the minor
unit after every line, and a line is the difference of two running totals. However a time is split up, the parts add up
to the whole, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from engine.account import Invoice
from engine.books import InvoiceStatus
from engine.calendar import add_days
from engine.money import Money
from engine.statutory import Rate

YEAR = 365
"""Days of a year in every formula, leap years too: the custom of UK and Irish law, and the usual one in contracts."""


class Stretch(Struct, frozen=True, kw_only=True):
    """Days, first and last included, on which the principal and the rate stayed the same."""

    first_on: date
    last_on: date
    principal: Money

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1


class Line(Struct, frozen=True, kw_only=True):
    """One line of a calculation: what it says, and what it comes to."""

    text: str
    amount: Money
    rate: Rate


def principal_on(invoice: Invoice, day: date, grace_days: int = 0) -> Money:
    """What bears interest on `day`: what is still owed, and what was paid on that day or later.

    What came in within the days of grace bears none at all.
    """
    free_until_on = add_days(invoice.due_on, grace_days)
    later = sum(paid.amount.minor for paid in invoice.payments if paid.on >= day and paid.on > free_until_on)
    owed = max(0, invoice.balance.minor) if invoice.status is InvoiceStatus.OPEN else 0
    return Money(owed + later, invoice.balance.currency)


def stretches(invoice: Invoice, through_on: date, grace_days: int = 0, cuts: Iterable[date] = ()) -> list[Stretch]:
    """The days from the day after the due date to `through_on`, split where a payment came in and at the `cuts`.

    A cut is the first day of a new stretch. Days on which nothing bears interest are left out.
    """
    starts_on = add_days(invoice.due_on, 1)
    firsts = {starts_on, *(add_days(paid.on, 1) for paid in invoice.payments), *cuts}
    inside = sorted(day for day in firsts if starts_on <= day <= through_on)
    found = []
    for first_on, next_on in pairwise([*inside, add_days(through_on, 1)]):
        principal = principal_on(invoice, first_on, grace_days)
        if principal.minor > 0:
            found.append(Stretch(first_on=first_on, last_on=add_days(next_on, -1), principal=principal))
    return found


def interest(parts: Sequence[Stretch], rate_on: Callable[[date], Rate], *, is_compound: bool = False) -> list[Line]:
    """One line per stretch; together they come to the interest of the whole time, rounded once.

    Compound interest joins what bears interest on the day on which it accrues.
    """
    lines, exact, told = [], Decimal(0), 0
    for part in parts:
        rate = rate_on(part.first_on)
        exact += _simple(part, rate) if not is_compound else _compound(part, rate, exact)
        running = Money.of(exact, part.principal.currency).minor
        amount = Money(running - told, part.principal.currency)
        told = running
        lines.append(Line(text=_told(part, rate, amount, is_compound), amount=amount, rate=rate))
    return lines


def half_year_starts(first_on: date, last_on: date) -> list[date]:
    """Every 1 January and 1 July between two days: where a rate that follows the half-year changes."""
    days = (date(year, month, 1) for year in range(first_on.year, last_on.year + 1) for month in (1, 7))
    return [day for day in days if first_on < day <= last_on]


def _simple(part: Stretch, rate: Rate) -> Decimal:
    return part.principal.amount * rate.percent * part.days / (100 * YEAR)


def _compound(part: Stretch, rate: Rate, before: Decimal) -> Decimal:
    growth = (1 + rate.percent / (100 * YEAR)) ** part.days
    return (part.principal.amount + before) * (growth - 1)


def _told(part: Stretch, rate: Rate, amount: Money, is_compound: bool) -> str:
    percent = f"{rate.percent.normalize():f} %"
    basis = f" ({rate.basis})" if rate.basis else ""
    by_the_day = (
        f"compounded over {part.days} days at {percent}/{YEAR} a day"
        if is_compound
        else f"× {percent} a year{basis} × {part.days}/{YEAR}"
    )
    days = f"{part.first_on} to {part.last_on}"
    return f"{days}: {in_thousands(part.principal)} {by_the_day} = {in_thousands(amount)}"


def in_thousands(amount: Money) -> str:
    """`1,500.00`: the display amount with its thousands apart, without the currency."""
    return f"{amount.amount:,f}"
