"""Samples: real invoices of the company to try settings on."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session

from engine.books import InvoiceStatus
from store.home.owed import OPEN_BALANCE
from store.sql import table_of
from store.tables import Customer, Invoice

CUSTOMER = table_of(Customer)
INVOICE = table_of(Invoice)

LOOKED_AT = 200
"""The latest overdue ones are enough to choose from, and a long list of old debt costs nothing."""


class Sample(Struct, frozen=True, kw_only=True):
    """One open invoice; `balance` in minor units of `currency`."""

    invoice_id: str
    number: str
    customer_id: str
    customer_name: str
    due_on: date
    currency: str
    balance: int


def to_try_on(session: Session, company_id: int, today: date, limit: int = 12) -> list[Sample]:
    """Open invoices, largest first: overdue within the last year, or else any that are open."""
    late = INVOICE.c.due_on.between(today - timedelta(days=365), today - timedelta(days=1))
    found = _found(session, company_id, late) or _found(session, company_id, INVOICE.c.due_on >= today)
    return sorted(found, key=lambda one: (-one.balance, one.number))[:limit]


def _found(session: Session, company_id: int, when: ColumnElement[bool]) -> list[Sample]:
    is_open = and_(INVOICE.c.company_id == company_id, INVOICE.c.status == InvoiceStatus.OPEN.value, OPEN_BALANCE > 0)
    named = and_(CUSTOMER.c.company_id == INVOICE.c.company_id, CUSTOMER.c.id == INVOICE.c.customer_id)
    wanted = (
        select(INVOICE.c.id, INVOICE.c.number, CUSTOMER.c.id, CUSTOMER.c.name, INVOICE.c.due_on, INVOICE.c.currency)
        .add_columns(OPEN_BALANCE)
        .join(CUSTOMER, named)
        .where(is_open, when)
        .order_by(INVOICE.c.due_on.desc())
        .limit(LOOKED_AT)
    )
    return [
        Sample(
            invoice_id=row[0],
            number=row[1],
            customer_id=row[2],
            customer_name=row[3],
            due_on=row[4],
            currency=row[5],
            balance=int(row[6]),
        )
        for row in session.execute(wanted)
    ]
