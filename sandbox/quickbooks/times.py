"""The platform's ways to write an instant, and its idea of today.

Answers carry Pacific offsets whatever the company's zone is, summer time included; gateway faults carry epoch
milliseconds; webhooks carry UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


def stamp(at: datetime) -> str:
    """`2026-02-20T08:30:00-08:00`, with milliseconds only where there are some, as MetaData shows it."""
    local = at.astimezone(PACIFIC)
    return local.isoformat(timespec="milliseconds" if local.microsecond else "seconds")


def server_time(at: datetime) -> str:
    """`2026-03-04T06:12:09.417-08:00`, as the envelope's `time` shows it."""
    return at.astimezone(PACIFIC).isoformat(timespec="milliseconds")


def epoch_milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def to_milliseconds(at: datetime) -> datetime:
    """Cut to what an answer can show, so that what is compared is what was shown."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def read_instant(text: str) -> datetime:
    """An ISO date or date-time as UTC; without an offset it is the server's Pacific time. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=PACIFIC)).astimezone(UTC)


def server_today(at: datetime) -> date:
    """The day that a document without a date gets."""
    return at.astimezone(PACIFIC).date()
