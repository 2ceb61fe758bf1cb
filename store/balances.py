"""Balances, recomputed from documents: an invoice's total, less what posted payments and credits put on it.

The one place that knows the rule; which of an invoice's other fields differ is `store.upserts`' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update
from sqlmodel import Session

from engine.books import AllocationRecord, InvoiceRecord, InvoiceStatus
from store.bulk import insert_many, upsert_columns
from store.posted import with_posted_source
from store.sql import among, among_listed, ask, chunks, is_postgresql, listed, run, table_of
from store.tables import Allocation
from store.upserts import INVOICE, INVOICES, Allocations, Changed, Key, differing

ALLOCATION = table_of(Allocation)

GONE = frozenset({InvoiceStatus.VOIDED, InvoiceStatus.DELETED})
ISSUED = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})


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


def write_invoices(session: Session, company_id: int, records: Iterable[InvoiceRecord]) -> Changed:
    """Write the invoices that differ, each with the balance that its documents explain."""
    keyed = {("invoice", record.id): record for record in records}
    if not keyed:
        return Changed()
    changed, columns = differing(session, company_id, INVOICES, keyed)
    paid = _paid(session, company_id, columns["id"])
    terms = (columns[name] for name in ("status", "total", "paid_at_issue", "stated_balance"))
    explained = list(map(_explained, *terms, [paid.get(id, 0) for id in columns["id"]]))
    columns["balance"] = [balance for balance, _ in explained]
    columns["has_drift"] = [has_drift for _, has_drift in explained]
    upsert_columns(session, INVOICE, columns)
    return changed


def recompute(session: Session, company_id: int, invoice_ids: Iterable[str]) -> set[str]:
    """Bring balance and drift of these invoices up to date; returns the customers they belong to."""
    customers: set[str] = set()
    differs = []
    for some in chunks(sorted(invoice_ids)):
        paid = _paid(session, company_id, some)
        here = (INVOICE.c.company_id == company_id) & among(session, INVOICE.c.id, some)
        for row in session.connection().execute(_STORED.where(here)):
            customers.add(row.customer_id)
            now = _explained(row.status, row.total, row.paid_at_issue, row.stated_balance, paid.get(row.id, 0))
            if (row.balance, row.has_drift) != now:
                differs.append({"of": row.id, "balance": now[0], "has_drift": now[1]})
    if differs:
        here = (INVOICE.c.company_id == company_id) & (INVOICE.c.id == bindparam("of"))
        run(session, update(INVOICE).where(here), differs)
    return customers


_STORED = select(
    INVOICE.c.id,
    INVOICE.c.customer_id,
    INVOICE.c.balance,
    INVOICE.c.has_drift,
    INVOICE.c.status,
    INVOICE.c.total,
    INVOICE.c.paid_at_issue,
    INVOICE.c.stated_balance,
)


_ANY = select(ALLOCATION.c.company_id).where(ALLOCATION.c.company_id == bindparam("company_id")).limit(1)


def _explained(status: str, total: int, paid_at_issue: int, stated: int, paid: int) -> tuple[int, bool]:
    """The balance as the documents explain it, and whether the platform states another."""
    balance = 0 if status in GONE else total - paid_at_issue - paid
    return balance, status in ISSUED and balance != stated


def _paid(session: Session, company_id: int, invoice_ids: Sequence[str]) -> dict[str, int]:
    """What posted sources put on each of these. A source that is not stored, or no longer counts, puts nothing."""
    found: dict[str, int] = {}
    if not invoice_ids or not ask(session, _ANY, company_id=company_id):
        # A first sync reads the invoices before anything that pays them.
        return found
    on_server = is_postgresql(session)
    for some in chunks(invoice_ids):
        given = {"company_id": company_id, "ids": listed(on_server, some)}
        found |= {id: int(amount) for id, amount in session.connection().execute(_allocated(on_server), given)}
    return found


@cache
def _allocated(on_server: bool) -> Select[Any]:
    wanted = select(ALLOCATION.c.invoice_id, func.sum(ALLOCATION.c.amount).label("amount"))
    wanted = wanted.where(among_listed(on_server, ALLOCATION.c.invoice_id, bindparam("ids")))
    return with_posted_source(wanted, bindparam("company_id")).group_by(ALLOCATION.c.invoice_id)


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
