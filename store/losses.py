"""Losses: what became of a company's older invoices, for what old debt is worth by its own experience. Reads only."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import and_, select
from sqlmodel import Session

from engine.books import CreditKind, InvoiceStatus
from engine.keys import is_fee_reference
from engine.recovery import Fate
from store.sql import table_of
from store.tables import Allocation, Invoice

ALLOCATION = table_of(Allocation)
INVOICE = table_of(Invoice)

BACK = timedelta(days=4 * 365)
"""How far experience counts."""
COUNTED = (InvoiceStatus.OPEN.value, InvoiceStatus.PAID.value)
"""What was voided may never have been owed."""


def fates(session: Session, company_id: int, currency: str, today: date, until: date) -> list[Fate]:
    """Invoices in one currency due within the last four years and `until` then, with everything applied to them; fees
    of ours left out.

    One query, in the order of the invoices' ids.
    """
    used = and_(ALLOCATION.c.company_id == INVOICE.c.company_id, ALLOCATION.c.invoice_id == INVOICE.c.id)
    columns = (INVOICE.c.id, INVOICE.c.number, INVOICE.c.reference, INVOICE.c.due_on, INVOICE.c.issued_on)
    sums = (INVOICE.c.total, INVOICE.c.paid_at_issue)
    applied = (ALLOCATION.c.source_kind, ALLOCATION.c.allocated_on, ALLOCATION.c.amount)
    wanted = select(*columns, *sums, *applied).outerjoin(ALLOCATION, used).where(INVOICE.c.company_id == company_id)
    wanted = wanted.where(INVOICE.c.status.in_(COUNTED), INVOICE.c.currency == currency)
    wanted = wanted.where(INVOICE.c.due_on >= today - BACK, INVOICE.c.due_on <= until).order_by(INVOICE.c.id)
    known: dict[str, tuple[date, int]] = {}
    received: dict[str, list[tuple[date, int]]] = {}
    credited: dict[str, list[tuple[date, int]]] = {}
    for row in session.execute(wanted):
        if is_fee_reference(row.reference) or is_fee_reference(row.number):
            continue
        if row.id not in known:
            known[row.id] = row.due_on, row.total
            received[row.id] = [(row.issued_on, row.paid_at_issue)] if row.paid_at_issue else []
            credited[row.id] = []
        if row.source_kind is not None:
            is_credit = row.source_kind == CreditKind.CREDIT_NOTE.value
            (credited if is_credit else received)[row.id].append((row.allocated_on, row.amount))
    return [
        Fate(due_on=due_on, total=total, received=tuple(received[name]), credited=tuple(credited[name]))
        for name, (due_on, total) in known.items()
    ]
