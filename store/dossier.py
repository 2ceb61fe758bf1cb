"""The dossier of a customer: what people said and did about it, from the audit, with the proof of where that ends."""

from __future__ import annotations

import json

from msgspec import Struct
from sqlalchemy import or_
from sqlmodel import Session

from store.audit import MACHINE
from store.scope import Scope
from store.sql import table_of
from store.tables import AuditEntry

ENTRY = table_of(AuditEntry)

SHOWN = 500
"""Entries about one customer: the newest."""


class Dossier(Struct, frozen=True, kw_only=True):
    """`entries` are those that name the customer, oldest first; `last` is the end of the company's whole chain."""

    entries: tuple[AuditEntry, ...]
    last: AuditEntry | None


def dossier(session: Session, company_id: int, customer_id: str) -> Dossier:
    """What people said of the customer: its pauses, promises, disputes, holds. What Dunwell did stands in its acts."""
    scope = Scope(session, company_id)
    # Details are JSON with sorted keys, written by us alone, so the name stands in them in one way only.
    named = [f'"{key}": {json.dumps(customer_id, ensure_ascii=False)}' for key in ("customer", "customer_id")]
    wanted = scope.select(AuditEntry).where(or_(*(ENTRY.c.details.contains(name, autoescape=True) for name in named)))
    wanted = wanted.where(ENTRY.c.actor != MACHINE)
    found = scope.all(wanted.order_by(ENTRY.c.position.desc()).limit(SHOWN))
    newest = scope.all(scope.select(AuditEntry).order_by(ENTRY.c.position.desc()).limit(1))
    return Dossier(entries=tuple(reversed(found)), last=newest[0] if newest else None)
