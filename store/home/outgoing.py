"""What went out, what goes out next and why, and which steps come on the days ahead."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, and_, func, select, true
from sqlmodel import Session

from store import companies
from store.sql import table_of
from store.tables import AccountState, Action, Customer, Decision

ACTION = table_of(Action)
CUSTOMER = table_of(Customer)
DECISION = table_of(Decision)
STATE = table_of(AccountState)

WAITING = ("planned", "approved", "claimed")


class ActLine(Struct, frozen=True, kw_only=True):
    """One act as a page shows it. In observe mode `key` is empty and `state` is "observed": it is only thought of."""

    kind: str
    state: str
    customer_id: str
    customer_name: str
    reason: str
    rule: str
    key: str = ""
    step: int = 0
    outcome: str = ""
    not_before_at: datetime | None = None
    ended_at: datetime | None = None


class ComingLine(Struct, frozen=True, kw_only=True):
    """The next step of one invoice, on a day to come, if nothing changes until then."""

    on: date
    customer_id: str
    customer_name: str
    reason: str


def went_out(session: Session, company_id: int, since_at: datetime, limit: int) -> list[ActLine]:
    """Messages sent and holds placed or lifted since then, newest first. Notes go with what they tell of."""
    wanted = _acts(company_id).where(ACTION.c.state == "done", ACTION.c.kind != "note", ACTION.c.ended_at >= since_at)
    return _lines(session.execute(wanted.order_by(ACTION.c.ended_at.desc(), ACTION.c.id.desc()).limit(limit)))


def goes_next(session: Session, company_id: int, limit: int) -> list[ActLine]:
    """What waits to go out, in the order in which it goes; in observe mode what would."""
    if companies.get(session, company_id).mode == "observe":
        return _would_go(session, company_id, limit)
    wanted = _acts(company_id).where(ACTION.c.state.in_(WAITING), ACTION.c.kind != "note")
    # What waits for no time goes first. Spelled out, as the two databases sort nulls to different ends.
    order = (ACTION.c.not_before_at.is_not(None), ACTION.c.not_before_at, ACTION.c.id)
    return _lines(session.execute(wanted.order_by(*order).limit(limit)))


def upcoming(session: Session, company_id: int, today: date, days: int, limit: int = 200) -> list[ComingLine]:
    """Steps that come within so many days after today, the soonest first."""
    last_on = today + timedelta(days=days)
    looked_at = and_(STATE.c.company_id == DECISION.c.company_id, STATE.c.customer_id == DECISION.c.customer_id)
    known = and_(CUSTOMER.c.company_id == DECISION.c.company_id, CUSTOMER.c.id == DECISION.c.customer_id)
    columns = (DECISION.c.figures, DECISION.c.sentence, DECISION.c.customer_id, CUSTOMER.c.name)
    wanted = select(*columns).join(STATE, looked_at).join(CUSTOMER, known)
    wanted = wanted.where(DECISION.c.company_id == company_id, DECISION.c.is_current == true())
    # An account is looked at again by the first of its steps at the latest, so the others need not be read at all.
    wanted = wanted.where(DECISION.c.outcome == "leave", STATE.c.look_again_on <= last_on)
    lines = [_coming(row) for row in session.execute(wanted.where(DECISION.c.figures.contains('"step_on"')))]
    soon = [line for line in lines if today < line.on <= last_on]
    return sorted(soon, key=lambda line: (line.on, line.customer_name, line.reason))[:limit]


def _coming(row: Any) -> ComingLine:
    return ComingLine(
        on=date.fromisoformat(json.loads(row.figures)["step_on"]),
        customer_id=row.customer_id,
        customer_name=row.name,
        reason=row.sentence,
    )


def _acts(company_id: int) -> Select[Any]:
    """A customer whose record was set aside has acts all the same, and its id for a name."""
    known = and_(CUSTOMER.c.company_id == ACTION.c.company_id, CUSTOMER.c.id == ACTION.c.customer_id)
    name = func.coalesce(CUSTOMER.c.name, ACTION.c.customer_id).label("customer_name")
    return select(ACTION, name).outerjoin(CUSTOMER, known).where(ACTION.c.company_id == company_id)


def _lines(rows: Iterable[Any]) -> list[ActLine]:
    return [ActLine(**{name: getattr(row, name) for name in ActLine.__struct_fields__}) for row in rows]


def _would_go(session: Session, company_id: int, limit: int) -> list[ActLine]:
    """One line per customer and kind: several invoices of one customer would go in one message."""
    known = and_(CUSTOMER.c.company_id == DECISION.c.company_id, CUSTOMER.c.id == DECISION.c.customer_id)
    first = (
        select(func.min(DECISION.c.id))
        .where(DECISION.c.company_id == company_id, DECISION.c.is_current == true())
        .where(DECISION.c.outcome.in_(("remind", "discount_offer", "hold", "release")))
        .group_by(DECISION.c.customer_id, DECISION.c.outcome)
    )
    wanted = select(DECISION, func.coalesce(CUSTOMER.c.name, DECISION.c.customer_id).label("customer_name"))
    wanted = wanted.outerjoin(CUSTOMER, known).where(DECISION.c.id.in_(first))
    return [
        ActLine(
            kind=row.outcome,
            state="observed",
            customer_id=row.customer_id,
            customer_name=row.customer_name,
            reason=row.sentence,
            rule=row.rule,
        )
        for row in session.execute(wanted.order_by(DECISION.c.last_on.desc(), DECISION.c.id).limit(limit))
    ]
