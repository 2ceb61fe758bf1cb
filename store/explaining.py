"""Explaining: which decision stood for an invoice on a day, as it was kept at the time."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from store.scope import Scope
from store.sql import table_of
from store.tables import Decision, Invoice

INVOICE = table_of(Invoice)
DECISION = table_of(Decision)


def invoices_called(session: Session, company_id: int, name: str) -> list[Invoice]:
    """Invoices with this number or platform id, by id. Numbers are not unique on every platform."""
    scope = Scope(session, company_id)
    named = (INVOICE.c.number == name) | (INVOICE.c.id == name)
    return scope.all(scope.select(Invoice).where(named).order_by(INVOICE.c.id))


def decision_on(session: Session, company_id: int, invoice_id: str, on: date) -> Decision | None:
    """The decision that stood on that day: the last one made by then, if it still held or nothing came after it."""
    scope = Scope(session, company_id)
    wanted = scope.select(Decision).where(DECISION.c.invoice_id == invoice_id, DECISION.c.first_on <= on)
    found = scope.all(wanted.order_by(DECISION.c.id.desc()).limit(1))
    return found[0] if found else None
