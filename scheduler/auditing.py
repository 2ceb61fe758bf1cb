"""An audit of one company: everything on the platform beside everything we hold, to the cent.

The whole books are read, then what was announced as changed is synced, and only then the two are compared: whatever
differs has been missed, and is not merely new. Mending reads everything into the store again and marks as gone what the
platform no longer has.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from connectors.errors import DunwellError, StopRun
from connectors.ports import Books
from engine.audit import Audit, AuditRow, audit, rows_of
from engine.books import Page
from scheduler.lease import Lease, LeaseLost
from scheduler.parts import Parts
from scheduler.report import Report, blank_report
from scheduler.syncing import Check, stored_pages
from store import checks, companies, erased, pages
from store.audit_rows import audit_rows
from store.tables import Company
from store.upserts import Key


def audit_company(parts: Parts, company_id: int, *, mend: bool = False) -> tuple[Report, Audit | None]:
    """The audit, None where it could not be made: the report says why.

    Raises LookupError for a company that is not there.
    """
    with parts.database.begin() as session:
        company = companies.get(session, company_id)
        lease = Lease.take(parts, session, company_id)
    report = blank_report(company)
    if lease is None:
        report.worsen("busy", f"another run has this company, or it is {company.status.replace('_', ' ')}")
        return report, None
    books = parts.books(company)
    try:
        return report, _audited(parts, company, books, lease, report, mend=mend)
    except (DunwellError, LeaseLost) as error:
        report.worsen("failed", str(error))
        return report, None
    finally:
        report.api_calls = books.api_calls
        with parts.database.begin() as session:
            lease.release(session, company.next_run_at or parts.clock())


def _audited(parts: Parts, company: Company, books: Books, lease: Lease, report: Report, *, mend: bool) -> Audit:
    found = _compared(parts, company, books, lease, report)
    if mend and not found.agrees:
        with parts.database.begin() as session:
            pages.read_anew(session, company.stored_id)
            gone = [(each.entity, each.id) for each in found.differences if each.is_gone]
            pages.store_page(session, company.stored_id, Page(cursor="", deleted=tuple(gone)), parts.clock())
        found = _compared(parts, company, books, lease, report)
    with parts.database.begin() as session:
        findings = [each.sentence for each in found.differences]
        checks.record(session, company.stored_id, "full", compared=found.compared, findings=findings, now=parts.clock())
    return found


def _compared(parts: Parts, company: Company, books: Books, lease: Lease, report: Report) -> Audit:
    """What has been announced since we last looked is compared as it is after it was stored; all else, as it was."""
    before, announced = _held(parts, company), set[Key]()

    def theirs() -> Iterator[Page]:
        yield from _everything(parts, company, books, lease)
        for page in stored_pages(parts, company, books, report, Check()):
            lease.beat()
            if not page.is_check:
                announced.update((row.entity, row.id) for row in rows_of(page))
                announced.update(page.deleted)
                yield page

    def ours() -> Iterator[AuditRow]:
        after = _held(parts, company)
        yield from (before[key] for key in before.keys() - announced)
        yield from (after[key] for key in after.keys() & announced)

    # Both readings insist on their own end.
    return audit(ours(), chain(theirs(), [Page(cursor="", is_complete=True)]))


def _held(parts: Parts, company: Company) -> dict[Key, AuditRow]:
    with parts.database.read() as session:
        return {(row.entity, row.id): row for row in audit_rows(session, company.stored_id)}


def _everything(parts: Parts, company: Company, books: Books, lease: Lease) -> Iterator[Page]:
    is_complete = False
    for page in books.changes(""):
        lease.beat()
        is_complete = page.is_complete
        with parts.database.read() as session:
            # What was erased here is not told over there: a difference names documents by what is written on them.
            known = erased.stripped(session, company.stored_id, page)
        yield known
    if not is_complete:
        raise StopRun(f"the reading of {company.name} ended before its last page")
