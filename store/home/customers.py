"""Customers: the list, those who owe most first, and the file of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlmodel import Session, SQLModel

from store.attention import survivors
from store.home.owed import IS_OPEN, OPEN_BALANCE, Owed, owed
from store.scope import Scope
from store.sql import chunks, table_of
from store.tables import (
    Action,
    ContactEvent,
    CreditNote,
    Customer,
    CustomerWish,
    Decision,
    Invoice,
    InvoiceWish,
    Payment,
)

CUSTOMER = table_of(Customer)
WISH = table_of(CustomerWish)
INVOICE = table_of(Invoice)
INVOICE_WISH = table_of(InvoiceWish)

PAGE_SIZE = 50
SHOWN = 200
"""Documents and acts of each kind in one file, the newest."""

Model = TypeVar("Model", bound=SQLModel)


class CustomerOwed(Struct, frozen=True, kw_only=True):
    """What one customer owes in one currency."""

    currency: str
    balance: int
    overdue: int


class CustomerLine(Struct, frozen=True, kw_only=True):
    """One customer in the list."""

    id: str
    name: str
    email: str
    is_active: bool
    is_on_hold: bool
    is_paused: bool
    do_not_chase: bool
    owed: tuple[CustomerOwed, ...]


class CustomerList(Struct, frozen=True, kw_only=True):
    """One page of customers; pages count from 1."""

    customers: tuple[CustomerLine, ...]
    page: int
    has_more: bool


class CustomerFile(Struct, frozen=True, kw_only=True):
    """Everything kept about one customer, and about those that were merged into it. Lists are newest first."""

    customer: Customer
    wish: CustomerWish
    balances: tuple[Owed, ...]
    invoices: tuple[Invoice, ...]
    invoice_wishes: dict[str, InvoiceWish]
    payments: tuple[Payment, ...]
    credits: tuple[CreditNote, ...]
    decisions: tuple[Decision, ...]
    """Current ones: one per open invoice, and those about the customer itself, whose `invoice_id` is empty."""
    actions: tuple[Action, ...]
    contacts: tuple[ContactEvent, ...]


def customers(session: Session, company_id: int, search: str = "", page: int = 1, *, today: date) -> CustomerList:
    """Those who owe most come first; `search` looks in name and email. Merged customers are under their survivor."""
    sums = select(INVOICE.c.customer_id, func.sum(OPEN_BALANCE).label("balance"))
    open_sums = sums.where(INVOICE.c.company_id == company_id, IS_OPEN).group_by(INVOICE.c.customer_id).subquery()
    balance = func.coalesce(open_sums.c.balance, 0)
    wanted = select(CUSTOMER.c.id).outerjoin(open_sums, open_sums.c.customer_id == CUSTOMER.c.id)
    wanted = wanted.where(CUSTOMER.c.company_id == company_id, CUSTOMER.c.merged_into_id.is_(None))
    if search:
        places = (CUSTOMER.c.name, CUSTOMER.c.email)
        wanted = wanted.where(or_(*(place.icontains(search, autoescape=True) for place in places)))
    page = max(page, 1)
    order = (balance.desc(), CUSTOMER.c.name, CUSTOMER.c.id)
    ids = session.scalars(wanted.order_by(*order).limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)).all()
    lines = _lines(session, company_id, ids[:PAGE_SIZE], today)
    return CustomerList(customers=tuple(lines), page=page, has_more=len(ids) > PAGE_SIZE)


def customer_file(session: Session, company_id: int, customer_id: str, today: date) -> CustomerFile | None:
    """The file of one customer; None when the company has no such customer. A merged one opens its survivor's."""
    scope, ends = Scope(session, company_id), survivors(session, company_id)
    customer_id = ends.get(customer_id, customer_id)
    customer = scope.get(Customer, id=customer_id)
    if customer is None:
        return None
    names = (customer_id, *(name for name, survivor in ends.items() if survivor == customer_id))
    invoices = _newest(scope, Invoice, names, "due_on")
    wish = scope.get(CustomerWish, customer_id=customer_id)
    current = table_of(Decision).c.is_current == true()
    return CustomerFile(
        customer=customer,
        wish=wish or CustomerWish(company_id=company_id, customer_id=customer_id),
        balances=tuple(owed(session, company_id, today, names)),
        invoices=invoices,
        invoice_wishes=_invoice_wishes(scope, [invoice.id for invoice in invoices]),
        payments=_newest(scope, Payment, names, "paid_on"),
        credits=_newest(scope, CreditNote, names, "issued_on"),
        decisions=_newest(scope, Decision, names, "id", current),
        actions=_newest(scope, Action, names, "id"),
        contacts=_newest(scope, ContactEvent, names, "id"),
    )


def _newest(
    scope: Scope, model: type[Model], names: Sequence[str], order: str, *also: ColumnElement[bool]
) -> tuple[Model, ...]:
    table = table_of(model)
    wanted = scope.select(model).where(table.c.customer_id.in_(names), *also)
    return tuple(scope.all(wanted.order_by(table.c[order].desc(), table.c.id.desc()).limit(SHOWN)))


def _invoice_wishes(scope: Scope, ids: Sequence[str]) -> dict[str, InvoiceWish]:
    rows = [
        row
        for some in chunks(ids)
        for row in scope.all(scope.select(InvoiceWish).where(INVOICE_WISH.c.invoice_id.in_(some)))
    ]
    return {row.invoice_id: row for row in rows}


def _lines(session: Session, company_id: int, ids: Sequence[str], today: date) -> list[CustomerLine]:
    sums = _sums(session, company_id, ids, today)
    told = and_(WISH.c.company_id == CUSTOMER.c.company_id, WISH.c.customer_id == CUSTOMER.c.id)
    wanted = select(CUSTOMER, WISH.c.is_on_hold, WISH.c.is_paused, WISH.c.do_not_chase).outerjoin(WISH, told)
    wanted = wanted.where(CUSTOMER.c.company_id == company_id, CUSTOMER.c.id.in_(ids))
    rows = {row.id: row for row in session.execute(wanted)}
    return [
        CustomerLine(
            id=row.id,
            name=row.name,
            email=row.email,
            is_active=row.is_active,
            is_on_hold=bool(row.is_on_hold),
            is_paused=bool(row.is_paused),
            do_not_chase=bool(row.do_not_chase),
            owed=tuple(sums.get(row.id, ())),
        )
        for row in (rows[customer_id] for customer_id in ids)
    ]


def _sums(session: Session, company_id: int, ids: Sequence[str], today: date) -> dict[str, list[CustomerOwed]]:
    late: ColumnElement[Any] = case((INVOICE.c.due_on < today, OPEN_BALANCE), else_=0)
    sums = (func.sum(OPEN_BALANCE).label("balance"), func.sum(late).label("overdue"))
    wanted = select(INVOICE.c.customer_id, INVOICE.c.currency, *sums).where(INVOICE.c.company_id == company_id, IS_OPEN)
    wanted = wanted.where(INVOICE.c.customer_id.in_(ids)).group_by(INVOICE.c.customer_id, INVOICE.c.currency)
    found: dict[str, list[CustomerOwed]] = {}
    for row in session.execute(wanted.order_by(INVOICE.c.currency)):
        line = CustomerOwed(currency=row.currency, balance=int(row.balance), overdue=int(row.overdue))
        if line.balance:
            found.setdefault(row.customer_id, []).append(line)
    return found
