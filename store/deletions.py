"""Documents that are gone on the platform: they stay here as deleted, worth nothing, with their history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, select, update
from sqlmodel import Session

from engine.books import DocumentStatus, InvoiceStatus
from store.sql import chunks, run
from store.upserts import CREDIT, CUSTOMER, INVOICE, PAYMENT, Changed, Key

# The fingerprint goes, so that a document that comes back is written again.
_INVOICE_GONE = {"status": InvoiceStatus.DELETED.value, "balance": 0, "stated_balance": 0, "has_drift": False}
_PAYMENT_GONE = {"status": DocumentStatus.DELETED.value, "unapplied": 0}
_CREDIT_GONE = {"status": DocumentStatus.DELETED.value, "remaining": 0}
_CUSTOMER_GONE = {"is_active": False}


def delete(session: Session, company_id: int, deleted: Iterable[Key], now: datetime) -> Changed:
    """Mark these as deleted; those we never had are nothing to us. Returns what was not deleted already.

    Their allocations are `store.balances`' business.
    """
    changed = Changed()
    by_entity: dict[str, list[str]] = {}
    for entity, record_id in deleted:
        by_entity.setdefault(entity, []).append(record_id)
    for entity, ids in by_entity.items():
        for some in chunks(ids):
            _delete_some(session, company_id, entity, some, changed, now)
    return changed


def _delete_some(
    session: Session, company_id: int, entity: str, ids: list[str], changed: Changed, now: datetime
) -> None:
    table, gone = _kind(entity)
    here = (table.c.company_id == company_id) & table.c.id.in_(ids) & _is_there(table)
    if table is CREDIT:
        here &= table.c.kind == entity
    owner = table.c.id if table is CUSTOMER else table.c.customer_id
    for row in session.connection().execute(select(table.c.id, owner.label("owner")).where(here)):
        changed.keys.add((entity, row.id))
        changed.customers.add(row.owner)
    run(session, update(table).where(here).values(**gone, updated_at=now, fingerprint=""))


def _kind(entity: str) -> tuple[Table, dict[str, Any]]:
    kinds: dict[str, tuple[Table, dict[str, Any]]] = {
        "customer": (CUSTOMER, _CUSTOMER_GONE),
        "invoice": (INVOICE, _INVOICE_GONE),
        "payment": (PAYMENT, _PAYMENT_GONE),
    }
    return kinds.get(entity, (CREDIT, _CREDIT_GONE))


def _is_there(table: Table) -> ColumnElement[bool]:
    if table is CUSTOMER:
        return table.c.is_active.is_(True)
    return table.c.status != DocumentStatus.DELETED.value
