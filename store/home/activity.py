"""Activity: decisions, acts, what became of promises and tasks that closed by themselves, newest first, by pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, Table, and_, cast, func, literal, null, or_, select, true, union_all
from sqlalchemy.types import String
from sqlmodel import Session

from store.sql import table_of
from store.tables import Action, Customer, Decision, Invoice, PromiseOutcome, Task
from store.tables.types import Instant

ACTION = table_of(Action)
CUSTOMER = table_of(Customer)
DECISION = table_of(Decision)
INVOICE = table_of(Invoice)
PROMISE = table_of(PromiseOutcome)
TASK = table_of(Task)
LAPSED = "task_lapsed"

PAGE_SIZE = 50


class Entry(Struct, frozen=True, kw_only=True):
    """One decision, act, promise or task. `state` and `key` are an act's; `number` is empty where none is meant."""

    source: str
    """decision, act, promise or task."""
    on: date
    """A decision's first day, the day an act was planned, or the day what became of a promise or a task was known."""
    at: datetime | None
    """When an act ended; None for a decision, and for an act that has not."""
    kind: str
    """An act's kind, or a decision's outcome: remind, leave, hold, …; promise_kept, promise_broken or
    task_lapsed."""
    state: str
    key: str
    customer_id: str
    customer_name: str
    invoice_id: str
    number: str
    rule: str
    sentence: str
    outcome: str
    """What became of an act, in a sentence."""


class Listing(Struct, frozen=True, kw_only=True):
    """One page of entries; pages count from 1."""

    entries: tuple[Entry, ...]
    page: int
    has_more: bool


def activity(
    session: Session,
    company_id: int,
    *,
    rule: str = "",
    outcome: str = "",
    search: str = "",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Listing:
    """Entries newest first. `outcome` is a decision's outcome, or an act's kind or state; `search` looks in the
    customer's name, the invoice's number and the reason. Empty filters let everything through."""
    page = max(page, 1)
    # Each part brings only as many of its newest as this page could show: neither is sorted as a whole.
    sources = (_decisions(company_id), _acts(company_id), _promises(company_id), _lapsed(company_id))
    parts = (_filtered(part, rule, outcome, search) for part in sources)
    newest = (_newest(part, page * size + 1) for part in parts)
    rows = union_all(*(select(part.subquery()) for part in newest)).subquery()
    order = (rows.c.on.desc(), rows.c.source, rows.c.id.desc())
    wanted = select(rows).order_by(*order).limit(size + 1).offset((page - 1) * size)
    found = session.execute(wanted).all()
    entries = [Entry(**{name: getattr(row, name) for name in Entry.__struct_fields__}) for row in found[:size]]
    return Listing(entries=tuple(entries), page=page, has_more=len(found) > size)


def _filtered(part: Select[Any], rule: str, outcome: str, search: str) -> Select[Any]:
    columns = part.selected_columns
    if rule:
        part = part.where(columns["rule"] == rule)
    if outcome:
        part = part.where(or_(columns["kind"] == outcome, columns["state"] == outcome))
    if search:
        places = (columns["customer_name"], columns["number"], columns["sentence"])
        part = part.where(or_(*(place.icontains(search, autoescape=True) for place in places)))
    return part


def _newest(part: Select[Any], count: int) -> Select[Any]:
    return part.order_by(part.selected_columns["on"].desc(), part.selected_columns["id"].desc()).limit(count)


def rule_counts(session: Session, company_id: int) -> dict[str, int]:
    """Current decisions by rule, the most frequent first."""
    wanted = select(DECISION.c.rule, func.count().label("times")).where(DECISION.c.company_id == company_id)
    wanted = wanted.where(DECISION.c.is_current == true()).group_by(DECISION.c.rule)
    rows = session.execute(wanted.order_by(func.count().desc(), DECISION.c.rule))
    return {row.rule: row.times for row in rows}


def outcomes(session: Session, company_id: int) -> list[str]:
    """Every outcome and kind that the filter can find something for."""
    decided = select(DECISION.c.outcome).where(DECISION.c.company_id == company_id)
    acted = select(ACTION.c.kind).where(ACTION.c.company_id == company_id)
    promised = select(literal("promise_", String) + PROMISE.c.state).where(PROMISE.c.company_id == company_id)
    closed = select(literal(LAPSED, String)).where(TASK.c.company_id == company_id, TASK.c.lapsed_on.is_not(None))
    return sorted(session.scalars(decided.union(acted, promised, closed)).all())


def _decisions(company_id: int) -> Select[Any]:
    return _entries(
        DECISION,
        company_id,
        source=literal("decision", String),
        on=DECISION.c.first_on,
        at=cast(null(), Instant),
        kind=DECISION.c.outcome,
        invoice_id=DECISION.c.invoice_id,
        rule=DECISION.c.rule,
        sentence=DECISION.c.sentence,
    )


def _acts(company_id: int) -> Select[Any]:
    return _entries(
        ACTION,
        company_id,
        source=literal("act", String),
        on=ACTION.c.planned_on,
        at=ACTION.c.ended_at,
        kind=ACTION.c.kind,
        state=ACTION.c.state,
        key=ACTION.c.key,
        rule=ACTION.c.rule,
        sentence=ACTION.c.reason,
        outcome=ACTION.c.outcome,
    )


def _promises(company_id: int) -> Select[Any]:
    return _entries(
        PROMISE,
        company_id,
        source=literal("promise", String),
        on=PROMISE.c.on,
        at=PROMISE.c.at,
        kind=literal("promise_", String) + PROMISE.c.state,
        invoice_id=PROMISE.c.invoice_id,
        sentence=PROMISE.c.sentence,
    )


def _lapsed(company_id: int) -> Select[Any]:
    tasks = _entries(
        TASK,
        company_id,
        source=literal("task", String),
        on=TASK.c.lapsed_on,
        at=TASK.c.done_at,
        kind=literal(LAPSED, String),
        sentence=TASK.c.title,
        outcome=TASK.c.outcome,
    )
    return tasks.where(TASK.c.lapsed_on.is_not(None))


def _entries(table: Table, company_id: int, **told: ColumnElement[Any]) -> Select[Any]:
    """A company's rows of one table as entries: `told` by the fields of an entry, and empty what it does not tell."""
    known = and_(CUSTOMER.c.company_id == table.c.company_id, CUSTOMER.c.id == table.c.customer_id)
    fields = {name: told.get(name, literal("", String)) for name in Entry.__struct_fields__}
    fields |= {
        "customer_id": table.c.customer_id,
        "customer_name": func.coalesce(CUSTOMER.c.name, table.c.customer_id),
    }
    rows = select(table.c.id).outerjoin_from(table, CUSTOMER, known).where(table.c.company_id == company_id)
    if "invoice_id" in told:
        about = and_(INVOICE.c.company_id == table.c.company_id, INVOICE.c.id == table.c.invoice_id)
        rows, fields["number"] = rows.outerjoin(INVOICE, about), func.coalesce(INVOICE.c.number, "")
    return rows.add_columns(*(field.label(name) for name, field in fields.items()))
