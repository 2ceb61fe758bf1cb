"""When to look at a company again: soon while something waits, at the opening of its next send window otherwise."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from engine.calendar import is_sending_day
from engine.policy import Calendar
from scheduler.parts import Parts
from scheduler.report import Report
from store import ledger, policies

CADENCE = timedelta(hours=4)
"""Between two looks at a company that has nothing waiting: payments release holds the same day, and calls stay few."""
AFTER_FAILURE = timedelta(minutes=15)
WHEN_CUT_OFF = timedelta(days=1)
SPREAD = timedelta(minutes=15)
"""Companies are spread over this, each always at its own place, so that they do not all call at the full hour."""


def next_run_at(parts: Parts, company_id: int, report: Report) -> datetime:
    """An aware UTC instant, after now."""
    now = parts.clock()
    if report.status == "reconnect_needed":
        return now + WHEN_CUT_OFF
    if report.wait is not None:
        return now + max(report.wait, timedelta(minutes=1))
    if report.status in ("failed", "partial"):
        return now + AFTER_FAILURE
    with parts.database.read() as session:
        calendar = policies.current(session, company_id).calendar
        waiting_at = ledger.next_waiting_at(session, company_id)
    usual = min(now + CADENCE, next_opening(calendar, now) + _own_place(company_id))
    return usual if waiting_at is None else max(now + timedelta(minutes=1), min(usual, waiting_at))


def is_open(calendar: Calendar, now: datetime) -> bool:
    """Whether messages may go out at this very moment, in the company's own time."""
    local = now.astimezone(ZoneInfo(calendar.time_zone))
    return is_sending_day(calendar, local.date()) and calendar.opens <= local.time() < calendar.closes


def next_opening(calendar: Calendar, now: datetime) -> datetime:
    """The next instant, after now, at which the send window opens."""
    zone = ZoneInfo(calendar.time_zone)
    day = now.astimezone(zone).date()
    # A year without a single sending day cannot be saved as a policy, so this ends.
    while not is_sending_day(calendar, day) or _at(day, calendar.opens, zone) <= now:
        day += timedelta(days=1)
    return _at(day, calendar.opens, zone)


def _at(day: date, opens: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, opens, zone)


def _own_place(company_id: int) -> timedelta:
    return SPREAD * (int.from_bytes(sha256(str(company_id).encode()).digest()[:2]) / 65536)
