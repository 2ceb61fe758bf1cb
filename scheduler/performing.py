"""Perform: carry out what was recorded, once, or not at all.

For each batch: re-read the very documents; decide again on what they say now; cancel what no longer comes out the same;
claim; act with the act's own key; confirm. An answer that never came is settled by looking, where the platform lets us
look, and otherwise by a person. Nothing is ever repeated on a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import structlog
from structlog.contextvars import bound_contextvars

from connectors.errors import OutcomeUnknown, Refused, RetryLater
from connectors.ports import Books
from scheduler import doing, rails
from scheduler.fresh import stands_now
from scheduler.lease import Lease, LeaseLost
from scheduler.parts import Parts
from scheduler.report import Report
from store import companies, ledger, pages, policies
from store.effects import MESSAGES, SPOKEN
from store.tables import Action

log = structlog.get_logger(__name__)

BATCH = 40
"""Invoices re-read in one go: what Xero takes in one `IDs=` list."""
MAIL_PAUSE = timedelta(minutes=15)


def perform(parts: Parts, company_id: int, books: Books, lease: Lease, report: Report) -> int:
    """Do everything that is due for one company; returns how many acts no longer stood and were cancelled.

    Raises what `Books` raises; what was done stays done.
    """
    cancelled_before = report.cancelled
    settle_interrupted(parts, company_id, books, report)
    tried: set[str] = set()
    while acts := _waiting(parts, company_id, tried):
        for batch in _batches(acts):
            tried.update(act.key for act in batch)
            for act in _refreshed(parts, company_id, books, batch):
                with bound_contextvars(action=act.key, kind=act.kind):
                    _perform_one(parts, company_id, books, act, lease, report)
                lease.beat()
    return report.cancelled - cancelled_before


def settle_interrupted(parts: Parts, company_id: int, books: Books, report: Report) -> None:
    """What a killed run left claimed: look whether it happened; where nobody can tell, hold it for a person."""
    with parts.database.read() as session:
        stuck = ledger.stuck_claims(session, company_id)
    for act in stuck:
        with bound_contextvars(action=act.key, kind=act.kind):
            _settle_interrupted_one(parts, company_id, books, act, report)


def _settle_interrupted_one(parts: Parts, company_id: int, books: Books, act: Action, report: Report) -> None:
    verdict = doing.happened(books, act)
    with parts.database.begin() as session:
        if verdict is True:
            ledger.done(session, company_id, act.key, "found on the platform after an interruption", parts.clock())
            report.performed[act.kind] += 1
        elif verdict is False:
            ledger.release_claim(session, company_id, act.key, parts.clock())
        else:
            why = "Dunwell was interrupted while this was going out, so nobody can tell whether it did."
            ledger.hold(session, company_id, act.key, why, parts.clock())
            report.held += 1
    log.warning("found interrupted", happened=verdict)


def _waiting(parts: Parts, company_id: int, tried: set[str]) -> list[Action]:
    """Acts that may go now: approved, their turn come, possible where they are written into the books, and no rail in
    the way where they speak to a customer."""
    now = parts.clock()
    with parts.database.begin() as session:
        company = companies.get(session, company_id)
        if company.is_paused or company.mode == "observe":
            return []
        policy = policies.for_company(session, company)
        acts = [act for act in ledger.next_acts(session, company_id, now) if act.key not in tried]
        # What books that take nothing would refuse one by one waits until they do; mail needs no books.
        acts = [act for act in acts if act.kind in MESSAGES or not company.is_read_only]
        return rails.let_through(session, company, policy, acts, now)


def _batches(acts: Sequence[Action]) -> Iterator[list[Action]]:
    """Whole acts together until their invoices fill a re-read."""
    batch: list[Action] = []
    size = 0
    for act in acts:
        weight = max(1, len(doing.invoice_ids(act)))
        if batch and size + weight > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(act)
        size += weight
    if batch:
        yield batch


def _refreshed(parts: Parts, company_id: int, books: Books, batch: Sequence[Action]) -> list[Action]:
    """Read again what the batch rests on, through the same door as a sync; returns the acts that may go on.

    An act about an invoice that did not come back readable stays where it is until the next run: what we cannot read
    we do not speak of.
    """
    named: dict[str, list[str]] = {}
    for act in batch:
        if act.kind != "note":  # a note tells what has been done: it rests on nothing that could have changed
            for customer_id, ids in doing.accounts_of(act).items():
                named.setdefault(customer_id, []).extend(ids)
    if not named:
        return list(batch)
    page = books.reread(named)
    with parts.database.begin() as session:
        pages.store_page(session, company_id, page, parts.clock())
    seen = {invoice.id for invoice in page.invoices} | {
        gone_id for entity, gone_id in page.deleted if entity == "invoice"
    }
    return [act for act in batch if act.kind == "note" or seen.issuperset(doing.invoice_ids(act))]


def _perform_one(parts: Parts, company_id: int, books: Books, act: Action, lease: Lease, report: Report) -> None:
    if not _claim(parts, company_id, act, report):
        return
    _insist(parts, company_id, act, lease)
    try:
        outcome = doing.do(parts, books, act)
    except RetryLater as error:
        _retry(parts, company_id, act, error, report)
        if act.kind not in SPOKEN:
            raise
    except Refused as error:
        with parts.database.begin() as session:
            ledger.failed(session, company_id, act.key, str(error), parts.clock())
        report.failed += 1
        log.warning("refused", error=type(error).__name__)
    except OutcomeUnknown as error:
        _settle_unknown(parts, company_id, books, act, error, report)
    else:
        with parts.database.begin() as session:
            ledger.done(session, company_id, act.key, outcome, parts.clock())
        report.performed[act.kind] += 1
        log.info("done")


def _claim(parts: Parts, company_id: int, act: Action, report: Report) -> bool:
    """Decide once more on the documents as they are now, and claim the act, in one transaction."""
    with parts.database.begin() as session:
        planned, why = stands_now(parts, session, company_id, act)
        if planned is None:
            ledger.cancel(session, company_id, act.key, why, parts.clock())
            report.cancelled += 1
            log.info("cancelled")
            return False
        if planned.offered is not None:
            ledger.put_offer(session, company_id, act.key, planned.offered)
        act.body = planned.body
        return ledger.claim(session, company_id, act.key, parts.worker, parts.clock(), planned.body)


def _insist(parts: Parts, company_id: int, act: Action, lease: Lease) -> None:
    """Nothing has gone out yet: where the lease is lost the act goes back, unless somebody has seen to it already."""
    try:
        lease.insist()
    except LeaseLost:
        with parts.database.begin() as session:
            ledger.release_claim(session, company_id, act.key, parts.clock(), parts.worker)
        raise


def _retry(parts: Parts, company_id: int, act: Action, error: RetryLater, report: Report) -> None:
    wait = max(error.wait, MAIL_PAUSE if act.kind in MESSAGES else error.wait)
    with parts.database.begin() as session:
        ledger.retry_at(session, company_id, act.key, parts.clock() + wait, str(error), parts.clock())
    log.info("put off", seconds=wait.total_seconds())
    if act.kind == "deliver":
        return  # a platform sends only so many mails a day: that keeps nothing else from going on
    report.worsen("partial", str(error))
    report.wait = wait


def _settle_unknown(
    parts: Parts, company_id: int, books: Books, act: Action, error: OutcomeUnknown, report: Report
) -> None:
    verdict = doing.happened(books, act)
    with parts.database.begin() as session:
        if verdict is True:
            ledger.done(session, company_id, act.key, "found on the platform after a lost answer", parts.clock())
            report.performed[act.kind] += 1
        elif verdict is False:
            ledger.retry_at(session, company_id, act.key, parts.clock(), str(error), parts.clock())
        else:
            ledger.hold(session, company_id, act.key, str(error), parts.clock())
            report.held += 1
    log.warning("outcome unknown", happened=verdict)
