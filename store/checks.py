"""Checks: whether our copy of the books still agrees with the platform's, and what the latest look found.

Each night all open invoices are read again, announced as changed or not. `surprises` tells what that shows beyond what
the feed of changes had told; `unseen` tells which of our open invoices did not come at all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from engine.books import InvoiceRecord, InvoiceStatus, Page
from engine.money import Money
from store.bulk import upsert
from store.scope import Scope
from store.sql import among, chunks, table_of
from store.tables import BooksCheck
from store.upserts import INVOICE

CHECK = table_of(BooksCheck)
KEPT = 50
"""Findings kept of one check: whoever has more has one cause, not fifty."""


def surprises(session: Session, company_id: int, page: Page) -> list[str]:
    """What this page says of invoices that our copy did not know, a sentence for each. Asked before it is stored."""
    gone = {record_id for entity, record_id in page.deleted if entity == "invoice"}
    held: dict[str, Any] = {}
    for some in chunks({record.id for record in page.invoices} | gone):
        here = (INVOICE.c.company_id == company_id) & among(session, INVOICE.c.id, some)
        held |= {row["id"]: row for row in session.connection().execute(select(INVOICE).where(here)).mappings()}
    told = [_surprise(held.get(record.id), record) for record in page.invoices]
    told += [f"{held[id]['number'] or id}: no longer there on the platform" for id in sorted(gone & held.keys())]
    return [sentence for sentence in told if sentence]


def unseen(session: Session, company_id: int, seen: set[str]) -> dict[str, list[str]]:
    """Customer → ids of invoices that we hold as owed and that are not among `seen`: settled unheard, or gone."""
    wanted = select(INVOICE.c.id, INVOICE.c.customer_id).where(INVOICE.c.company_id == company_id)
    is_owed = (INVOICE.c.status == InvoiceStatus.OPEN.value) & (INVOICE.c.stated_balance > 0)
    found: dict[str, list[str]] = {}
    for row in session.connection().execute(wanted.where(is_owed).order_by(INVOICE.c.id)):
        if row.id not in seen:
            found.setdefault(row.customer_id, []).append(row.id)
    return found


def record(
    session: Session, company_id: int, kind: str, *, compared: int, findings: Sequence[str], now: datetime
) -> None:
    """Keep what a check found, in the place of the one before it."""
    kept = json.dumps(list(findings[:KEPT]), ensure_ascii=False)
    row = {"checked_at": now, "compared": compared, "differing": len(findings), "findings": kept}
    upsert(session, CHECK, [{"company_id": company_id, "kind": kind, **row}])


def latest(session: Session, company_id: int) -> list[tuple[BooksCheck, list[str]]]:
    """The latest check of each kind with its findings, the newest first."""
    scope = Scope(session, company_id)
    rows = scope.all(scope.select(BooksCheck).order_by(CHECK.c.checked_at.desc()))
    return [(row, json.loads(row.findings)) for row in rows]


def unexplained(session: Session, company_id: int) -> list[str]:
    """A sentence for each invoice whose balance by the platform is not what its own documents explain."""
    wanted = select(INVOICE.c.number, INVOICE.c.id).where(INVOICE.c.company_id == company_id)
    rows = session.connection().execute(wanted.where(INVOICE.c.has_drift.is_(True)).order_by(INVOICE.c.id))
    return [f"{row.number or row.id}: its balance and its documents disagree; the smaller counts" for row in rows]


def _surprise(held: Any, record: InvoiceRecord) -> str:
    name = record.number or record.id
    if held is None:
        return f"{name}: not known here before"
    pairs = (
        ("status", held["status"], record.status.value),
        ("due date", held["due_on"], record.due_on),
        ("total", held["total"], record.total),
        ("balance", held["stated_balance"], record.stated_balance),
    )
    parts = [
        f"{what} {_shown(ours, record)} here, {_shown(theirs, record)} on the platform"
        for what, ours, theirs in pairs
        if ours != theirs
    ]
    return f"{name}: {'; '.join(parts)}" if parts else ""


def _shown(value: Any, record: InvoiceRecord) -> str:
    return str(Money(value, record.currency)) if isinstance(value, int) else str(value)
