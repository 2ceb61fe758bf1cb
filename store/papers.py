"""Papers that are kept: the hand-over pack of a task, as the books stood when the task appeared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, select
from sqlmodel import Session

from store.erased import is_erased
from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import KeptPaper, Task

PAPER = table_of(KeptPaper)
TASK = table_of(Task)

KIND = "handover"
"""The kind of task that has a paper."""


def missing(session: Session, limit: int) -> Sequence[Row[Any]]:
    """(company, task) of open tasks whose paper is not made yet, of any company, the oldest first."""
    here = and_(PAPER.c.company_id == TASK.c.company_id, PAPER.c.task_id == TASK.c.id)
    same = and_(here, PAPER.c.opened_at == TASK.c.created_at)
    wanted = select(TASK.c.company_id, TASK.c.id).outerjoin(PAPER, same)
    wanted = wanted.where(TASK.c.kind == KIND, TASK.c.state == "open", PAPER.c.task_id.is_(None))
    return session.execute(wanted.order_by(TASK.c.id).limit(limit)).all()


def kept(session: Session, company_id: int, task_id: int) -> KeptPaper | None:
    """The paper of a task, as it was made for its present opening."""
    scope = Scope(session, company_id)
    paper, task = scope.get(KeptPaper, task_id=task_id), scope.get(Task, id=task_id)
    return paper if paper is not None and task is not None and paper.opened_at == task.created_at else None


def all_kept(session: Session, company_id: int) -> Iterator[KeptPaper]:
    """Every paper that a company has, one at a time."""
    scope = Scope(session, company_id)
    yield from session.scalars(scope.select(KeptPaper).order_by(PAPER.c.task_id).execution_options(yield_per=10))


def keep(session: Session, company_id: int, task: Task, name: str, content: bytes, now: datetime) -> None:
    """Keep the paper of a task. One that was kept for the same opening stays: whoever was first is right.

    Of a customer who was erased while it was being made, none is kept.
    """
    session.execute(select(TASK.c.id).where(TASK.c.company_id == company_id, TASK.c.id == task.id).with_for_update())
    if is_erased(session, company_id, task.customer_id):
        return
    row = {
        "company_id": company_id,
        "task_id": task.id,
        "opened_at": task.created_at,
        "customer_id": task.customer_id,
        "name": name,
        "made_at": now,
        "content": content,
    }
    statement = insert_into(session, PAPER).values(**row)
    anew = {column: statement.excluded[column] for column in row if column not in ("company_id", "task_id")}
    is_other = PAPER.c.opened_at != statement.excluded.opened_at
    key = ["company_id", "task_id"]
    run(session, statement.on_conflict_do_update(index_elements=key, set_=anew, where=is_other))
