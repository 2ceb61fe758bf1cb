"""A page of changes into the store, in one transaction: rows, balances, whom it touches, set-asides and the cursor.

The main line of a sync's second half. What a page holds is the connector's business; deciding on it is the engine's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from engine.books import AllocationRecord, CustomerRecord, Page
from store import attention, balances, deletions, erased, merges, returned, set_asides, upserts
from store.bulk import upsert
from store.scope import Scope
from store.sql import ask, run, table_of
from store.tables import Company, SyncCursor
from store.upserts import Allocations, Changed, Key

CURSOR = table_of(SyncCursor)
COMPANY = table_of(Company)


class PageCounts(Struct, frozen=True, kw_only=True):
    """Rows that a page changed, by kind, and the accounts it touched. Unchanged records count nothing."""

    customers: int = 0
    invoices: int = 0
    payments: int = 0
    credit_notes: int = 0
    set_aside: int = 0
    touched: frozenset[str] = frozenset()


def store_page(session: Session, company_id: int, page: Page, now: datetime) -> PageCounts:
    """Take in one page. Any order of pages, any number of times, ends in the same books.

    An empty `page.cursor` leaves the stored one where it is: a re-read before acting comes the same way.
    """
    page = erased.stripped(session, company_id, page)
    returned.ask_about_gone(session, company_id, page, now)
    allocations = _by_source(page)
    customers = upserts.write_customers(session, company_id, page.customers)
    payments = upserts.write_payments(session, company_id, page.payments, allocations)
    credits = upserts.write_credits(session, company_id, page.credits, allocations)
    affected = balances.replace_allocations(
        session, company_id, _replaced(page, allocations, payments.keys | credits.keys), allocations
    )
    # With their balances, for which all that pays them has to be there.
    invoices = balances.write_invoices(session, company_id, page.invoices)
    deleted = deletions.delete(session, company_id, page.deleted, now)
    affected |= _sort_set_asides(session, company_id, page, now)
    owners = balances.recompute(session, company_id, {id for id in affected if ("invoice", id) not in invoices.keys})

    everyone = (customers, invoices, payments, credits, deleted)
    touched = attention.touch(session, company_id, owners.union(*(change.customers for change in everyone)))
    _move_merged(session, company_id, page.customers, customers, now)
    _move_cursor(session, company_id, page, now)
    return PageCounts(
        customers=len(customers.keys) + _count(deleted, "customer"),
        invoices=len(invoices.keys) + _count(deleted, "invoice"),
        payments=len(payments.keys) + _count(deleted, "payment"),
        credit_notes=len(credits.keys) + sum(key[0] not in NOT_CREDITS for key in deleted.keys),
        set_aside=len(page.set_aside),
        touched=touched,
    )


NOT_CREDITS = ("customer", "invoice", "payment")


_UNDER_WAY = select(CURSOR.c.pages).where(
    CURSOR.c.company_id == bindparam("company_id"), CURSOR.c.is_complete.is_(False)
)


def load_cursor(session: Session, company_id: int) -> str:
    """Where the next sync goes on; empty for a company that was never read."""
    cursor = Scope(session, company_id).get(SyncCursor)
    return cursor.cursor if cursor else ""


def read_anew(session: Session, company_id: int) -> None:
    """Have the next sync read everything again. What is there stays: a document read again changes nothing."""
    run(session, CURSOR.delete().where(CURSOR.c.company_id == company_id))


def progress(session: Session, company_id: int) -> SyncCursor | None:
    """How far the copy has got; None for a company that was never read."""
    return Scope(session, company_id).get(SyncCursor)


def _by_source(page: Page) -> dict[Key, list[AllocationRecord]]:
    sources: dict[Key, dict[tuple[str, int], AllocationRecord]] = {}
    for record in page.allocations:
        # A page that names one place twice means the last: the first would only trip the unique key.
        sources.setdefault((record.source_kind, record.source_id), {})[record.invoice_id, record.position] = record
    gone = set(page.deleted)
    return {key: list(places.values()) for key, places in sources.items() if key not in gone}


def _replaced(page: Page, allocations: Allocations, changed: set[Key]) -> set[Key]:
    """Sources whose allocations go in the place of the stored ones: changed, without their document, or deleted."""
    known = {("payment", record.id) for record in page.payments} | {(c.kind.value, c.id) for c in page.credits}
    return (
        changed | (allocations.keys() - known) | {key for key in page.deleted if key[0] not in ("customer", "invoice")}
    )


def _count(changed: Changed, entity: str) -> int:
    return sum(key[0] == entity for key in changed.keys)


def _move_merged(
    session: Session, company_id: int, records: Iterable[CustomerRecord], changed: Changed, now: datetime
) -> None:
    merged = [record.id for record in records if record.merged_into_id and record.id in changed.customers]
    if merged:
        merges.move_open_state(session, company_id, merged, now)


def _sort_set_asides(session: Session, company_id: int, page: Page, now: datetime) -> set[str]:
    """Returns the invoices that became unreadable, or readable again: both change what is decided."""
    turned = set_asides.resolve(session, company_id, lambda: _read_well(page), now)
    turned |= set_asides.keep(session, company_id, page.set_aside, now)
    return {record_id for entity, record_id in turned if entity == "invoice"}


def _read_well(page: Page) -> set[Key]:
    found: set[Key] = {("customer", r.id) for r in page.customers} | {("invoice", r.id) for r in page.invoices}
    found |= {("payment", r.id) for r in page.payments} | {(r.kind.value, r.id) for r in page.credits}
    return found.union(page.deleted)


def _move_cursor(session: Session, company_id: int, page: Page, now: datetime) -> None:
    if not page.cursor:
        return
    # Counted on while the sync goes on.
    before = next(iter(ask(session, _UNDER_WAY, company_id=company_id)), None)
    pages = before[0] + 1 if before else 1
    row = {"cursor": page.cursor, "is_complete": page.is_complete, "pages": pages, "updated_at": now}
    upsert(session, CURSOR, [{"company_id": company_id, **row}])
    if page.is_complete:
        run(session, update(COMPANY).where(COMPANY.c.id == company_id).values(last_synced_at=now))
