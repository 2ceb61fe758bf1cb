"""Tasks that close by themselves: what they asked is settled, and nobody needs to answer.

Told in the customer's story, in Activity and in the audit, with why. A task that the plan asks for again is opened by
that; one that a customer raised is opened again here, when what it was about comes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec import json
from sqlalchemy import Row, select, update
from sqlmodel import Session

from engine.account import Account
from engine.plan import Plan
from engine.questions import ASKED, RAISED, Question, no_longer
from store import audit
from store.sql import chunks, run, table_of
from store.tables import Task

TASK = table_of(Task)


def look(session: Session, company_id: int, decided: Iterable[tuple[Account, Plan]], now: datetime) -> int:
    """Close what these plans settle, and open again what they unsettle; returns how many tasks that is."""
    plans = {account.customer_id: (account, plan) for account, plan in decided}
    moved = 0
    for row in _tasks(session, company_id, list(plans)):
        question = Question(row.kind, row.subject, tuple(json.decode(row.invoice_ids)))
        why = no_longer(question, *plans[row.customer_id])
        if bool(why) == (row.state == "open"):
            _move(session, company_id, row, why, plans[row.customer_id][1].on, now)
            moved += 1
    return moved


def _tasks(session: Session, company_id: int, customer_ids: list[str]) -> list[Row[Any]]:
    """Open tasks about these customers, and those raised by somebody else that had closed by themselves."""
    found: list[Row[Any]] = []
    for names in chunks(customer_ids):
        wanted = select(TASK).where(TASK.c.company_id == company_id, TASK.c.customer_id.in_(names))
        is_open = (TASK.c.state == "open") & TASK.c.kind.in_((*ASKED, *RAISED))
        had_closed = (TASK.c.state == "lapsed") & TASK.c.kind.in_(RAISED)
        found += session.execute(wanted.where(is_open | had_closed)).all()
    return found


def _move(session: Session, company_id: int, row: Row[Any], why: str, today: date, now: datetime) -> None:
    moved: dict[str, object] = {"state": "open", "done_at": None, "lapsed_on": None, "outcome": "", "created_at": now}
    if why:
        moved = {"state": "lapsed", "done_at": now, "lapsed_on": today, "outcome": why}
    here = (TASK.c.id == row.id) & (TASK.c.state == row.state)
    run(session, update(TASK).where(TASK.c.company_id == company_id, here).values(**moved))
    what = "task closed by itself" if why else "task opened again"
    audit.append(
        session,
        company_id,
        now,
        audit.MACHINE,
        what,
        {"kind": row.kind, "customer": row.customer_id, "task": row.title, "why": why},
    )
