"""The pulse of the whole installation, in a few counts: what metrics show and what readiness and alerts rest on.

Looks across companies, and tells numbers only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session

from store.sql import table_of
from store.tables import Action, Company, WebhookDelivery

COMPANY = table_of(Company)
ACTION = table_of(Action)
DELIVERY = table_of(WebhookDelivery)

OPEN = ("planned", "approved", "claimed", "held")
STALE_AFTER = timedelta(hours=24)
"""A company's books are read every few hours; after a whole day without, something is wrong."""


class Pulse(Struct, frozen=True):
    """`lag_seconds`: how long the company that has waited longest is past its time. Counts are of rows."""

    companies: dict[tuple[str, str], int]
    """By platform and status."""
    acts: dict[tuple[str, str], int]
    """Open acts, by kind and state."""
    lag_seconds: float
    stale: int
    last_webhook_at: datetime | None


def pulse(session: Session, now: datetime) -> Pulse:
    """Five small queries; the acts are counted from an index over the open ones alone."""
    by_status = select(COMPANY.c.platform, COMPANY.c.status, func.count()).group_by(
        COMPANY.c.platform, COMPANY.c.status
    )
    by_state = select(ACTION.c.kind, ACTION.c.state, func.count()).where(ACTION.c.state.in_(OPEN))
    stale = select(func.count()).select_from(COMPANY).where(is_stale(now))
    return Pulse(
        companies={(platform, status): number for platform, status, number in session.execute(by_status)},
        acts={
            (kind, state): number
            for kind, state, number in session.execute(by_state.group_by(ACTION.c.kind, ACTION.c.state))
        },
        lag_seconds=lag(session, now).total_seconds(),
        stale=session.execute(stale).scalar_one(),
        last_webhook_at=session.scalar(select(func.max(DELIVERY.c.received_at))),
    )


def lag(session: Session, now: datetime) -> timedelta:
    """How long past its time the company is that has waited longest for a run; zero where none waits.

    A company whose worker died waits from the end of its lease on.
    """
    since = case((COMPANY.c.claimed_by == "", COMPANY.c.next_run_at), else_=COMPANY.c.lease_until)
    first: datetime | None = session.scalar(select(func.min(since)).where(COMPANY.c.status == "connected"))
    return max(now - first, timedelta(0)) if first else timedelta(0)


def is_stale(now: datetime) -> ColumnElement[bool]:
    """Connected, and its books not read for `STALE_AFTER`."""
    long_ago = now - STALE_AFTER
    unread = and_(COMPANY.c.last_synced_at.is_(None), COMPANY.c.created_at < long_ago)
    return and_(COMPANY.c.status == "connected", or_(COMPANY.c.last_synced_at < long_ago, unread))
