"""Listings for other programs: customers, invoices, decisions and acts of one company, a page at a time.

A page begins after the last row of the one before it, so that turning pages costs the same however far one has got and
nothing is shown twice while rows come in. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, select, true, tuple_
from sqlmodel import Session, SQLModel

from store.home.customers import CustomerOwed
from store.home.owed import IS_OPEN, OPEN_BALANCE
from store.scope import Scope
from store.sql import among, table_of
from store.tables import Action, Customer, CustomerWish, Decision, Invoice, InvoiceWish

ACTION = table_of(Action)
CUSTOMER = table_of(Customer)
DECISION = table_of(Decision)
INVOICE = table_of(Invoice)
INVOICE_WISH = table_of(InvoiceWish)
WISH = table_of(CustomerWish)

Model = TypeVar("Model", bound=SQLModel)


def customers(
    session: Session, company_id: int, *, after: str = "", search: str = "", only: str = "", limit: int
) -> list[Customer]:
    """By id; `search` looks in name and email. Merged ones are left out: their survivor stands for them."""
    scope = Scope(session, company_id)
    wanted = scope.select(Customer).where(CUSTOMER.c.merged_into_id.is_(None), CUSTOMER.c.id > after)
    if search:
        places = (CUSTOMER.c.name, CUSTOMER.c.email)
        wanted = wanted.where(
            places[0].icontains(search, autoescape=True) | places[1].icontains(search, autoescape=True)
        )
    if only:
        wanted = wanted.where(CUSTOMER.c.id == only)
    return scope.all(wanted.order_by(CUSTOMER.c.id).limit(limit))


def owed_by(
    session: Session, company_id: int, customer_ids: Sequence[str], today: date
) -> dict[str, list[CustomerOwed]]:
    """What each of these customers owes, by currency."""
    late: ColumnElement[Any] = case((INVOICE.c.due_on < today, OPEN_BALANCE), else_=0)
    sums = (func.sum(OPEN_BALANCE).label("balance"), func.sum(late).label("overdue"))
    here = (INVOICE.c.company_id == company_id) & among(session, INVOICE.c.customer_id, list(customer_ids))
    wanted = select(INVOICE.c.customer_id, INVOICE.c.currency, *sums).where(here, IS_OPEN)
    found: dict[str, list[CustomerOwed]] = {}
    for row in session.execute(wanted.group_by(INVOICE.c.customer_id, INVOICE.c.currency)):
        line = CustomerOwed(currency=row.currency, balance=int(row.balance), overdue=int(row.overdue))
        found.setdefault(row.customer_id, []).append(line)
    return found


def customer_wishes(session: Session, company_id: int, customer_ids: Sequence[str]) -> dict[str, CustomerWish]:
    """What people said of these customers."""
    scope = Scope(session, company_id)
    rows = scope.all(scope.select(CustomerWish).where(among(session, WISH.c.customer_id, list(customer_ids))))
    return {row.customer_id: row for row in rows}


def invoices(
    session: Session,
    company_id: int,
    *,
    after: str = "",
    customer_id: str = "",
    status: str = "",
    due_before: date | None = None,
    only: str = "",
    limit: int,
) -> list[Invoice]:
    """By id; `due_before` keeps those whose due date lies before that day."""
    scope = Scope(session, company_id)
    wanted = scope.select(Invoice).where(INVOICE.c.id > after)
    for column, value in ((INVOICE.c.customer_id, customer_id), (INVOICE.c.status, status), (INVOICE.c.id, only)):
        if value:
            wanted = wanted.where(column == value)
    if due_before is not None:
        wanted = wanted.where(INVOICE.c.due_on < due_before)
    return scope.all(wanted.order_by(INVOICE.c.id).limit(limit))


def invoice_wishes(session: Session, company_id: int, invoice_ids: Sequence[str]) -> dict[str, InvoiceWish]:
    """What people said of these invoices."""
    scope = Scope(session, company_id)
    rows = scope.all(scope.select(InvoiceWish).where(among(session, INVOICE_WISH.c.invoice_id, list(invoice_ids))))
    return {row.invoice_id: row for row in rows}


def current_decisions(session: Session, company_id: int, invoices: Sequence[Invoice]) -> dict[str, Decision]:
    """The decision in force about each of these invoices."""
    scope = Scope(session, company_id)
    # By customer as well: that is how the index is laid out.
    owners = sorted({invoice.customer_id for invoice in invoices})
    wanted = scope.select(Decision).where(
        DECISION.c.is_current == true(), among(session, DECISION.c.customer_id, owners)
    )
    rows = scope.all(wanted.where(among(session, DECISION.c.invoice_id, [invoice.id for invoice in invoices])))
    return {row.invoice_id: row for row in rows}


def decisions(
    session: Session,
    company_id: int,
    *,
    before: tuple[date, int] | None = None,
    customer_id: str = "",
    invoice_id: str = "",
    rule: str = "",
    is_current: bool | None = None,
    limit: int,
) -> list[Decision]:
    """Newest first. `before` is the (first_on, id) of the last one seen."""
    scope = Scope(session, company_id)
    wanted = _newest(scope.select(Decision), DECISION.c.first_on, DECISION.c.id, before)
    equal = ((DECISION.c.customer_id, customer_id), (DECISION.c.invoice_id, invoice_id), (DECISION.c.rule, rule))
    for column, value in equal:
        if value:
            wanted = wanted.where(column == value)
    if is_current is not None:
        wanted = wanted.where(DECISION.c.is_current == is_current)
    return scope.all(wanted.limit(limit))


def actions(
    session: Session,
    company_id: int,
    *,
    before: tuple[date, int] | None = None,
    customer_id: str = "",
    kind: str = "",
    state: str = "",
    limit: int,
) -> list[Action]:
    """Newest first. `before` is the (planned_on, id) of the last one seen."""
    scope = Scope(session, company_id)
    wanted = _newest(scope.select(Action), ACTION.c.planned_on, ACTION.c.id, before)
    for column, value in ((ACTION.c.customer_id, customer_id), (ACTION.c.kind, kind), (ACTION.c.state, state)):
        if value:
            wanted = wanted.where(column == value)
    return scope.all(wanted.limit(limit))


def _newest(
    wanted: Select[Model], on: ColumnElement[date], row_id: ColumnElement[int], before: tuple[date, int] | None
) -> Select[Model]:
    if before is not None:
        wanted = wanted.where(tuple_(on, row_id) < tuple_(*before))
    return wanted.order_by(on.desc(), row_id.desc())
