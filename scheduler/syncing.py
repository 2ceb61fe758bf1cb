"""Sync: bring our copy of one company's books up to date, page by page, each page committed before the next."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from connectors.errors import StopRun
from connectors.ports import Books
from scheduler.lease import Lease
from scheduler.parts import Parts
from scheduler.report import Report
from store import companies, pages, policies, tasks
from store.tables import Company

FACTS_ARE_GOOD_FOR = timedelta(hours=20)
"""Name, zone and lock date of a company change rarely; asking every time would double the cost of a quiet run."""


def sync(parts: Parts, company: Company, books: Books, lease: Lease, report: Report) -> None:
    """Read everything that changed since the last complete sync. Raises what `Books` raises; what was stored stays.

    Nothing may go out after a sync that did not come to its end: the error leaves the run before it decides.
    """
    _refresh_facts(parts, company, books)
    with parts.database.read() as session:
        cursor = pages.load_cursor(session, company.stored_id)
    is_complete = False
    for page in books.changes(cursor):
        with parts.database.begin() as session:
            counts = pages.store_page(session, company.stored_id, page, parts.clock())
        report.synced.update(
            customers=counts.customers,
            invoices=counts.invoices,
            payments=counts.payments,
            credit_notes=counts.credit_notes,
        )
        report.set_aside += counts.set_aside
        is_complete = page.is_complete
        lease.beat()
    if not is_complete:
        raise StopRun(f"the sync of {company.name} ended before its last page")


def _refresh_facts(parts: Parts, company: Company, books: Books) -> None:
    if _is_fresh(company.last_synced_at, parts.clock()):
        return
    facts = books.company()
    with parts.database.begin() as session:
        companies.update_from_platform(session, company.stored_id, facts)
        if not facts.time_zone and not company.time_zone:
            _ask_for_time_zone(session, company, parts.clock())


def _ask_for_time_zone(session: Session, company: Company, now: datetime) -> None:
    """QuickBooks Online does not tell where a company is. Messages keep to a guess until its owner says."""
    if policies.history(session, company.stored_id):
        return
    guess = policies.current(session, company.stored_id).calendar.time_zone
    tasks.open_task(
        session,
        company.stored_id,
        kind="time_zone",
        subject="company",
        customer_id="",
        title="In which time zone do you work?",
        detail=f"Messages keep to the working hours of {guess} until you save your own in Settings.",
        now=now,
    )


def _is_fresh(read_at: datetime | None, now: datetime) -> bool:
    # Counted per day, not from the last sync: a company that syncs every hour would never be asked again.
    return read_at is not None and read_at.date() == now.date() and now - read_at < FACTS_ARE_GOOD_FOR
