"""What stays out: records of customers whose personal data was removed are stripped of it before they are stored.

The platform still has them, and would send them again with the next change. Removing what is here already is
`store.erasing`'s job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec.structs import replace
from sqlalchemy import bindparam, select
from sqlmodel import Session

from engine.books import CreditRecord, CustomerRecord, InvoiceRecord, Page, PaymentRecord
from engine.keys import is_fee_reference
from store.scope import Scope
from store.sql import ask, table_of
from store.tables import ErasedCustomer

ERASED = table_of(ErasedCustomer)
NAME = "Erased customer"
"""Shown in the place of a name."""
Document = TypeVar("Document", InvoiceRecord, PaymentRecord, CreditRecord)

_GONE = select(ERASED.c.customer_id).where(ERASED.c.company_id == bindparam("company_id"))


def is_erased(session: Session, company_id: int, customer_id: str) -> bool:
    return Scope(session, company_id).get(ErasedCustomer, customer_id=customer_id) is not None


def ids(session: Session, company_id: int) -> frozenset[str]:
    """The customers of a company whose personal data was removed."""
    return frozenset(customer_id for (customer_id,) in ask(session, _GONE, company_id=company_id))


def stripped(session: Session, company_id: int, page: Page) -> Page:
    """The page as it may be stored. Amounts, dates and numbers of documents stay: they are the company's accounts."""
    gone = ids(session, company_id)
    if not gone:
        return page
    return replace(
        page,
        customers=tuple(_customer(record) if record.id in gone else record for record in page.customers),
        invoices=_each(page.invoices, gone, _invoice),
        payments=_each(page.payments, gone, lambda record: replace(record, reference="")),
        credits=_each(page.credits, gone, lambda record: replace(record, reference="")),
        set_aside=tuple(
            replace(record, reason="A record of an erased customer could not be read.", excerpt="")
            if record.entity == "customer" and record.id in gone
            else record
            for record in page.set_aside
        ),
    )


def _each(
    records: Iterable[Document], gone: frozenset[str], strip: Callable[[Document], Document]
) -> tuple[Document, ...]:
    return tuple(strip(record) if record.customer_id in gone else record for record in records)


def _customer(record: CustomerRecord) -> CustomerRecord:
    return replace(record, name=NAME, email="", phone="", country="", people=())


def _invoice(record: InvoiceRecord) -> InvoiceRecord:
    # A fee of ours is known by its reference, and must never be charged a fee.
    kept = record.reference if is_fee_reference(record.reference) else ""
    return replace(record, reference=kept, email="", url="")
