"""Records that made no sense: kept apart with the reason, told to the owner, and resolved once they read well again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from engine.books import SetAside
from store.bulk import upsert
from store.scope import Scope
from store.sql import ask, run, table_of
from store.tables import SetAsideRecord
from store.upserts import Key

SET_ASIDE = table_of(SetAsideRecord)

_OPEN = select(SET_ASIDE.c.entity, SET_ASIDE.c.id).where(
    SET_ASIDE.c.company_id == bindparam("company_id"), SET_ASIDE.c.resolved_at.is_(None)
)


def keep(session: Session, company_id: int, records: Sequence[SetAside], now: datetime) -> set[Key]:
    """Put these records aside; one that is there already keeps the day it was first seen. Returns their keys."""
    told = {"first_seen_at": now, "last_seen_at": now, "resolved_at": None}
    # Where even its id is beyond reading, several records share one place: the last is told.
    rows = {
        (r.entity, r.id): {
            "company_id": company_id,
            "entity": r.entity,
            "id": r.id,
            "reason": r.reason,
            "excerpt": r.excerpt[:2000],
            **told,
        }
        for r in records
    }
    upsert(session, SET_ASIDE, list(rows.values()), kept=("first_seen_at",))
    return set(rows)


def resolve(session: Session, company_id: int, read_well: Callable[[], set[Key]], now: datetime) -> set[Key]:
    """Close the ones among `read_well`, (entity, id) of records that made sense just now. Returns which were open."""
    # What is set aside is little, and what reads well is a whole page: so it is this way round, and asked for last.
    still_open = ask(session, _OPEN, company_id=company_id)
    resolved = {(entity, record_id) for entity, record_id in still_open} & read_well() if still_open else set()
    for entity, record_id in resolved:
        here = (SET_ASIDE.c.company_id == company_id) & (SET_ASIDE.c.entity == entity)
        run(session, update(SET_ASIDE).where(here, SET_ASIDE.c.id == record_id).values(resolved_at=now))
    return resolved


def unread_invoices(session: Session, company_id: int) -> set[str]:
    """Ids of invoices whose latest record could not be understood: what we hold of them may be out of date."""
    return {record_id for entity, record_id in ask(session, _OPEN, company_id=company_id) if entity == "invoice"}


def longest_waiting(session: Session, company_id: int, before: datetime, most: int) -> list[Key]:
    """Up to `most` that were not looked at since `before`, the longest waiting first."""
    wanted = select(SET_ASIDE.c.entity, SET_ASIDE.c.id).where(SET_ASIDE.c.company_id == company_id)
    wanted = wanted.where(SET_ASIDE.c.resolved_at.is_(None), SET_ASIDE.c.last_seen_at < before)
    rows = session.connection().execute(wanted.order_by(SET_ASIDE.c.last_seen_at, SET_ASIDE.c.id).limit(most))
    return [(row.entity, row.id) for row in rows]


def unresolved(session: Session, company_id: int) -> list[SetAsideRecord]:
    """What waits for the platform's record to be mended, latest first."""
    scope = Scope(session, company_id)
    wanted = scope.select(SetAsideRecord).where(SET_ASIDE.c.resolved_at.is_(None))
    return scope.all(wanted.order_by(SET_ASIDE.c.last_seen_at.desc(), SET_ASIDE.c.entity, SET_ASIDE.c.id))
