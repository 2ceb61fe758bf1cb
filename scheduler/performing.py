"""Perform: carry out what was recorded, once, or not at all.

For each batch: re-read the very documents; decide again on what they say now; cancel what no longer comes out the same;
claim; act with the act's own key; confirm (`scheduler.settling`). Notes go out together where the platform takes
several in one call; each is claimed and settled on its own all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import structlog
from structlog.contextvars import bound_contextvars

from connectors.errors import DunwellError, OutcomeUnknown, Refused, RetryLater
from connectors.ports import Books
from scheduler import doing, rails, settling
from scheduler.fresh import stands_now
from scheduler.lease import Lease, LeaseLost
from scheduler.parts import Parts
from scheduler.report import Report
from store import companies, ledger, pages, policies
from store.effects import MESSAGES
from store.tables import Action

log = structlog.get_logger(__name__)

BATCH = 40
"""Invoices re-read in one go: what Xero takes in one `IDs=` list."""


def perform(parts: Parts, company_id: int, books: Books, lease: Lease, report: Report) -> int:
    """Do everything that is due for one company; returns how many acts no longer stood and were cancelled.

    Raises what `Books` raises; what was done stays done.
    """
    cancelled_before = report.cancelled
    settling.interrupted(parts, company_id, books, report)
    tried: set[str] = set()
    while acts := _waiting(parts, company_id, tried):
        for batch in _batches(acts):
            tried.update(act.key for act in batch)
            for acts_together in _together(books, _refreshed(parts, company_id, books, batch)):
                _perform_together(parts, company_id, books, acts_together, lease, report)
                lease.beat()
    return report.cancelled - cancelled_before


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
        weight = 0 if act.kind == "note" else max(1, len(doing.invoice_ids(act)))
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


def _together(books: Books, acts: Sequence[Action]) -> Iterator[list[Action]]:
    """Acts that go out in one call: notes where the platform takes several, and every other act alone.

    A note that was tried before goes alone: it is looked for first.
    """
    most = books.note_batch.most if books.note_batch else 1
    together: list[Action] = []
    for act in acts:
        is_fresh_note = act.kind == "note" and not act.attempts
        if together and (not is_fresh_note or len(together) == most):
            yield together
            together = []
        if is_fresh_note:
            together.append(act)
        else:
            yield [act]
    if together:
        yield together


def _perform_together(
    parts: Parts, company_id: int, books: Books, acts: Sequence[Action], lease: Lease, report: Report
) -> None:
    """Claim each, do them in one call, and settle each on its own: whatever became of the others."""
    claimed: list[Action] = []
    for act in acts:
        with bound_contextvars(action=act.key, kind=act.kind):
            if _claim(parts, company_id, act, report):
                claimed.append(act)
    if not claimed:
        return
    _insist(parts, company_id, claimed, lease)
    stopped_by: DunwellError | None = None
    for act, outcome in zip(claimed, _outcomes(parts, books, claimed), strict=True):
        with bound_contextvars(action=act.key, kind=act.kind):
            stopped_by = settling.settle(parts, company_id, books, act, outcome, report) or stopped_by
    if stopped_by is not None:
        raise stopped_by


def _outcomes(parts: Parts, books: Books, acts: Sequence[Action]) -> Sequence[str | DunwellError]:
    """What became of each: what the other side calls it, or the error that says why not."""
    try:
        if len(acts) == 1 or books.note_batch is None:
            return [doing.do(parts, books, act) for act in acts]
        return books.note_batch.write([doing.note_of(act) for act in acts])
    except (RetryLater, Refused, OutcomeUnknown) as error:
        return [error] * len(acts)


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


def _insist(parts: Parts, company_id: int, acts: Sequence[Action], lease: Lease) -> None:
    """Nothing has gone out yet: where the lease is lost the acts go back, unless somebody has seen to them already."""
    try:
        lease.insist()
    except LeaseLost:
        with parts.database.begin() as session:
            for act in acts:
                ledger.release_claim(session, company_id, act.key, parts.clock(), parts.worker)
        raise
