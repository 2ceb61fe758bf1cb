"""Which company runs now, and who runs it: a lease that one worker holds and a heartbeat moves on.

While a company is claimed its `next_run_at` is empty, so that whoever brings it forward meanwhile is not forgotten.
A worker that died leaves a lease that runs out, and its company is taken up again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, select, update
from sqlmodel import Session

from store.sql import run, table_of
from store.tables import Company

COMPANY = table_of(Company)


def due_companies(session: Session, now: datetime) -> list[int]:
    """Ids of connected companies whose time has come and that nobody holds, the longest overdue first."""
    wanted = (
        select(COMPANY.c.id).where(_is_due(now)).order_by(COMPANY.c.next_run_at.is_not(None), COMPANY.c.next_run_at)
    )
    return list(session.scalars(wanted))


def next_due_at(session: Session) -> datetime | None:
    """When the next company is due that nobody holds; None where none ever is."""
    free = select(func.min(COMPANY.c.next_run_at)).where(COMPANY.c.status == "connected", COMPANY.c.claimed_by == "")
    found: datetime | None = session.scalar(free)
    return found


def claim(
    session: Session, company_id: int, worker: str, now: datetime, lease: timedelta, *, only_if_due: bool = False
) -> bool:
    """Take a company until `now + lease`. False when somebody holds it, or it is not connected.

    With `only_if_due`, False as well where its time has not come: whoever was told so a moment ago came second.
    """
    statement = _CLAIM_DUE if only_if_due else _CLAIM
    return run(session, statement, company=company_id, worker=worker, now=now, until=now + lease) == 1


def heartbeat(session: Session, company_id: int, worker: str, now: datetime, lease: timedelta) -> bool:
    """Move the lease on. False when the company is no longer ours: the run must stop at once."""
    return run(session, _BEAT, company=company_id, worker=worker, now=now, until=now + lease) == 1


def release(session: Session, company_id: int, worker: str, next_run_at: datetime) -> bool:
    """Give the company back, to run again at `next_run_at`, or earlier if it was brought forward meanwhile.

    False when it was not ours any more.
    """
    run(session, _PUT_OFF, company=company_id, worker=worker, until=next_run_at)
    return run(session, _LET_GO, company=company_id, worker=worker) == 1


def _is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    free = and_(COMPANY.c.claimed_by == "", COMPANY.c.next_run_at <= now)
    abandoned = and_(COMPANY.c.claimed_by != "", COMPANY.c.lease_until <= now)
    return and_(COMPANY.c.status == "connected", or_(free, abandoned))


_NOW: BindParameter[datetime] = bindparam("now", type_=COMPANY.c.next_run_at.type)
_UNTIL: BindParameter[datetime] = bindparam("until", type_=COMPANY.c.next_run_at.type)
_THIS = update(COMPANY).where(COMPANY.c.id == bindparam("company"))
_OURS = _THIS.where(COMPANY.c.claimed_by == bindparam("worker"))

_CLAIM = _THIS.where(
    COMPANY.c.status == "connected", or_(COMPANY.c.claimed_by == "", COMPANY.c.lease_until <= _NOW)
).values(claimed_by=bindparam("worker"), lease_until=_UNTIL, next_run_at=None, webhook_at=None)
_CLAIM_DUE = _CLAIM.where(_is_due(_NOW))
_BEAT = _OURS.where(COMPANY.c.lease_until > _NOW).values(lease_until=_UNTIL)
_PUT_OFF = _OURS.where(
    or_(COMPANY.c.next_run_at.is_(None), COMPANY.c.next_run_at > _UNTIL), COMPANY.c.status == "connected"
).values(next_run_at=_UNTIL)
_LET_GO = _OURS.values(claimed_by="", lease_until=None)
