"""Alerts: what an owner must hear of when the unattended work does not run as it should.

A trouble is kept for as long as it lasts. Each is told once, and again every week; of two processes that look at the
same time, one tells. Finding troubles looks across companies; what to write is the scheduler's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Select, func, or_, select, update
from sqlmodel import Session

from store import policies, tokens, uploads
from store.pulse import is_stale
from store.sql import insert_into, run, table_of
from store.tables import Action, Company, Membership, OwnerAlert, Task, User

ALERT = table_of(OwnerAlert)
COMPANY = table_of(Company)
ACTION = table_of(Action)
MEMBERSHIP = table_of(Membership)
USER = table_of(User)
TASK = table_of(Task)

_IS_BRAKE = (TASK.c.kind == "brake") & (TASK.c.state == "open")

AGAIN_AFTER = timedelta(days=7)
TOO_LONG = timedelta(days=3)
"""An act that may go and has not gone for so long: weekends and holidays are shorter."""


class Trouble(Struct, frozen=True):
    """One thing that is not well with one company."""

    company_id: int
    kind: str
    detail: str = ""


def troubles(session: Session, now: datetime) -> list[Trouble]:
    """Everything that is not well just now, in a few queries over the whole installation."""
    return [
        *_cut_off(session),
        *_ending(session, now),
        *_growing_old(session, now),
        *_closed_to_us(session),
        *_stale(session, now),
        *_held(session),
        *_unsent(session, now),
        *_braked(session),
    ]


def note(session: Session, found: Iterable[Trouble], now: datetime) -> None:
    """Keep the troubles that are there and forget those that are over."""
    there = {(trouble.company_id, trouble.kind): trouble for trouble in found}
    known = {(row.company_id, row.kind) for row in session.execute(select(ALERT.c.company_id, ALERT.c.kind))}
    for company_id, kind in known - there.keys():
        run(session, ALERT.delete().where(ALERT.c.company_id == company_id, ALERT.c.kind == kind))
    for trouble in there.values():
        row = {"company_id": trouble.company_id, "kind": trouble.kind, "detail": trouble.detail, "since_at": now}
        statement = insert_into(session, ALERT).values(**row)
        told = {"detail": statement.excluded.detail}
        run(session, statement.on_conflict_do_update(index_elements=["company_id", "kind"], set_=told))


def take(session: Session, now: datetime) -> list[Trouble]:
    """The troubles that somebody must be told of now; whoever takes one has to tell it, or give it back."""
    is_due = or_(ALERT.c.told_at.is_(None), ALERT.c.told_at < now - AGAIN_AFTER)
    taken = []
    for row in session.scalars(select(OwnerAlert).where(is_due).order_by(ALERT.c.company_id, ALERT.c.kind)).all():
        here = update(ALERT).where(ALERT.c.company_id == row.company_id, ALERT.c.kind == row.kind, is_due)
        if run(session, here.values(told_at=now)):
            taken.append(Trouble(row.company_id, row.kind, row.detail))
    return taken


def give_back(session: Session, company_id: int, kinds: Iterable[str]) -> None:
    """They could not be told: the next look tries again."""
    here = update(ALERT).where(ALERT.c.company_id == company_id, ALERT.c.kind.in_(list(kinds)))
    run(session, here.values(told_at=None))


def owners(session: Session, company_id: int) -> list[str]:
    """Addresses that the company's notices go to: those in its settings, else of the people who own it here, else its
    own."""
    told = policies.current(session, company_id).notices.to
    if told:
        return list(told)
    mine = (MEMBERSHIP.c.company_id == company_id) & (MEMBERSHIP.c.role == "owner") & (USER.c.email != "")
    wanted = select(USER.c.email).join(MEMBERSHIP, MEMBERSHIP.c.user_id == USER.c.id).where(mine)
    people = list(session.scalars(wanted.distinct().order_by(USER.c.email)))
    if people:
        return people
    own = session.scalar(select(COMPANY.c.email).where(COMPANY.c.id == company_id, COMPANY.c.email != ""))
    return [own] if own else []


def _cut_off(session: Session) -> Iterator[Trouble]:
    """Whoever has made a company for files, and uploaded none yet, knows it."""
    is_new = (COMPANY.c.platform == uploads.PLATFORM) & COMPANY.c.last_synced_at.is_(None)
    wanted = select(COMPANY.c.id, COMPANY.c.status_detail).where(COMPANY.c.status == "reconnect_needed", ~is_new)
    for row in session.execute(wanted):
        yield Trouble(row.id, "reconnect_needed", row.status_detail)


def _ending(session: Session, now: datetime) -> Iterator[Trouble]:
    for company_id, at in tokens.ending(session, now):
        yield Trouble(company_id, "consent_ends", f"{at:%Y-%m-%d}")


def _growing_old(session: Session, now: datetime) -> Iterator[Trouble]:
    for company_id, on in uploads.ending(session, now.date()):
        yield Trouble(company_id, "upload_ends", f"{on:%Y-%m-%d}")


def _closed_to_us(session: Session) -> Iterator[Trouble]:
    wanted = select(COMPANY.c.id).where(COMPANY.c.status == "connected", COMPANY.c.is_read_only.is_(True))
    for company_id in session.scalars(wanted):
        yield Trouble(company_id, "read_only")


def _stale(session: Session, now: datetime) -> Iterator[Trouble]:
    for row in session.execute(select(COMPANY.c.id, COMPANY.c.last_synced_at).where(is_stale(now))):
        since = f"last read on {row.last_synced_at:%Y-%m-%d at %H:%M} UTC" if row.last_synced_at else "never read yet"
        yield Trouble(row.id, "sync_stale", since)


def _held(session: Session) -> Iterator[Trouble]:
    for company_id, number in session.execute(_count("held")):
        yield Trouble(company_id, "held", str(number))


def _unsent(session: Session, now: datetime) -> Iterator[Trouble]:
    """Approved long ago, its turn come, and still here: not held back by a wish, or it would be cancelled."""
    is_free = or_(ACTION.c.not_before_at.is_(None), ACTION.c.not_before_at < now)
    wanted = _count("approved").where(ACTION.c.created_at < now - TOO_LONG, ACTION.c.after_key == "", is_free)
    working = select(COMPANY.c.id).where(COMPANY.c.is_paused.is_(False), COMPANY.c.mode != "observe")
    working = working.where(COMPANY.c.id.not_in(select(TASK.c.company_id).where(_IS_BRAKE)))
    for company_id, number in session.execute(wanted.where(ACTION.c.company_id.in_(working))):
        yield Trouble(company_id, "nothing_sent", str(number))


def _braked(session: Session) -> Iterator[Trouble]:
    """Told at once: the messages of the day wait for an answer."""
    for row in session.execute(select(TASK.c.company_id, TASK.c.detail).where(_IS_BRAKE)):
        yield Trouble(row.company_id, "brake", row.detail)


def _count(state: str) -> Select[tuple[int, int]]:
    counted = select(ACTION.c.company_id, func.count().label("number")).where(ACTION.c.state == state)
    return counted.group_by(ACTION.c.company_id)
