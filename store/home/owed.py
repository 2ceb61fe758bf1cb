"""What is owed and how late it is, by currency, added up by the database."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, func, select
from sqlmodel import Session

from engine.books import InvoiceStatus
from store.posted import left_over
from store.sql import table_of
from store.tables import Invoice

INVOICE = table_of(Invoice)

IS_OPEN = INVOICE.c.status == InvoiceStatus.OPEN.value

_SMALLER = case(
    (INVOICE.c.balance < INVOICE.c.stated_balance, INVOICE.c.balance),
    else_=INVOICE.c.stated_balance,
)
OPEN_BALANCE: ColumnElement[Any] = case((_SMALLER > 0, _SMALLER), else_=0)
"""What decisions count as owed: the smaller of ours and the platform's balance, never below nothing."""


class Owed(Struct, frozen=True, kw_only=True):
    """Open balances in one currency. `unapplied` is money received or credited that no invoice has had yet."""

    currency: str
    owed: int = 0
    overdue: int = 0
    unapplied: int = 0
    buckets: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    """By whole days after the due date: not late, 1–30, 31–60, 61–90, over 90. Together they are `owed`."""


def owed(session: Session, company_id: int, today: date, customer_ids: tuple[str, ...] | None = None) -> list[Owed]:
    """One line per currency in which something is open or unapplied; of these customers alone where they are named."""
    open_rows = select(INVOICE.c.currency, *_buckets(today)).where(INVOICE.c.company_id == company_id, IS_OPEN)
    if customer_ids is not None:
        open_rows = open_rows.where(INVOICE.c.customer_id.in_(customer_ids))
    lines: dict[str, Owed] = {}
    for currency, *sums in session.execute(open_rows.group_by(INVOICE.c.currency)):
        now, to_30, to_60, to_90, older = (int(amount or 0) for amount in sums)
        late = to_30 + to_60 + to_90 + older
        buckets = (now, to_30, to_60, to_90, older)
        lines[currency] = Owed(currency=currency, owed=now + late, overdue=late, buckets=buckets)
    for currency, left in _unapplied(session, company_id, customer_ids).items():
        line = lines.get(currency) or Owed(currency=currency)
        lines[currency] = Owed(
            currency=currency, owed=line.owed, overdue=line.overdue, buckets=line.buckets, unapplied=left
        )
    told = [line for line in lines.values() if line.owed or line.unapplied]
    return sorted(told, key=lambda line: (-line.owed, line.currency))


def _buckets(today: date) -> list[ColumnElement[Any]]:
    edges = [today - timedelta(days=days) for days in (0, 30, 60, 90)]
    due = INVOICE.c.due_on
    within = [due >= edges[0]]
    within += [and_(due < later, due >= earlier) for later, earlier in pairwise(edges)]
    within.append(due < edges[-1])
    return [func.sum(case((place, OPEN_BALANCE), else_=0)) for place in within]


def _unapplied(session: Session, company_id: int, customer_ids: tuple[str, ...] | None) -> dict[str, int]:
    rows = left_over(company_id, customer_ids).subquery()
    totals = session.execute(select(rows.c.currency, func.sum(rows.c.left)).group_by(rows.c.currency))
    return {currency: int(total) for currency, total in totals}
