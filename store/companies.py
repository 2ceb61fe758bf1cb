"""Companies: found or made when somebody connects, kept up to date, paused, and let go.

The one module, with `store.claims`, that may look across companies.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, literal, select, update
from sqlmodel import Session

from engine.books import CompanyRecord
from store import attention, audit
from store.sql import insert_into, run, table_of
from store.tables import Company, Connection, Membership

COMPANY = table_of(Company)
CONNECTION = table_of(Connection)
MEMBERSHIP = table_of(Membership)

_BY_ID = select(Company).where(COMPANY.c.id == bindparam("id")).execution_options(populate_existing=True)

MODES = ("observe", "approve", "automatic")


class Superseded(Exception):
    """Somebody else has saved since this was read: read again, and put the change on what stands now."""


def connect(session: Session, *, platform: str, external_id: str, name: str, mode: str, now: datetime) -> Company:
    """Find the company by platform and external id, or make it; either way it is connected and its next run is now.

    A company that comes back keeps its own mode and history.
    """
    row = {"platform": platform, "external_id": external_id, "name": name, "mode": mode, "created_at": now}
    values = row | {"status": "connected", "status_detail": "", "next_run_at": now}
    statement = insert_into(session, COMPANY).values(**values)
    again = {key: statement.excluded[key] for key in ("name", "status", "status_detail", "next_run_at")}
    run(session, statement.on_conflict_do_update(index_elements=["platform", "external_id"], set_=again))
    company = by_external_id(session, platform, external_id)
    if company is None or company.id is None:
        raise LookupError(f"the company {external_id} vanished while it was being connected")
    audit.append(session, company.id, now, audit.MACHINE, "connected", {"platform": platform, "name": name})
    return company


def get(session: Session, company_id: int) -> Company:
    """Raises LookupError when there is no such company."""
    company = session.scalars(_BY_ID, {"id": company_id}).one_or_none()
    if company is None:
        raise LookupError(f"there is no company {company_id}")
    return company


def by_external_id(session: Session, platform: str, external_id: str) -> Company | None:
    """The company behind a platform's own id, as a webhook names it."""
    wanted = select(Company).where(COMPANY.c.platform == platform, COMPANY.c.external_id == external_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def all_companies(session: Session) -> list[Company]:
    """Every company of the installation, oldest first: for the command line, never for a page."""
    return list(session.scalars(select(Company).order_by(COMPANY.c.id)))


def wanted(session: Session) -> list[Company]:
    """Companies whose owners want them run, those that wait for a new consent among them; oldest first."""
    return list(session.scalars(select(Company).where(COMPANY.c.status != "disconnected").order_by(COMPANY.c.id)))


def companies_of(session: Session, user_id: int) -> list[Company]:
    """The companies that a person may see, by name."""
    mine = select(MEMBERSHIP.c.company_id).where(MEMBERSHIP.c.user_id == user_id)
    return list(session.scalars(select(Company).where(COMPANY.c.id.in_(mine)).order_by(COMPANY.c.name, COMPANY.c.id)))


def role_of(session: Session, user_id: int, company_id: int) -> str | None:
    """owner, bookkeeper or viewer; None for a person who has nothing to do with the company."""
    membership = session.get(Membership, (user_id, company_id), populate_existing=True)
    return membership.role if membership else None


def disconnect(session: Session, company_id: int, why: str, now: datetime) -> None:
    """Let the company go: no more runs, and its consent is forgotten here. Its rows stay, for when it comes back."""
    run(session, CONNECTION.delete().where(CONNECTION.c.company_id == company_id))
    _set(session, company_id, status="disconnected", status_detail=why, next_run_at=None)
    audit.append(session, company_id, now, audit.MACHINE, "disconnected", {"why": why})


def mark_reconnect_needed(session: Session, company_id: int, why: str, now: datetime) -> None:
    """The consent is gone: the company waits for its owner. Says so in the audit once, not on every run."""
    changed = run(
        session,
        update(COMPANY)
        .where(COMPANY.c.id == company_id, COMPANY.c.status == "connected")
        .values(status="reconnect_needed", status_detail=why),
    )
    if changed:
        audit.append(session, company_id, now, audit.MACHINE, "reconnect needed", {"why": why})


def mark_connected(session: Session, company_id: int, now: datetime) -> None:
    """A new consent, or new files, have come for a company that waited for them: it runs at `now`."""
    changed = run(
        session,
        update(COMPANY)
        .where(COMPANY.c.id == company_id, COMPANY.c.status != "connected")
        .values(status="connected", status_detail="", next_run_at=now),
    )
    if changed:
        audit.append(session, company_id, now, audit.MACHINE, "connected again", {})


def bring_forward(session: Session, company_id: int, now: datetime) -> None:
    """Run the company at the next tick, or once more after the run that is under way."""
    _bring_forward(session, COMPANY.c.id == company_id, now)


def bring_named_forward(session: Session, platform: str, external_ids: Collection[str], now: datetime) -> None:
    """The same for all companies that a webhook names, and remember since when it waits; those that we do not know are
    passed over."""
    named = (COMPANY.c.platform == platform) & COMPANY.c.external_id.in_(external_ids)
    _bring_forward(
        session, named, now, webhook_at=func.coalesce(COMPANY.c.webhook_at, literal(now, COMPANY.c.webhook_at.type))
    )


def _bring_forward(session: Session, named: ColumnElement[bool], now: datetime, **more: Any) -> None:
    """What is due already stays where it stands in the queue, and gets no more than `more`."""
    is_later = COMPANY.c.next_run_at.is_(None) | (COMPANY.c.next_run_at > now)
    wanted = select(COMPANY.c.id).where(named, COMPANY.c.status == "connected")
    if not more:
        wanted = wanted.where(is_later)
    # Locked in one order: two deliveries that name the same companies must not wait for each other.
    locked = wanted.order_by(COMPANY.c.id).with_for_update()
    when = case((is_later, literal(now, COMPANY.c.next_run_at.type)), else_=COMPANY.c.next_run_at)
    run(session, update(COMPANY).where(COMPANY.c.id.in_(locked)).values(next_run_at=when, **more))


def update_from_platform(session: Session, company_id: int, record: CompanyRecord) -> None:
    """Take over what the platform says of the company. The owner's reply address and time zone, once set, stay."""
    company = get(session, company_id)
    _set(
        session,
        company_id,
        name=record.name or company.name,
        country=record.country or company.country,
        base_currency=record.base_currency or company.base_currency,
        time_zone=company.time_zone or record.time_zone,
        email=company.email or record.email,
        lock_on=record.lock_on,
        sends_own_reminders=record.sends_own_reminders,
        is_read_only=record.is_read_only,
    )


def begin_watch(session: Session, company_id: int, today: date) -> None:
    """Remember the day of the first decision, once: the first-run guard counts from there."""
    unwatched = update(COMPANY).where(COMPANY.c.id == company_id, COMPANY.c.watched_since_on.is_(None))
    run(session, unwatched.values(watched_since_on=today))


def set_mode(session: Session, company_id: int, mode: str, now: datetime, by: str) -> None:
    """Raises ValueError for a word that is not a mode."""
    if mode not in MODES:
        raise ValueError(f"{mode!r} is not a mode: expected one of {', '.join(MODES)}")
    before = get(session, company_id).mode
    if before != mode:
        _set(session, company_id, mode=mode)
        # What was only thought of while watching was decided as if it had been done: now it is to be done.
        attention.touch_all(session, company_id)
        audit.append(session, company_id, now, by, "mode changed", {"from": before, "to": mode})


def insist_it_stands(session: Session, company: Company) -> None:
    """Raises Superseded where mode or pause are not as `company` was read. Until the end of this transaction nobody
    else changes them."""
    is_as_read = (
        (COMPANY.c.mode == company.mode)
        & (COMPANY.c.is_paused == company.is_paused)
        & COMPANY.c.paused_until_on.is_not_distinct_from(company.paused_until_on)
    )
    here = (COMPANY.c.id == company.stored_id) & is_as_read
    if not run(session, update(COMPANY).where(here).values(mode=company.mode)):
        raise Superseded


def set_paused(
    session: Session, company_id: int, is_paused: bool, now: datetime, by: str, until_on: date | None = None
) -> None:
    """The company's kill switch: while it is on, books are read and decided on, and nothing goes out.

    It holds through `until_on`, where one is given, and until somebody ends it otherwise.
    """
    company, until_on = get(session, company_id), until_on if is_paused else None
    if (company.is_paused, company.paused_until_on) != (is_paused, until_on):
        _set(session, company_id, is_paused=is_paused, paused_until_on=until_on)
        details = {"until_on": until_on.isoformat()} if until_on else {}
        audit.append(session, company_id, now, by, "paused" if is_paused else "resumed", details)


def end_pause(session: Session, company_id: int, today: date, now: datetime) -> None:
    """Let the company go on, once the last day of its pause has passed. `today` is the company's own day."""
    until_on = get(session, company_id).paused_until_on
    if until_on is not None and until_on < today:
        set_paused(session, company_id, False, now, audit.MACHINE)


def set_contact(session: Session, company_id: int, *, time_zone: str, email: str, now: datetime, by: str) -> None:
    """The owner's own word on the company's time zone (IANA name) and on where customers' replies go."""
    _set(session, company_id, time_zone=time_zone, email=email)
    audit.append(session, company_id, now, by, "company details changed", {"time_zone": time_zone, "email": email})


def _set(session: Session, company_id: int, **values: Any) -> None:
    run(session, update(COMPANY).where(COMPANY.c.id == company_id).values(**values))
