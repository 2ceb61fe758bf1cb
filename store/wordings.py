"""Wordings: what a company wants its messages to say, version by version; and which of them count."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, func, select
from sqlmodel import Session

from store import audit
from store.scope import Scope, of_company
from store.sql import insert_into, run, table_of
from store.tables import Wording

WORDING = table_of(Wording)

_NEWEST = (
    select(WORDING.c.name, func.max(WORDING.c.version).label("version"))
    .where(WORDING.c.company_id == bindparam("company_id"))
    .group_by(WORDING.c.name)
    .subquery()
)
_IN_FORCE = of_company(Wording).join(
    _NEWEST, and_(WORDING.c.name == _NEWEST.c.name, WORDING.c.version == _NEWEST.c.version)
)


def name_in(message: str, language: str) -> str:
    """Under which name a message's wording in a language is kept: in English the message's own."""
    return message if language == "en" else f"{message}:{language}"


def in_force(session: Session, company_id: int) -> dict[str, Wording]:
    """The company's own wordings by the message's name; a message with the house's own wording is missing."""
    return {row.name: row for row in Scope(session, company_id).ask(_IN_FORCE) if not row.is_house}


def save(session: Session, company_id: int, name: str, subject: str, body: str, now: datetime, by: str) -> int:
    """Keep a new version; returns its number. Whether the words make sense was checked before."""
    return _add(session, company_id, name, now, by, subject=subject, body=body, is_house=False)


def give_back(session: Session, company_id: int, name: str, now: datetime, by: str) -> int:
    """Back to the house's own wording, as a version of its own."""
    return _add(session, company_id, name, now, by, subject="", body="", is_house=True)


def history(session: Session, company_id: int, name: str) -> list[Wording]:
    """Every version of one message's wording, newest first."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(Wording).where(WORDING.c.name == name).order_by(WORDING.c.version.desc()))


def _add(session: Session, company_id: int, name: str, now: datetime, by: str, **words: object) -> int:
    latest = select(func.max(WORDING.c.version)).where(WORDING.c.company_id == company_id, WORDING.c.name == name)
    version = (session.execute(latest).scalar_one() or 0) + 1
    row = {"company_id": company_id, "name": name, "version": version, "saved_at": now, "saved_by": by}
    run(session, insert_into(session, WORDING).values(**row, **words))
    audit.append(session, company_id, now, by, "wording saved", {"message": name, "version": version})
    return version
