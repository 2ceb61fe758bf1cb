"""Invoices paid in full: when each was settled, and how late that was. What customers' habits are told from.

Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select, union_all

from engine.books import InvoiceStatus
from engine.history import Settled
from engine.money import Money
from store.posted import with_posted_source
from store.scope import Scope
from store.sql import among_listed, chunks, is_postgresql, listed, table_of
from store.tables import Allocation, Invoice

ALLOCATION = table_of(Allocation)
INVOICE = table_of(Invoice)

REMEMBERED = timedelta(days=730)
"""How far back a customer's habits are looked at."""


def history(scope: Scope, standing: Mapping[str, str], today: date) -> dict[str, tuple[Settled, ...]]:
    """By account, every invoice settled within two years, in the order of settling; `standing` maps customers to their
    accounts."""
    found: dict[str, list[Settled]] = {}
    on_server = is_postgresql(scope.session)
    for names in chunks(standing):
        rows = scope.rows(_of_customers(on_server), since=today - REMEMBERED, names=listed(on_server, names))
        for customer_id, issued_on, due_on, total, currency, settled_on in rows:
            one = Settled(issued_on=issued_on, due_on=due_on, settled_on=settled_on, total=Money(total, currency))
            found.setdefault(standing[customer_id], []).append(one)
    return {name: tuple(sorted(some, key=lambda one: one.settled_on)) for name, some in found.items()}


@cache
def _of_customers(on_server: bool) -> Select[Any]:
    whose = among_listed(on_server, INVOICE.c.customer_id, bindparam("names"))
    return settled(bindparam("company_id"), bindparam("since"), whose)


def settled(
    company_id: int | BindParameter[int], since: date | BindParameter[date], whose: ColumnElement[bool] | None = None
) -> Select[Any]:
    """Customer, invoice date, due date, day settled, total and currency of every invoice settled since then; `whose`
    narrows the invoices.

    QuickBooks Online tells no day: there it is that of the last payment or credit.
    """
    mine = [INVOICE.c.company_id == company_id, INVOICE.c.status == InvoiceStatus.PAID.value, INVOICE.c.total > 0]
    mine += [] if whose is None else [whose]
    last = select(ALLOCATION.c.invoice_id, func.max(ALLOCATION.c.allocated_on).label("on"))
    paid = with_posted_source(last, company_id).group_by(ALLOCATION.c.invoice_id)
    if whose is not None:
        paid = paid.where(
            ALLOCATION.c.invoice_id.in_(select(INVOICE.c.id).where(*mine, INVOICE.c.settled_on.is_(None)))
        )
    day = paid.subquery()
    columns = (INVOICE.c.customer_id, INVOICE.c.issued_on, INVOICE.c.due_on, INVOICE.c.total, INVOICE.c.currency)
    told = select(*columns, INVOICE.c.settled_on.label("settled_on")).where(*mine, INVOICE.c.settled_on >= since)
    found = select(*columns, day.c.on.label("settled_on")).join(day, day.c.invoice_id == INVOICE.c.id)
    found = found.where(*mine, INVOICE.c.settled_on.is_(None), day.c.on >= since)
    return select(union_all(told, found).subquery())
