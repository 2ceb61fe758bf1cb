"""When to look at a company again: soon while something waits, at the opening of its next send window otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Session

from engine.hours import next_opening
from scheduler.report import Report
from store import ledger, policies

CADENCE = timedelta(hours=4)
"""Between two looks at a company that has nothing waiting: payments release holds the same day, and calls stay few."""
AFTER_FAILURE = timedelta(minutes=15)
WHEN_CUT_OFF = timedelta(days=1)
SPREAD = timedelta(minutes=15)
"""Companies are spread over this, each always at its own place, so that they do not all call at the full hour."""


def next_run_at(session: Session, company_id: int, report: Report, now: datetime) -> datetime:
    """An aware UTC instant, after now."""
    if report.status == "reconnect_needed":
        return now + WHEN_CUT_OFF
    if report.wait is not None:
        return now + max(report.wait, timedelta(minutes=1))
    if report.status in ("failed", "partial"):
        return now + AFTER_FAILURE
    policy, waiting_at = policies.current(session, company_id), ledger.next_waiting_at(session, company_id, now)
    usual = min(now + CADENCE, next_opening(policy, now) + _own_place(company_id))
    return usual if waiting_at is None else max(now + timedelta(minutes=1), min(usual, waiting_at))


def _own_place(company_id: int) -> timedelta:
    return SPREAD * (int.from_bytes(sha256(str(company_id).encode()).digest()[:2]) / 65536)
