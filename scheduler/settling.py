"""Settling: write down what became of an act that was claimed, whatever the answer was, or where none came.

An answer that never came is settled by looking, where the platform lets us look, and otherwise by a person. Nothing is
ever repeated on a guess.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from structlog.contextvars import bound_contextvars

from connectors.errors import DunwellError, OutcomeUnknown, Refused, RetryLater
from connectors.ports import Books
from scheduler import doing
from scheduler.parts import Parts
from scheduler.report import Report
from store import ledger
from store.effects import MESSAGES, SPOKEN
from store.tables import Action

log = structlog.get_logger(__name__)

MAIL_PAUSE = timedelta(minutes=15)


def interrupted(parts: Parts, company_id: int, books: Books, report: Report) -> None:
    """What a killed run left claimed: look whether it happened; where nobody can tell, hold it for a person."""
    with parts.database.read() as session:
        stuck = ledger.stuck_claims(session, company_id)
    for act in stuck:
        with bound_contextvars(action=act.key, kind=act.kind):
            _interrupted_one(parts, company_id, books, act, report)


def _interrupted_one(parts: Parts, company_id: int, books: Books, act: Action, report: Report) -> None:
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


def settle(
    parts: Parts, company_id: int, books: Books, act: Action, outcome: str | DunwellError, report: Report
) -> DunwellError | None:
    """Write down what became of a claimed act; returns the error that keeps everything else from going on, if it does.

    Of an act whose error says nothing about it, it stays open whether it happened: the next run looks.
    """
    match outcome:
        case RetryLater():
            _retry(parts, company_id, act, outcome, report)
            return None if act.kind in SPOKEN else outcome
        case Refused():
            with parts.database.begin() as session:
                ledger.failed(session, company_id, act.key, str(outcome), parts.clock())
            report.failed += 1
            log.warning("refused", error=type(outcome).__name__)
        case OutcomeUnknown():
            _settle_unknown(parts, company_id, books, act, outcome, report)
        case DunwellError():
            return outcome
        case _:
            with parts.database.begin() as session:
                ledger.done(session, company_id, act.key, outcome, parts.clock())
            report.performed[act.kind] += 1
            log.info("done")
    return None


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
