"""Tasks: what only a person can do. One row per kind and subject, opened again when the need comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import json
from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from store.scope import Scope, any_of
from store.sql import chunks, insert_into, run, table_of
from store.tables import Customer, Task

TASK = table_of(Task)
CUSTOMER = table_of(Customer)

_CLOSE = (
    update(TASK)
    .where(TASK.c.company_id == bindparam("company"), TASK.c.kind == bindparam("of_kind"))
    .where(TASK.c.subject == bindparam("about"), TASK.c.state == "open")
    .values(state="done", done_at=bindparam("now"), outcome=bindparam("came_of_it"))
)

ADVICE = frozenset({"credit_new_customer", "credit_review", "terms_tighter", "terms_wider", "handover", "write_off"})
"""Questions of `engine.advice`: once a person has answered one, it is not asked again."""

_ANSWERED = (
    select(TASK.c.customer_id, TASK.c.kind, TASK.c.subject)
    .where(TASK.c.company_id == bindparam("company_id"), any_of(TASK.c.customer_id))
    .where(TASK.c.kind.in_(ADVICE), TASK.c.state == "done")
)


def open_task(
    session: Session,
    company_id: int,
    *,
    kind: str,
    subject: str,
    customer_id: str,
    title: str,
    detail: str,
    now: datetime,
    invoice_ids: Sequence[str] = (),
) -> bool:
    """Put something on the list; False when it stands there already. `subject` tells two of a kind apart."""
    statement = insert_into(session, TASK).values(
        company_id=company_id,
        kind=kind,
        subject=subject,
        customer_id=customer_id,
        title=title,
        detail=detail,
        invoice_ids=json.encode(list(invoice_ids)).decode(),
        created_at=now,
    )
    told = {key: statement.excluded[key] for key in ("customer_id", "title", "detail", "invoice_ids", "created_at")}
    reopened: dict[str, object] = {**told, "state": "open", "done_at": None, "lapsed_on": None, "outcome": ""}
    statement = statement.on_conflict_do_update(
        index_elements=["company_id", "kind", "subject"], set_=reopened, where=TASK.c.state != "open"
    )
    return run(session, statement) == 1


def close_task(session: Session, company_id: int, *, kind: str, subject: str, outcome: str, now: datetime) -> bool:
    """Take it off the list, saying what came of it; False when it was not open."""
    return run(session, _CLOSE, company=company_id, of_kind=kind, about=subject, came_of_it=outcome, now=now) == 1


def close_about(
    session: Session, company_id: int, customer_id: str, *, kinds: Sequence[str], outcome: str, now: datetime
) -> int:
    """Take every open task of these kinds about a customer off the list; returns how many there were."""
    wanted = update(TASK).where(TASK.c.company_id == company_id, TASK.c.customer_id == customer_id)
    done = {"state": "done", "done_at": now, "outcome": outcome}
    return run(session, wanted.where(TASK.c.kind.in_(kinds), TASK.c.state == "open").values(**done))


def answered(scope: Scope, standing: Mapping[str, str]) -> dict[str, frozenset[tuple[str, str]]]:
    """By account, the questions of advice that a person has answered; `standing` maps customers to their accounts."""
    found: dict[str, set[tuple[str, str]]] = {}
    for names in chunks(standing):
        for row in scope.rows(_ANSWERED, names=names):
            found.setdefault(standing[row.customer_id], set()).add((row.kind, row.subject))
    return {name: frozenset(some) for name, some in found.items()}


def open_tasks(
    session: Session, company_id: int, *, kind: str = "", search: str = "", limit: int | None = None
) -> list[Task]:
    """What waits for a person, oldest first; of one kind, or about customers whose name has these words, if wanted."""
    scope = Scope(session, company_id)
    wanted = scope.select(Task).where(TASK.c.state == "open").order_by(TASK.c.created_at, TASK.c.id).limit(limit)
    if kind:
        wanted = wanted.where(TASK.c.kind == kind)
    if search:
        named = select(CUSTOMER.c.id).where(CUSTOMER.c.company_id == company_id)
        wanted = wanted.where(TASK.c.customer_id.in_(named.where(CUSTOMER.c.name.icontains(search, autoescape=True))))
    return scope.all(wanted)


def lapsed(session: Session, company_id: int, limit: int) -> list[Task]:
    """What closed by itself, the latest first."""
    scope = Scope(session, company_id)
    wanted = scope.select(Task).where(TASK.c.lapsed_on.is_not(None))
    return scope.all(wanted.order_by(TASK.c.lapsed_on.desc(), TASK.c.id.desc()).limit(limit))


def counts(session: Session, company_id: int) -> dict[str, int]:
    """Open tasks by kind."""
    rows = session.execute(
        select(TASK.c.kind, func.count().label("open"))
        .where(TASK.c.company_id == company_id, TASK.c.state == "open")
        .group_by(TASK.c.kind)
    )
    return {row.kind: row.open for row in rows}
