"""Our copy of the books as an audit compares it: one row per document, in the audit's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session

from engine.audit import AuditRow
from store.upserts import CREDIT, CUSTOMER, INVOICE, PAYMENT

COUNTS = frozenset({"open", "paid", "posted"})
"""States of a document whose amounts matter."""
LEFT = {INVOICE.name: "balance", PAYMENT.name: "unapplied", CREDIT.name: "remaining"}
NUMBER = {INVOICE.name: "number", PAYMENT.name: "reference", CREDIT.name: "number"}


def audit_rows(session: Session, company_id: int) -> Iterator[AuditRow]:
    """Everything of one company, in four queries."""
    customers = select(CUSTOMER.c.id, CUSTOMER.c.name).where(CUSTOMER.c.company_id == company_id)
    for row in session.connection().execute(customers):
        yield AuditRow(entity="customer", id=row.id, number=row.name)
    for table in (INVOICE, PAYMENT, CREDIT):
        yield from _documents(session, company_id, table)


def _documents(session: Session, company_id: int, table: Table) -> Iterator[AuditRow]:
    kind = table.c.kind.label("entity") if table is CREDIT else None
    columns: list[ColumnElement[Any]] = [table.c[name] for name in ("id", "customer_id", "currency", "total", "status")]
    columns += [table.c[NUMBER[table.name]].label("number"), table.c[LEFT[table.name]].label("remains")]
    columns += [] if kind is None else [kind]
    for row in session.connection().execute(select(*columns).where(table.c.company_id == company_id)).mappings():
        yield AuditRow(
            entity=row["entity"] if kind is not None else table.name,
            id=row["id"],
            number=row["number"],
            customer_id=row["customer_id"],
            currency=row["currency"],
            total=row["total"],
            left=row["remains"],
            counts=row["status"] in COUNTS,
        )
