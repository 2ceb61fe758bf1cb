"""Sync: bring our copy of one company's books up to date, page by page, each page committed before the next.

Once a day the connector reads all open invoices again, announced as changed or not. What that shows is put right like
any change, and told: `store.checks` keeps it for the owner to see. Records that came damaged are read again with them,
of every kind: the fault of a moment heals by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace
from sqlmodel import Session

from connectors.errors import Refused, StopRun
from connectors.ports import Books
from engine.books import Page
from scheduler.lease import Lease
from scheduler.parts import Parts
from scheduler.report import Report
from store import checks, companies, pages, policies, set_asides, tasks
from store.sql import chunks
from store.tables import Company

log = structlog.get_logger(__name__)

FACTS_ARE_GOOD_FOR = timedelta(hours=20)
"""Name, zone and lock date of a company change rarely; asking every time would double the cost of a quiet run."""

PORTION = 200
"""Invoices in one re-read of the nightly look."""

DAMAGED = 500
"""Records set aside that are read again in one night. A connector may take fewer; the longest waiting come first."""


def sync(parts: Parts, company: Company, books: Books, lease: Lease, report: Report) -> None:
    """Read everything that changed since the last complete sync. Raises what `Books` raises; what was stored stays.

    Nothing may go out after a sync that did not come to its end: the error leaves the run before it decides.
    """
    _refresh_facts(parts, company, books)
    began_at, check = parts.clock(), Check()
    for _ in stored_pages(parts, company, books, report, check):
        lease.beat()
    if check.was_made:
        _end_check(parts, company.stored_id, books, report, check)
        _read_damaged_again(parts, company.stored_id, books, report, began_at)


class Check:
    """What the nightly look at all open invoices has shown so far."""

    def __init__(self) -> None:
        self.was_made = False
        self.seen: set[str] = set()
        self.findings: list[str] = []

    def take(self, page: Page, surprises: list[str]) -> None:
        if page.is_check:
            self.was_made = True
            self.seen |= {record.id for record in page.invoices} | {one.id for one in page.set_aside}
            self.findings += surprises


def stored_pages(parts: Parts, company: Company, books: Books, report: Report, check: Check) -> Iterator[Page]:
    """Each page that changed since the last complete sync, stored. Raises StopRun where the last never came."""
    with parts.database.read() as session:
        cursor = pages.load_cursor(session, company.stored_id)
    is_complete = False
    for page in books.changes(cursor):
        _store(parts, company.stored_id, page, report, check)
        is_complete = page.is_complete
        yield page
    if not is_complete:
        raise StopRun(f"the sync of {company.name} ended before its last page")


def _store(parts: Parts, company_id: int, page: Page, report: Report, check: Check) -> None:
    with parts.database.begin() as session:
        check.take(page, checks.surprises(session, company_id, page) if page.is_check else [])
        counts = pages.store_page(session, company_id, page, parts.clock())
    report.synced.update(
        customers=counts.customers,
        invoices=counts.invoices,
        payments=counts.payments,
        credit_notes=counts.credit_notes,
    )
    report.set_aside += counts.set_aside


def _end_check(parts: Parts, company_id: int, books: Books, report: Report, check: Check) -> None:
    """Look for what we hold as owed and did not see: settled or deleted without a word. Then keep what was found."""
    with parts.database.read() as session:
        missing = checks.unseen(session, company_id, check.seen)
    compared = len(check.seen)
    for named in _portions(missing):
        _store(parts, company_id, replace(books.reread(named), is_check=True), report, check)
        compared += sum(map(len, named.values()))
    with parts.database.begin() as session:
        findings = [*check.findings, *checks.unexplained(session, company_id)]
        checks.record(session, company_id, "nightly", compared=compared, findings=findings, now=parts.clock())
    report.drift = len(findings)


def _read_damaged_again(parts: Parts, company_id: int, books: Books, report: Report, began_at: datetime) -> None:
    """What was set aside, and has not come again in this sync."""
    with parts.database.read() as session:
        damaged = set_asides.longest_waiting(session, company_id, began_at, DAMAGED)
    if not damaged:
        return
    try:
        page = books.read_again(damaged)
    except (Refused, StopRun) as error:
        # Whatever is wrong with them, the books without them are read and whole.
        log.warning("records set aside cannot be read again", records=len(damaged), why=str(error))
        return
    _store(parts, company_id, page, report, Check())


def _portions(missing: dict[str, list[str]]) -> Iterator[dict[str, list[str]]]:
    """A bounded re-read at a time: after months away, hundreds may have gone."""
    ids = [(customer, invoice_id) for customer, invoice_ids in missing.items() for invoice_id in invoice_ids]
    for some in chunks(ids, PORTION):
        named: dict[str, list[str]] = {}
        for customer, invoice_id in some:
            named.setdefault(customer, []).append(invoice_id)
        yield named


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
