"""The audit trail: what happened and who did it, each entry bound to the one before it by its hash.

Written in the same transaction as what it tells of. One chain per company. It shows that nothing was changed or taken
out; whoever can write the whole database could write a new chain, so an export kept elsewhere proves the end of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import AuditEntry, Company

ENTRY = table_of(AuditEntry)
COMPANY = table_of(Company)

MACHINE = "dunwell"
"""The actor of whatever no person did."""


def append(session: Session, company_id: int, at: datetime, actor: str, what: str, details: Mapping[str, Any]) -> None:
    """Add one entry. `details` holds text, numbers and nulls, never a secret."""
    # Two writers would take the same position: on PostgreSQL they queue here, on SQLite they already have.
    session.execute(select(COMPANY.c.id).where(COMPANY.c.id == company_id).with_for_update())
    last = session.execute(
        select(ENTRY.c.position, ENTRY.c.hash)
        .where(ENTRY.c.company_id == company_id)
        .order_by(ENTRY.c.position.desc())
        .limit(1)
    ).one_or_none()
    position, previous = (last.position + 1, last.hash) if last else (1, "")
    text = json.dumps(dict(details), sort_keys=True, ensure_ascii=False)
    link = _hash(company_id, position, at, actor, what, text, previous)
    row = {"company_id": company_id, "position": position, "at": at, "actor": actor, "what": what}
    run(session, insert_into(session, ENTRY).values(**row, details=text, previous_hash=previous, hash=link))


def entries(session: Session, company_id: int) -> list[AuditEntry]:
    """The whole chain, oldest first."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(AuditEntry).order_by(ENTRY.c.position))


def last_word(session: Session, company_id: int) -> int:
    """Position of the last entry that a person caused; 0 when there is none."""
    wanted = select(ENTRY.c.position).where(ENTRY.c.company_id == company_id, ENTRY.c.actor != MACHINE)
    return session.execute(wanted.order_by(ENTRY.c.position.desc()).limit(1)).scalar_one_or_none() or 0


def verify(session: Session, company_id: int) -> list[str]:
    """Problems of the chain, one sentence each, oldest first; empty when it is whole."""
    problems, expected, previous = [], 1, ""
    for entry in entries(session, company_id):
        if entry.position != expected:
            problems.append(f"entries {expected} to {entry.position - 1} are missing")
        elif entry.previous_hash != previous:
            problems.append(f"entry {entry.position} does not follow from the one before it")
        facts = (company_id, entry.position, entry.at, entry.actor, entry.what, entry.details, entry.previous_hash)
        if entry.hash != _hash(*facts):
            problems.append(f"entry {entry.position} was changed after it was written")
        expected, previous = entry.position + 1, entry.hash
    return problems


def _hash(company_id: int, position: int, at: datetime, actor: str, what: str, details: str, previous: str) -> str:
    """Over a JSON list, so that no two different entries can be written as the same bytes."""
    content = [company_id, position, at.astimezone(UTC).isoformat(), actor, what, details, previous]
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
