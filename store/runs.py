"""Runs: one row per company and run, with what it did. What a run does is `scheduler`'s business."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlmodel import Session

from store.scope import Scope
from store.sql import run, table_of
from store.tables import Company, Run

RUN = table_of(Run)
COMPANY = table_of(Company)

_LEFT = (
    update(RUN)
    .where(RUN.c.company_id == bindparam("company"), RUN.c.status == "running")
    .values(status="failed", detail="the worker stopped before the run ended", finished_at=bindparam("now"))
)
_END = (
    update(RUN)
    .where(RUN.c.id == bindparam("run"), or_(RUN.c.finished_at.is_(None), RUN.c.summary != bindparam("told")))
    .values(
        status=bindparam("came_to"), detail=bindparam("why"), summary=bindparam("told"), finished_at=bindparam("now")
    )
)


def start(session: Session, company_id: int, worker: str, now: datetime) -> int:
    """Open a run and return its id. Runs that a dead worker left open are closed as failed."""
    run(session, _LEFT, company=company_id, now=now)
    row = Run(company_id=company_id, worker=worker, started_at=now)
    session.add(row)
    session.flush()
    if row.id is None:
        raise LookupError("the database gave the run no id")
    return row.id


def finish(session: Session, run_id: int, status: str, detail: str, summary: Mapping[str, Any], now: datetime) -> bool:
    """Close a run: `status` is ok, partial, reconnect_needed or failed; `summary` is what a cycle reports.

    False where it was closed with that summary before.
    """
    text = json.dumps(dict(summary), sort_keys=True)
    return run(session, _END, run=run_id, came_to=status, why=detail, told=text, now=now) == 1


def most_calls(session: Session, since: datetime) -> dict[str, int]:
    """The most calls that any one company has cost since then, by platform. Looks across companies."""
    wanted = select(RUN.c.company_id, COMPANY.c.platform, RUN.c.summary).join(COMPANY, COMPANY.c.id == RUN.c.company_id)
    calls: Counter[tuple[str, int]] = Counter()
    for row in session.execute(wanted.where(RUN.c.finished_at >= since)):
        calls[row.platform, row.company_id] += json.loads(row.summary).get("api_calls", 0)
    found: dict[str, int] = {}
    for (platform, _), number in calls.items():
        found[platform] = max(number, found.get(platform, 0))
    return found


def last(session: Session, company_id: int) -> Run | None:
    """The latest run, under way or ended."""
    scope = Scope(session, company_id)
    newest = scope.all(scope.select(Run).order_by(RUN.c.id.desc()).limit(1))
    return newest[0] if newest else None


def latest(session: Session, company_id: int, limit: int, skip: int = 0) -> list[Run]:
    """The latest runs, newest first."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(Run).order_by(RUN.c.id.desc()).limit(limit).offset(skip))
