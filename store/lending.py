"""What a lender asks of a company's books: every open invoice, money held for its customers, and a year's sales."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import and_, func, select
from sqlmodel import Session

from engine.books import InvoiceStatus
from engine.financing import Debt
from engine.keys import is_fee_reference
from engine.money import Money
from store.attention import survivors
from store.home.owed import IS_OPEN, OPEN_BALANCE
from store.posted import POSTED, left_over
from store.sql import table_of
from store.tables import CreditNote, Customer, Invoice, InvoiceWish

CREDIT = table_of(CreditNote)
CUSTOMER = table_of(Customer)
INVOICE = table_of(Invoice)
WISH = table_of(InvoiceWish)

YEAR = timedelta(days=365)
BILLED = (InvoiceStatus.OPEN.value, InvoiceStatus.PAID.value)


class Receivables(Struct, frozen=True, kw_only=True):
    """As `engine.financing.books` takes them."""

    debts: tuple[Debt, ...]
    unapplied: dict[tuple[str, str], int]
    """By (customer, currency), in minor units."""
    sales: dict[str, tuple[int, int]]
    """The last year's billed and credited sums, by currency."""


def receivables(session: Session, company_id: int, today: date) -> Receivables:
    """Four queries, whatever the size of the books. Merged customers count as their survivors."""
    ends = survivors(session, company_id)
    names = {
        row.id: row.name
        for row in session.execute(select(CUSTOMER.c.id, CUSTOMER.c.name).where(CUSTOMER.c.company_id == company_id))
    }
    return Receivables(
        debts=tuple(_debts(session, company_id, ends, names)),
        unapplied=_unapplied(session, company_id, ends),
        sales=_sales(session, company_id, today - YEAR),
    )


def _debts(session: Session, company_id: int, ends: dict[str, str], names: dict[str, str]) -> list[Debt]:
    said = and_(WISH.c.company_id == INVOICE.c.company_id, WISH.c.invoice_id == INVOICE.c.id)
    columns = (INVOICE.c.customer_id, INVOICE.c.number, INVOICE.c.id, INVOICE.c.issued_on, INVOICE.c.due_on)
    wanted = select(*columns, INVOICE.c.currency, INVOICE.c.reference, OPEN_BALANCE.label("owed"), WISH.c.is_disputed)
    wanted = wanted.outerjoin(WISH, said).where(INVOICE.c.company_id == company_id, IS_OPEN)
    found = []
    for row in session.execute(wanted.order_by(INVOICE.c.due_on, INVOICE.c.id)):
        customer_id = ends.get(row.customer_id, row.customer_id)
        if row.owed > 0:
            found.append(
                Debt(
                    customer_id=customer_id,
                    customer=names.get(customer_id, customer_id),
                    number=row.number or row.id,
                    issued_on=row.issued_on,
                    due_on=row.due_on,
                    balance=Money(row.owed, row.currency),
                    is_disputed=bool(row.is_disputed),
                    is_ours=is_fee_reference(row.reference) or is_fee_reference(row.number),
                )
            )
    return found


def _unapplied(session: Session, company_id: int, ends: dict[str, str]) -> dict[tuple[str, str], int]:
    held: dict[tuple[str, str], int] = {}
    for row in session.execute(left_over(company_id)):
        key = ends.get(row.customer_id, row.customer_id), row.currency
        held[key] = held.get(key, 0) + row.left
    return held


def _sales(session: Session, company_id: int, since: date) -> dict[str, tuple[int, int]]:
    billed = select(INVOICE.c.currency, func.sum(INVOICE.c.total)).where(
        INVOICE.c.company_id == company_id, INVOICE.c.status.in_(BILLED), INVOICE.c.issued_on >= since
    )
    credited = select(CREDIT.c.currency, func.sum(CREDIT.c.total)).where(
        CREDIT.c.company_id == company_id,
        CREDIT.c.kind == "credit_note",
        CREDIT.c.status == POSTED,
        CREDIT.c.issued_on >= since,
    )
    back = {row[0]: int(row[1]) for row in session.execute(credited.group_by(CREDIT.c.currency))}
    sold = session.execute(billed.group_by(INVOICE.c.currency))
    return {currency: (int(total), back.get(currency, 0)) for currency, total in sold}
