"""Last night's new answers: which decisions came out otherwise than before, and what they were until then."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from sqlalchemy import and_, func, select, true
from sqlmodel import Session

from store.sql import table_of
from store.tables import Customer, Decision, Invoice

CUSTOMER = table_of(Customer)
DECISION = table_of(Decision)
BEFORE = DECISION.alias("before")
INVOICE = table_of(Invoice)


EDGES = (func.min, func.max)


class NewAnswer(Struct, frozen=True, kw_only=True):
    """One answer that is new since the night of `on`. `was` is empty where there was none before."""

    on: date
    customer_id: str
    customer_name: str
    number: str
    outcome: str
    rule: str
    sentence: str
    was: str
    was_rule: str


class NewAnswers(Struct, frozen=True, kw_only=True):
    """Those of the latest night on which anything came out otherwise; `count` says how many there are in all."""

    on: date | None
    count: int
    shown: tuple[NewAnswer, ...]


def new_answers(session: Session, company_id: int, limit: int) -> NewAnswers:
    """The answers of the latest night that differ by rule or outcome from those before, acts first.

    None after the very first night.
    """
    mine = DECISION.c.company_id == company_id
    first, latest = (session.execute(select(edge(DECISION.c.first_on)).where(mine)).scalar_one() for edge in EDGES)
    if latest is None or first == latest:
        return NewAnswers(on=None, count=0, shown=())  # on the first night everything is new, which says nothing
    here = and_(
        BEFORE.c.company_id == DECISION.c.company_id,
        BEFORE.c.customer_id == DECISION.c.customer_id,
        BEFORE.c.invoice_id == DECISION.c.invoice_id,
        BEFORE.c.first_on < latest,
    )
    last_before = select(func.max(BEFORE.c.id)).where(here).correlate(DECISION).scalar_subquery()
    former = DECISION.alias("former")
    differs = former.c.id.is_(None) | (former.c.rule != DECISION.c.rule) | (former.c.outcome != DECISION.c.outcome)
    fresh = select(DECISION, former.c.outcome.label("was"), former.c.rule.label("was_rule"))
    fresh = fresh.select_from(DECISION).outerjoin(former, former.c.id == last_before)
    fresh = fresh.where(mine, DECISION.c.is_current == true(), DECISION.c.first_on == latest, differs)
    count = session.execute(fresh.with_only_columns(func.count())).scalar_one()
    named = fresh.add_columns(
        func.coalesce(CUSTOMER.c.name, DECISION.c.customer_id).label("customer_name"),
        func.coalesce(INVOICE.c.number, "").label("number"),
    )
    known = and_(CUSTOMER.c.company_id == DECISION.c.company_id, CUSTOMER.c.id == DECISION.c.customer_id)
    about = and_(INVOICE.c.company_id == DECISION.c.company_id, INVOICE.c.id == DECISION.c.invoice_id)
    named = named.outerjoin(CUSTOMER, known).outerjoin(INVOICE, about)
    rows = session.execute(named.order_by(DECISION.c.outcome == "leave", DECISION.c.id.desc()).limit(limit))
    return NewAnswers(
        on=latest,
        count=count,
        shown=tuple(
            NewAnswer(
                on=latest,
                customer_id=row.customer_id,
                customer_name=row.customer_name,
                number=row.number,
                outcome=row.outcome,
                rule=row.rule,
                sentence=row.sentence,
                was=row.was or "",
                was_rule=row.was_rule or "",
            )
            for row in rows
        ),
    )
