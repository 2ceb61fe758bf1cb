"""Payments and credits that stand in the books: what they put on invoices, and what they have left.

Reads only. A payment or credit that was voided, deleted or is not stored counts for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Select, and_, or_, select, union_all

from engine.books import DocumentStatus
from store.sql import table_of
from store.tables import Allocation, CreditNote, Payment

ALLOCATION = table_of(Allocation)
CREDIT = table_of(CreditNote)
PAYMENT = table_of(Payment)

POSTED = DocumentStatus.POSTED.value


def with_posted_source(wanted: Select[Any], company_id: int | BindParameter[int]) -> Select[Any]:
    """Of these allocations, those whose payment or credit stands in the books."""
    payment = and_(
        ALLOCATION.c.source_kind == "payment",
        PAYMENT.c.company_id == ALLOCATION.c.company_id,
        PAYMENT.c.id == ALLOCATION.c.source_id,
        PAYMENT.c.status == POSTED,
    )
    credit = and_(
        CREDIT.c.company_id == ALLOCATION.c.company_id,
        CREDIT.c.kind == ALLOCATION.c.source_kind,
        CREDIT.c.id == ALLOCATION.c.source_id,
        CREDIT.c.status == POSTED,
    )
    wanted = wanted.select_from(ALLOCATION).outerjoin(PAYMENT, payment).outerjoin(CREDIT, credit)
    posted = or_(PAYMENT.c.id.is_not(None), CREDIT.c.id.is_not(None))
    return wanted.where(ALLOCATION.c.company_id == company_id, posted)


def left_over(
    company_id: int | BindParameter[int], customer_ids: Sequence[str] | BindParameter[Any] | None = None
) -> CompoundSelect[Any]:
    """Customer, currency and what is left of every payment and credit not wholly applied, in minor units; of these
    customers alone where they are named."""
    parts = []
    for table, left in ((PAYMENT, PAYMENT.c.unapplied), (CREDIT, CREDIT.c.remaining)):
        part = select(table.c.customer_id, table.c.currency, left.label("left"))
        part = part.where(table.c.company_id == company_id, table.c.status == POSTED, left > 0)
        parts.append(part if customer_ids is None else part.where(table.c.customer_id.in_(customer_ids)))
    return union_all(*parts)
