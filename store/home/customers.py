"""Customers: the list, those who owe most first, and the file of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlmodel import Session, SQLModel

from engine.books import InvoiceStatus
from store import promises
from store.attention import survivors
from store.home.owed import IS_OPEN, OPEN_BALANCE, Owed, owed
from store.home.plans import PlanTold, payment_plans
from store.remarks import of_customer
from store.scope import Scope
from store.sql import chunks, table_of
from store.tables import (
    Action,
    ContactEvent,
    ContactPerson,
    CreditNote,
    Customer,
    CustomerWish,
    Decision,
    FeeWaiver,
    Invoice,
    InvoiceWish,
    Payment,
    Remark,
    ReturnedPayment,
    Task,
)

ACTION = table_of(Action)
CONTACT = table_of(ContactEvent)
CUSTOMER = table_of(Customer)
WISH = table_of(CustomerWish)
INVOICE = table_of(Invoice)
PERSON = table_of(ContactPerson)
INVOICE_WISH = table_of(InvoiceWish)
WAIVER = table_of(FeeWaiver)
TASK = table_of(Task)

PAGE_SIZE = 50
SHOWN = 200
"""Documents and acts of each kind in one file, the newest."""

STATES: dict[str, ColumnElement[bool]] = {
    "owing": true(),
    "overdue": true(),
    "on_hold": WISH.c.is_on_hold == true(),
    "paused": WISH.c.is_paused == true(),
    "not_chased": or_(WISH.c.do_not_chase == true(), WISH.c.opted_out_at.is_not(None)),
    "no_email": CUSTOMER.c.email == "",
    "inactive": CUSTOMER.c.is_active == false(),
}
"""What the list can be narrowed to, and the condition that does it; the first two look at what is owed."""

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
    """Everything kept about one customer, and about those that were merged into it.

    Lists are newest first, open invoices before others.
    """

    customer: Customer
    wish: CustomerWish
    balances: tuple[Owed, ...]
    invoices: tuple[Invoice, ...]
    invoice_wishes: dict[str, InvoiceWish]
    payments: tuple[Payment, ...]
    credits: tuple[CreditNote, ...]
    returned: tuple[ReturnedPayment, ...]
    waivers: dict[str, FeeWaiver]
    """Fees taken back, by the act that charged them."""
    plans: tuple[PlanTold, ...]
    promises: tuple[promises.Told, ...]
    """Those of the last year."""
    decisions: tuple[Decision, ...]
    """Current ones: one per open invoice, and those about the customer itself, whose `invoice_id` is empty."""
    history: tuple[Decision, ...]
    """Every answer there was, former ones included."""
    actions: tuple[Action, ...]
    contacts: tuple[ContactEvent, ...]
    people: tuple[ContactPerson, ...]
    """Whom the platform knows at the customer, in its order."""
    remarks: tuple[Remark, ...]
    lapsed: tuple[Task, ...]
    """Tasks that closed by themselves."""


def customers(
    session: Session,
    company_id: int,
    search: str = "",
    page: int = 1,
    *,
    today: date,
    state: str = "",
    size: int = PAGE_SIZE,
) -> CustomerList:
    """Those who owe most come first; `search` looks in name and email, `state` is one of `STATES` or empty for all.

    Merged customers are under their survivor.
    """
    late = case((INVOICE.c.due_on < today, OPEN_BALANCE), else_=0)
    sums = select(
        INVOICE.c.customer_id, func.sum(OPEN_BALANCE).label("balance"), func.sum(late).label("overdue")
    ).where(INVOICE.c.company_id == company_id, IS_OPEN)
    open_sums = sums.group_by(INVOICE.c.customer_id).subquery()
    balance = func.coalesce(open_sums.c.balance, 0)
    wanted = select(CUSTOMER.c.id).outerjoin(open_sums, open_sums.c.customer_id == CUSTOMER.c.id)
    wanted = wanted.where(CUSTOMER.c.company_id == company_id, CUSTOMER.c.merged_into_id.is_(None))
    if search:
        places = (CUSTOMER.c.name, CUSTOMER.c.email)
        wanted = wanted.where(or_(*(place.icontains(search, autoescape=True) for place in places)))
    if state in ("owing", "overdue"):
        wanted = wanted.where((open_sums.c.balance if state == "owing" else open_sums.c.overdue) > 0)
    elif state in STATES:
        told = and_(WISH.c.company_id == CUSTOMER.c.company_id, WISH.c.customer_id == CUSTOMER.c.id)
        wanted = wanted.outerjoin(WISH, told).where(STATES[state])
    page = max(page, 1)
    order = (balance.desc(), CUSTOMER.c.name, CUSTOMER.c.id)
    ids = session.scalars(wanted.order_by(*order).limit(size + 1).offset((page - 1) * size)).all()
    lines = _lines(session, company_id, ids[:size], today)
    return CustomerList(customers=tuple(lines), page=page, has_more=len(ids) > size)


def heaviest(session: Session, company_id: int, limit: int) -> list[tuple[str, str]]:
    """(id, name) of the customers who owe most; of any, where nobody owes anything."""
    balance = func.sum(OPEN_BALANCE).label("balance")
    sums = select(INVOICE.c.customer_id, balance).where(INVOICE.c.company_id == company_id, IS_OPEN)
    # Cut off before customers are looked up: of thousands who owe something, a few dozen are wanted.
    most = sums.group_by(INVOICE.c.customer_id).order_by(balance.desc()).limit(2 * limit)
    owing = most.subquery()
    wanted = select(CUSTOMER.c.id, CUSTOMER.c.name).where(CUSTOMER.c.company_id == company_id)
    wanted = wanted.where(CUSTOMER.c.merged_into_id.is_(None)).limit(limit)
    first = wanted.join(owing, owing.c.customer_id == CUSTOMER.c.id).order_by(owing.c.balance.desc(), CUSTOMER.c.name)
    rows = session.execute(first).all() or session.execute(wanted.order_by(CUSTOMER.c.name)).all()
    return [(row.id, row.name) for row in rows]


def customer_file(session: Session, company_id: int, customer_id: str, today: date) -> CustomerFile | None:
    """The file of one customer; None when the company has no such customer. A merged one opens its survivor's."""
    scope, ends = Scope(session, company_id), survivors(session, company_id)
    customer_id = ends.get(customer_id, customer_id)
    customer = scope.get(Customer, id=customer_id)
    if customer is None:
        return None
    names = (customer_id, *(name for name, survivor in ends.items() if survivor == customer_id))
    mine = scope.select(Invoice).where(INVOICE.c.customer_id.in_(names))
    is_open = INVOICE.c.status == InvoiceStatus.OPEN.value
    newest = (is_open.desc(), INVOICE.c.due_on.desc(), INVOICE.c.id.desc())
    invoices = tuple(scope.all(mine.order_by(*newest).limit(SHOWN)))
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
        plans=payment_plans(session, company_id, names, today),
        promises=promises.told(session, company_id, names, today),
        waivers={
            row.action_key: row for row in scope.all(scope.select(FeeWaiver).where(WAIVER.c.customer_id.in_(names)))
        },
        returned=_newest(scope, ReturnedPayment, names, "on"),
        decisions=_newest(scope, Decision, names, "id", current),
        history=_newest(scope, Decision, names, "id"),
        actions=_acts(scope, names),
        contacts=_newest(scope, ContactEvent, names, "id"),
        people=tuple(
            scope.all(
                scope.select(ContactPerson).where(PERSON.c.customer_id == customer_id).order_by(PERSON.c.position)
            )
        ),
        remarks=tuple(of_customer(session, company_id, names, SHOWN)),
        lapsed=_newest(scope, Task, names, "lapsed_on", TASK.c.lapsed_on.is_not(None)),
    )


def _acts(scope: Scope, names: Sequence[str]) -> tuple[Action, ...]:
    """Theirs, and messages to whoever they are billed with that took a step of an invoice of theirs."""
    told = select(CONTACT.c.action_key).where(
        CONTACT.c.company_id == scope.company_id, CONTACT.c.customer_id.in_(names)
    )
    wanted = scope.select(Action).where(or_(ACTION.c.customer_id.in_(names), ACTION.c.key.in_(told)))
    return tuple(scope.all(wanted.order_by(ACTION.c.id.desc()).limit(SHOWN)))


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
