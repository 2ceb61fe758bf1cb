"""Records of several answers gathered into one page: which collection is read by which call, and becomes what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from msgspec import Struct

from connectors.xero import shapes, translate
from connectors.xero.shapes import Envelope
from connectors.xero.translate import Ours
from engine.books import (
    AllocationRecord,
    CreditKind,
    CreditRecord,
    CustomerRecord,
    InvoiceRecord,
    Page,
    PaymentRecord,
    SetAside,
)

Place = tuple[str, str]
"""Our kind of a record, and its id."""


class Collection(Struct, frozen=True, kw_only=True):
    """One of Xero's collections: the SDK's method, the key of the answer, its records' id and shape, what narrows it.

    Walks go by id under filters that a record never leaves. In the default order, by time of change, a record edited
    during the walk would jump to the end, and the first of the next page would slide into the page already read.
    """

    entity: str
    method: str
    key: str
    id_field: str
    shape: type[shapes.Shape]
    narrowed: dict[str, Any] = {}
    one: str = ""
    """The SDK's method for one of them by its id, where Xero gives no list by ids."""


CONTACTS = Collection(
    entity="customer",
    method="get_contacts",
    key="Contacts",
    id_field="ContactID",
    shape=shapes.Contact,
    # A contact archived since the last look is invisible without this.
    narrowed={"include_archived": True},
)
INVOICES = Collection(
    entity="invoice",
    method="get_invoices",
    key="Invoices",
    id_field="InvoiceID",
    shape=shapes.Invoice,
    narrowed={"where": 'Type=="ACCREC"'},
)
PAYMENTS = Collection(
    entity="payment",
    method="get_payments",
    key="Payments",
    id_field="PaymentID",
    shape=shapes.Payment,
    narrowed={"where": 'PaymentType=="ACCRECPAYMENT"'},
    one="get_payment",
)
CREDIT_NOTES = Collection(
    entity=CreditKind.CREDIT_NOTE.value,
    method="get_credit_notes",
    key="CreditNotes",
    id_field="CreditNoteID",
    shape=shapes.Credit,
    narrowed={"where": 'Type=="ACCRECCREDIT"'},
    one="get_credit_note",
)
OVERPAYMENTS = Collection(
    entity=CreditKind.OVERPAYMENT.value,
    method="get_overpayments",
    key="Overpayments",
    id_field="OverpaymentID",
    shape=shapes.Credit,
    one="get_overpayment",
)
PREPAYMENTS = Collection(
    entity=CreditKind.PREPAYMENT.value,
    method="get_prepayments",
    key="Prepayments",
    id_field="PrepaymentID",
    shape=shapes.Credit,
    one="get_prepayment",
)


class Gathering:
    """Fills one page."""

    def __init__(self) -> None:
        self.customers: list[CustomerRecord] = []
        self.invoices: list[InvoiceRecord] = []
        self.payments: list[PaymentRecord] = []
        self.credits: list[CreditRecord] = []
        self.allocations: list[AllocationRecord] = []
        self.set_aside: list[SetAside] = []

    def add(self, collection: Collection, answer: Envelope) -> None:
        """Translate one answer's records; what makes no sense is set aside."""
        if collection is CONTACTS:
            self.customers += self._read(collection, answer, translate.customer)
        elif collection is INVOICES:
            self.invoices += self._read(collection, answer, translate.invoice)
        elif collection is PAYMENTS:
            for payment, allocated in self._read(collection, answer, translate.payment):
                self.payments.append(payment)
                self.allocations += allocated
        else:
            convert = partial(translate.credit, CreditKind(collection.entity))
            for credit, allocated in self._read(collection, answer, convert):
                self.credits.append(credit)
                self.allocations += allocated

    def _read(self, kind: Collection, answer: Envelope, convert: Callable[[Any], Ours | None]) -> list[Ours]:
        return translate.each(kind.entity, kind.id_field, kind.shape, answer, convert, self.set_aside)

    def keep_customers(self, customer_ids: Iterable[str]) -> None:
        """Drop the payments and credits of everybody else, with their allocations."""
        kept = set(customer_ids)
        self.payments = [each for each in self.payments if each.customer_id in kept]
        self.credits = [each for each in self.credits if each.customer_id in kept]
        sources = {("payment", each.id) for each in self.payments}
        sources |= {(each.kind.value, each.id) for each in self.credits}
        self.allocations = [each for each in self.allocations if (each.source_kind, each.source_id) in sources]

    def invoice_ids(self) -> set[str]:
        """Invoices that came, whether they made sense or not."""
        return {id for entity, id in self.places() if entity == INVOICES.entity}

    def places(self) -> set[Place]:
        """Everything that came, whether it made sense or not."""
        named = ((CONTACTS, self.customers), (INVOICES, self.invoices), (PAYMENTS, self.payments))
        found = {(kind.entity, each.id) for kind, records in named for each in records}
        found |= {(each.kind.value, each.id) for each in self.credits}
        return found | {(each.entity, each.id) for each in self.set_aside}

    def paid_invoice_ids(self) -> set[str]:
        """Invoices that the payments and credits gathered here are applied to."""
        return {each.invoice_id for each in self.allocations}

    @property
    def is_empty(self) -> bool:
        return not (self.customers or self.invoices or self.payments or self.credits or self.set_aside)

    def page(
        self, cursor: str, *, is_complete: bool = False, is_check: bool = False, gone: Iterable[Place] = ()
    ) -> Page:
        return Page(
            cursor=cursor,
            is_complete=is_complete,
            is_check=is_check,
            customers=tuple(self.customers),
            invoices=tuple(self.invoices),
            payments=tuple(self.payments),
            credits=tuple(self.credits),
            allocations=tuple(self.allocations),
            deleted=tuple(gone),
            set_aside=tuple(self.set_aside),
        )
