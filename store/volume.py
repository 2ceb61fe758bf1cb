"""The volume of messages, day by day, and the brake that a person lets go of.

How many are too many is `engine.brake`'s to say. While the brake is on, one task asks a person; the messages wait as
they are. What a person has let go is not counted again: `Company.let_go_id` is the last act that they saw.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from msgspec import Struct
from sqlalchemy import and_, func, or_, select, update
from sqlmodel import Session

from store import audit, companies, ledger, tasks
from store.effects import SPOKEN
from store.sql import chunks, run, table_of
from store.tables import Action, Company, Customer, CustomerWish, Task

ACTION = table_of(Action)
COMPANY = table_of(Company)
CUSTOMER = table_of(Customer)
TASK = table_of(Task)
WISH = table_of(CustomerWish)

KIND, SUBJECT = "brake", "company"
COMPARED = timedelta(days=90)
"""How far back a day still tells what is usual."""


def of_today(session: Session, company: Company, now: datetime, midnight: datetime) -> int:
    """Messages that went out since the company's own midnight, and those that wait to go now; not what was let go."""
    is_ready = or_(ACTION.c.not_before_at.is_(None), ACTION.c.not_before_at <= now)
    waits = and_(ACTION.c.state == "approved", is_ready)
    went = and_(ACTION.c.state.in_(("claimed", "done", "held")), ACTION.c.claimed_at >= midnight)
    here = (ACTION.c.company_id == company.id) & ACTION.c.kind.in_(SPOKEN) & (ACTION.c.id > company.let_go_id)
    return session.scalar(select(func.count()).where(here, or_(waits, went))) or 0


def usual(session: Session, company_id: int, today: date) -> list[int]:
    """Messages of each earlier day on which any went out, within `COMPARED`."""
    here = (ACTION.c.company_id == company_id) & (ACTION.c.state == "done") & ACTION.c.kind.in_(SPOKEN)
    days = (ACTION.c.planned_on < today) & (ACTION.c.planned_on >= today - COMPARED)
    return list(session.scalars(select(func.count()).where(here, days).group_by(ACTION.c.planned_on)))


class Reader(Struct, frozen=True):
    """What the hours of a message depend on: where its customer is, where that is known, and whether it is a person."""

    country: str = ""
    is_consumer: bool = False


def readers(session: Session, company_id: int, customer_ids: Collection[str]) -> dict[str, Reader]:
    """Those of these customers that are in the books."""
    found: dict[str, Reader] = {}
    said = (WISH.c.company_id == CUSTOMER.c.company_id) & (WISH.c.customer_id == CUSTOMER.c.id)
    wanted = select(CUSTOMER.c.id, CUSTOMER.c.country, WISH.c.is_consumer).join(WISH, said, isouter=True)
    for some in chunks(sorted(customer_ids)):
        here = (CUSTOMER.c.company_id == company_id) & CUSTOMER.c.id.in_(some)
        rows = session.execute(wanted.where(here))
        found |= {row.id: Reader(row.country, bool(row.is_consumer)) for row in rows}
    return found


def brake_on(session: Session, company_id: int, why: str, now: datetime) -> bool:
    """Ask a person; False where one is asked already."""
    is_new = tasks.open_task(
        session,
        company_id,
        kind=KIND,
        subject=SUBJECT,
        customer_id="",
        title="Far more messages than usual",
        detail=why,
        now=now,
    )
    if is_new:
        audit.append(session, company_id, now, audit.MACHINE, "volume brake on", {"why": why})
    return is_new


def brake_off(session: Session, company_id: int, now: datetime) -> None:
    """They are not too many any more: nobody needs to answer."""
    if _answered(session, company_id, "no longer more than usual", now):
        audit.append(session, company_id, now, audit.MACHINE, "volume brake off", {})


def held_back(session: Session, company_id: int) -> str | None:
    """Why messages are held back just now; None while the brake is off."""
    here = (TASK.c.company_id == company_id) & (TASK.c.kind == KIND) & (TASK.c.state == "open")
    return session.execute(select(TASK.c.detail).where(here)).scalar_one_or_none()


def let_go(session: Session, company_id: int, now: datetime, by: str) -> bool:
    """A person has looked: everything that waits by now may go out. False where nobody was asked any more."""
    if not _answered(session, company_id, f"let go by {by}", now):
        return False
    newest = select(func.coalesce(func.max(ACTION.c.id), 0)).where(ACTION.c.company_id == company_id)
    run(session, update(COMPANY).where(COMPANY.c.id == company_id).values(let_go_id=newest.scalar_subquery()))
    audit.append(session, company_id, now, by, "volume brake let go", {})
    companies.bring_forward(session, company_id, now)
    return True


def turn_down(session: Session, company_id: int, now: datetime, by: str) -> int | None:
    """A person wants none of what waits: it is turned down, as one by one. None where nobody was asked any more."""
    if not _answered(session, company_id, f"turned down by {by}", now):
        return None
    here = (ACTION.c.company_id == company_id) & (ACTION.c.state == "approved") & ACTION.c.kind.in_(SPOKEN)
    keys = session.scalars(select(ACTION.c.key).where(here, ACTION.c.after_key == "").order_by(ACTION.c.id)).all()
    turned = sum(ledger.reject(session, company_id, key, now, by) for key in keys)
    audit.append(session, company_id, now, by, "volume brake: all turned down", {"messages": turned})
    companies.bring_forward(session, company_id, now)
    return turned


def _answered(session: Session, company_id: int, outcome: str, now: datetime) -> bool:
    return tasks.close_task(session, company_id, kind=KIND, subject=SUBJECT, outcome=outcome, now=now)
