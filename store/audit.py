"""The audit trail: what happened and who did it, each entry bound to the one before it by its hash.

Written in the same transaction as what it tells of. One chain per company. It shows that nothing was changed or taken
out; whoever can write the whole database could write a new chain, so an export kept elsewhere proves the end of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from store.scope import Scope
from store.sql import run, table_of
from store.tables import AuditEntry, Company

ENTRY = table_of(AuditEntry)
COMPANY = table_of(Company)

_LOCK = select(COMPANY.c.id).where(COMPANY.c.id == bindparam("company_id")).with_for_update()
_LAST = (
    select(ENTRY.c.position, ENTRY.c.hash)
    .where(ENTRY.c.company_id == bindparam("company_id"))
    .order_by(ENTRY.c.position.desc())
    .limit(1)
)
_ENTER = ENTRY.insert()

MACHINE = "dunwell"
"""The actor of whatever no person did."""
ERASURE = "customer erased"
"""The entry that names which others were redacted."""
REDACTED = "redacted"


def append(session: Session, company_id: int, at: datetime, actor: str, what: str, details: Mapping[str, Any]) -> None:
    """Add one entry. `details` holds text, numbers and nulls, never a secret."""
    connection, here = session.connection(), {"company_id": company_id}
    if connection.dialect.name == "postgresql":
        # Two writers would take the same position: here they queue. On SQLite they already have.
        connection.execute(_LOCK, here)
    last = connection.execute(_LAST, here).first()
    position, previous = (last.position + 1, last.hash) if last else (1, "")
    text = json.dumps(dict(details), sort_keys=True, ensure_ascii=False)
    link = _hash(company_id, position, at, actor, what, text, previous)
    row: dict[str, Any] = {"company_id": company_id, "position": position, "at": at, "actor": actor, "what": what}
    run(session, _ENTER, **row, details=text, previous_hash=previous, hash=link)


def entries(session: Session, company_id: int) -> list[AuditEntry]:
    """The whole chain, oldest first."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(AuditEntry).order_by(ENTRY.c.position))


def last_word(session: Session, company_id: int) -> int:
    """Position of the last entry that a person caused; 0 when there is none."""
    wanted = select(ENTRY.c.position).where(ENTRY.c.company_id == company_id, ENTRY.c.actor != MACHINE)
    return session.execute(wanted.order_by(ENTRY.c.position.desc()).limit(1)).scalar_one_or_none() or 0


def redact(
    session: Session, company_id: int, *, customers: Sequence[str], invoices: Sequence[str], keys: Sequence[str]
) -> list[int]:
    """Take out of the entries what they say about these, save which act or document it was; returns their positions.

    Their hashes stay, and with them the chain. Whoever calls names the positions in an entry of their own, without
    which `verify` takes a redacted entry for a changed one.
    """
    named = {"customer": set(customers), "invoice": set(invoices), "key": set(keys)}
    positions = []
    wanted = select(ENTRY.c.position, ENTRY.c.details).where(ENTRY.c.company_id == company_id)
    for row in session.execute(wanted.order_by(ENTRY.c.position)).all():
        details = json.loads(row.details)
        if REDACTED in details or not any(details.get(field) in some for field, some in named.items()):
            continue
        kept = {field: details[field] for field in (*named, "kind") if field in details}
        text = json.dumps({**kept, REDACTED: True}, sort_keys=True, ensure_ascii=False)
        here = update(ENTRY).where(ENTRY.c.company_id == company_id, ENTRY.c.position == row.position)
        run(session, here.values(details=text))
        positions.append(row.position)
    return positions


def verify(session: Session, company_id: int) -> list[str]:
    """Problems of the chain, one sentence each, oldest first; empty when it is whole.

    An entry whose details were redacted is whole where a later entry that was not changed says so.
    """
    problems, expected, previous = [], 1, ""
    chain = entries(session, company_id)
    redacted = set[int]()
    for entry in chain:
        if entry.what == ERASURE and _is_intact(company_id, entry):
            redacted.update(json.loads(entry.details)[REDACTED])
    for entry in chain:
        if entry.position != expected:
            problems.append(f"entries {expected} to {entry.position - 1} are missing")
        elif entry.previous_hash != previous:
            problems.append(f"entry {entry.position} does not follow from the one before it")
        if not _is_intact(company_id, entry) and not (entry.position in redacted and _is_redacted(entry)):
            problems.append(f"entry {entry.position} was changed after it was written")
        expected, previous = entry.position + 1, entry.hash
    return problems


def _is_intact(company_id: int, entry: AuditEntry) -> bool:
    facts = (company_id, entry.position, entry.at, entry.actor, entry.what, entry.details, entry.previous_hash)
    return entry.hash == _hash(*facts)


def _is_redacted(entry: AuditEntry) -> bool:
    """Whether nothing is left that could have been put in instead of what was taken out."""
    return set(json.loads(entry.details)) <= {"customer", "invoice", "key", "kind", REDACTED}


def _hash(company_id: int, position: int, at: datetime, actor: str, what: str, details: str, previous: str) -> str:
    """Over a JSON list, so that no two different entries can be written as the same bytes."""
    content = [company_id, position, at.astimezone(UTC).isoformat(), actor, what, details, previous]
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
