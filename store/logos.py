"""Logos: the pictures that a company has uploaded for its messages, each under the fingerprint of its content."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from store import audit
from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import Logo

LOGO = table_of(Logo)


def put(session: Session, company_id: int, content: bytes, now: datetime, by: str) -> str:
    """Keep a picture, a PNG of our own making; returns its fingerprint. The same picture is kept once."""
    fingerprint = sha256(content).hexdigest()[:32]
    row = {"company_id": company_id, "fingerprint": fingerprint, "content": content, "saved_at": now, "saved_by": by}
    if run(session, insert_into(session, LOGO).values(**row).on_conflict_do_nothing()):
        audit.append(session, company_id, now, by, "logo uploaded", {"fingerprint": fingerprint})
    return fingerprint


def all_kept(session: Session, company_id: int) -> list[Logo]:
    """Every picture that a company has uploaded."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(Logo).order_by(LOGO.c.saved_at, LOGO.c.fingerprint))


def content_of(session: Session, company_id: int, fingerprint: str) -> bytes | None:
    """The picture, or None where the company has none of that fingerprint."""
    found = Scope(session, company_id).get(Logo, fingerprint=fingerprint)
    return found.content if found else None
