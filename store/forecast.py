"""What the stored books say about the weeks ahead and the months behind: expected cash, and the trend of DSO.

Reads only, in a handful of grouped queries. The arithmetic is the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any, TypeAlias

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlmodel import Session

from engine.books import CreditKind, InvoiceStatus
from engine.forecast import Awaited, Delay, Outlook, delay_of, month_ends, outlooks
from engine.measures import MonthOfSales, count_back_dso
from engine.money import Money
from store.home.owed import IS_OPEN, OPEN_BALANCE
from store.posted import POSTED, with_posted_source
from store.settled import REMEMBERED, settled
from store.sql import table_of
from store.tables import Allocation, CreditNote, Invoice, Payment

ALLOCATION = table_of(Allocation)
CREDIT = table_of(CreditNote)
INVOICE = table_of(Invoice)
PAYMENT = table_of(Payment)

TREND_MONTHS = 12
ISSUED = (InvoiceStatus.OPEN.value, InvoiceStatus.PAID.value)

Month: TypeAlias = tuple[int, int]


class DsoPoint(Struct, frozen=True, kw_only=True):
    """DSO by count-back at the end of one day; None where the books do not reach back far enough."""

    on: date
    days: Decimal | None


class Trend(Struct, frozen=True, kw_only=True):
    """DSO over the last months in one currency, oldest first; the last point is today's."""

    currency: str
    points: tuple[DsoPoint, ...]


def expected_cash(session: Session, company_id: int, today: date) -> list[Outlook]:
    """What to expect in the next eight weeks, one outlook per currency."""
    late: dict[str, list[int]] = {}
    for row in session.execute(settled(company_id, today - REMEMBERED)):
        late.setdefault(row.customer_id, []).append((row.settled_on - row.due_on).days)
    delays: Mapping[str, Delay] = {name: delay for name, days in late.items() if (delay := delay_of(days)) is not None}
    anybody = delay_of([days for some in late.values() for days in some])
    wanted = select(INVOICE.c.customer_id, INVOICE.c.due_on, INVOICE.c.currency, OPEN_BALANCE.label("left"))
    rows = session.execute(wanted.where(INVOICE.c.company_id == company_id, IS_OPEN))
    awaited = [
        Awaited(customer_id=row.customer_id, due_on=row.due_on, balance=Money(row.left, row.currency))
        for row in rows
        if row.left > 0
    ]
    return outlooks(awaited, delays, anybody, today)


def dso_trend(session: Session, company_id: int, today: date) -> list[Trend]:
    """One trend per currency with something sold within the last year, the most sold first."""
    sold = _by_month(session, _sales(company_id, today))
    credited = _by_month(session, _credit_notes(company_id, today))
    collected = _by_month(session, _collected(company_id, today))
    recent = {(day.year, day.month) for day in month_ends(today, TREND_MONTHS)}
    return [
        Trend(currency=currency, points=_points(currency, months, credited, collected, today))
        for currency, months in sorted(sold.items(), key=lambda pair: -sum(pair[1].get(one, 0) for one in recent))
        if recent & months.keys()
    ]


Sums: TypeAlias = dict[str, dict[Month, int]]


def _points(
    currency: str, sold: Mapping[Month, int], credited: Sums, collected: Sums, today: date
) -> tuple[DsoPoint, ...]:
    less, paid = credited.get(currency, {}), collected.get(currency, {})
    months = _months_between(min([*sold, *paid]), (today.year, today.month))
    owed = dict(zip(months, accumulate(sold.get(one, 0) - paid.get(one, 0) for one in months), strict=True))
    points = []
    for day in month_ends(today, TREND_MONTHS):
        month = (day.year, day.month)
        if month not in owed:
            points.append(DsoPoint(on=day, days=None))
            continue
        newest_first = [one for one in reversed(months) if one <= month]
        sales = [
            MonthOfSales(Money(sold.get(one, 0) - less.get(one, 0), currency), _days_of(one, day))
            for one in newest_first
        ]
        points.append(DsoPoint(on=day, days=count_back_dso(Money(max(0, owed[month]), currency), sales)))
    return tuple(points)


def _days_of(month: Month, until: date) -> int:
    """Days of the month, as far as it has come by then."""
    first = date(*month, 1)
    last = min((first + timedelta(days=31)).replace(day=1) - timedelta(days=1), until)
    return (last - first).days + 1


def _months_between(first: Month, last: Month) -> list[Month]:
    return [(n // 12, n % 12 + 1) for n in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])]


def _by_month(session: Session, rows: Select[Any]) -> Sums:
    sums: Sums = {}
    for row in session.execute(rows):
        sums.setdefault(row.currency, {})[(int(row.year), int(row.month))] = int(row.amount)
    return sums


def _monthly(day: ColumnElement[date], currency: ColumnElement[str], amount: ColumnElement[int]) -> Select[Any]:
    year, month = func.extract("year", day).label("year"), func.extract("month", day).label("month")
    columns: list[ColumnElement[Any]] = [currency.label("currency"), year, month, func.sum(amount).label("amount")]
    return select(*columns).group_by(currency, year, month)


def _sales(company_id: int, today: date) -> Select[Any]:
    # What was paid on the invoice itself was never a receivable.
    wanted = _monthly(INVOICE.c.issued_on, INVOICE.c.currency, INVOICE.c.total - INVOICE.c.paid_at_issue)
    wanted = wanted.where(INVOICE.c.company_id == company_id, INVOICE.c.issued_on <= today)
    return wanted.where(INVOICE.c.status.in_(ISSUED))


def _credit_notes(company_id: int, today: date) -> Select[Any]:
    wanted = _monthly(CREDIT.c.issued_on, CREDIT.c.currency, CREDIT.c.total)
    wanted = wanted.where(CREDIT.c.company_id == company_id, CREDIT.c.issued_on <= today, CREDIT.c.status == POSTED)
    return wanted.where(CREDIT.c.kind == CreditKind.CREDIT_NOTE.value)


def _collected(company_id: int, today: date) -> Select[Any]:
    """What payments and credits took off issued invoices, on the day they were set against them."""
    wanted = _monthly(ALLOCATION.c.allocated_on, ALLOCATION.c.currency, ALLOCATION.c.amount)
    wanted = with_posted_source(wanted, company_id).where(ALLOCATION.c.allocated_on <= today)
    about = and_(INVOICE.c.company_id == ALLOCATION.c.company_id, INVOICE.c.id == ALLOCATION.c.invoice_id)
    return wanted.join(INVOICE, about).where(INVOICE.c.status.in_(ISSUED), INVOICE.c.issued_on <= today)
