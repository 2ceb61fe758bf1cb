"""Saved views: filtered lists that the people of a company want to open again."""

from __future__ import annotations

from sqlmodel import Session

from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import SavedView

VIEW = table_of(SavedView)
MOST = 20


def keep(session: Session, company_id: int, page: str, name: str, query: str) -> bool:
    """Keep a view under that name, in place of one of the same name; False when there are too many."""
    run(session, VIEW.delete().where(VIEW.c.company_id == company_id, VIEW.c.page == page, VIEW.c.name == name))
    if len(kept(session, company_id, page)) >= MOST:
        return False
    run(session, insert_into(session, VIEW).values(company_id=company_id, page=page, name=name, query=query))
    return True


def kept(session: Session, company_id: int, page: str) -> list[SavedView]:
    """The views of one page, by name."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(SavedView).where(VIEW.c.page == page).order_by(VIEW.c.name, VIEW.c.id))


def forget(session: Session, company_id: int, view_id: int) -> None:
    """Take a view off the list."""
    run(session, VIEW.delete().where(VIEW.c.company_id == company_id, VIEW.c.id == view_id))
