"""Balances, recomputed from documents: an invoice's total, less what posted payments and credits put on it.

Which platform documents there are is `store.upserts`' business; this module only adds up what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select, update
from sqlmodel import Session

from engine.books import AllocationRecord, DocumentStatus, InvoiceStatus
from store.sql import among, chunks, insert_many, run, table_of
from store.tables import Allocation, CreditNote, Invoice, Payment
from store.upserts import Allocations, Key

ALLOCATION = table_of(Allocation)
INVOICE = table_of(Invoice)
PAYMENT = table_of(Payment)
CREDIT = table_of(CreditNote)

GONE = (InvoiceStatus.VOIDED.value, InvoiceStatus.DELETED.value)
ISSUED = (InvoiceStatus.OPEN.value, InvoiceStatus.PAID.value)
POSTED = DocumentStatus.POSTED.value


def replace_allocations(session: Session, company_id: int, sources: Iterable[Key], fresh: Allocations) -> set[str]:
    """Put `fresh` in the place of everything these sources had; returns the invoices that either names."""
    invoices: set[str] = set()
    rows: list[dict[str, Any]] = []
    by_kind: dict[str, list[str]] = {}
    for key in sources:
        by_kind.setdefault(key[0], []).append(key[1])
        rows += [_row(company_id, allocation) for allocation in fresh.get(key, ())]
    for kind, ids in by_kind.items():
        for some in chunks(ids):
            here = (ALLOCATION.c.company_id == company_id) & (ALLOCATION.c.source_kind == kind)
            here &= among(session, ALLOCATION.c.source_id, some)
            invoices.update(session.connection().scalars(select(ALLOCATION.c.invoice_id).where(here).distinct()))
            run(session, ALLOCATION.delete().where(here))
    insert_many(session, ALLOCATION, rows)
    return invoices.union(row["invoice_id"] for row in rows)


def recompute(session: Session, company_id: int, invoice_ids: Iterable[str]) -> set[str]:
    """Bring balance and drift of these invoices up to date; returns the customers they belong to."""
    customers: set[str] = set()
    for some in chunks(sorted(invoice_ids)):
        fresh = _fresh(session, company_id, some).subquery()
        differs = or_(INVOICE.c.balance != fresh.c.balance, INVOICE.c.has_drift != fresh.c.has_drift)
        run(
            session,
            update(INVOICE)
            .where(INVOICE.c.company_id == company_id, INVOICE.c.id == fresh.c.id, differs)
            .values(balance=fresh.c.balance, has_drift=fresh.c.has_drift),
        )
        owners = select(INVOICE.c.customer_id).where(
            INVOICE.c.company_id == company_id, among(session, INVOICE.c.id, some)
        )
        customers.update(session.connection().scalars(owners.distinct()))
    return customers


def _fresh(session: Session, company_id: int, invoice_ids: Sequence[str]) -> Select[Any]:
    """Id, balance and drift as the documents explain them."""
    paid = _allocated(session, company_id, invoice_ids).subquery()
    left = INVOICE.c.total - INVOICE.c.paid_at_issue - func.coalesce(paid.c.amount, 0)
    balance = case((INVOICE.c.status.in_(GONE), literal(0)), else_=left)
    has_drift = and_(INVOICE.c.status.in_(ISSUED), balance != INVOICE.c.stated_balance)
    return (
        select(INVOICE.c.id, balance.label("balance"), has_drift.label("has_drift"))
        .outerjoin(paid, paid.c.invoice_id == INVOICE.c.id)
        .where(INVOICE.c.company_id == company_id, among(session, INVOICE.c.id, invoice_ids))
    )


def _allocated(session: Session, company_id: int, invoice_ids: Sequence[str]) -> Select[Any]:
    """What posted sources put on each invoice. A source that is not stored yet, or no longer counts, puts nothing."""
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
    return (
        select(ALLOCATION.c.invoice_id, func.sum(ALLOCATION.c.amount).label("amount"))
        .outerjoin(PAYMENT, payment)
        .outerjoin(CREDIT, credit)
        .where(ALLOCATION.c.company_id == company_id, among(session, ALLOCATION.c.invoice_id, invoice_ids))
        .where(or_(PAYMENT.c.id.is_not(None), CREDIT.c.id.is_not(None)))
        .group_by(ALLOCATION.c.invoice_id)
    )


def _row(company_id: int, record: AllocationRecord) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "source_kind": record.source_kind,
        "source_id": record.source_id,
        "invoice_id": record.invoice_id,
        "position": record.position,
        "amount": record.amount,
        "currency": record.currency,
        "allocated_on": record.allocated_on,
    }
