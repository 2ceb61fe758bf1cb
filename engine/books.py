"""The books in our words: what a connector reads and the store remembers, one value per document.

Pure values, made at a connector's edge. Platform words stop there. Amounts are integers in minor units of
the `currency` beside them; `_on` is a date in the company's calendar; `_at` is an aware UTC instant; ids are the
platform's own, as text, unique per kind of document within one company.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class InvoiceStatus(StrEnum):
    """Where an invoice stands. Only OPEN is money owed."""

    DRAFT = "draft"
    """Not issued yet: draft, or submitted for approval."""
    OPEN = "open"
    PAID = "paid"
    VOIDED = "voided"
    DELETED = "deleted"


class CreditKind(StrEnum):
    """Why we owe the customer."""

    CREDIT_NOTE = "credit_note"
    OVERPAYMENT = "overpayment"
    PREPAYMENT = "prepayment"


class DocumentStatus(StrEnum):
    """Where a payment or a credit stands. Only POSTED counts."""

    DRAFT = "draft"
    POSTED = "posted"
    VOIDED = "voided"
    DELETED = "deleted"


class ContactPersonRecord(Struct, frozen=True, gc=False):
    """Somebody at the customer. `is_included` says that the platform would copy them on invoice emails."""

    name: str
    email: str
    is_included: bool = True


class CustomerRecord(Struct, frozen=True, kw_only=True, gc=False):
    """A customer as the platform holds it. `email` may be empty, or several addresses separated by commas."""

    id: str
    name: str
    email: str = ""
    phone: str = ""
    currency: str = ""
    country: str = ""
    is_active: bool = True
    parent_id: str | None = None
    is_billed_with_parent: bool = False
    merged_into_id: str | None = None
    people: tuple[ContactPersonRecord, ...] = ()
    version: str = ""
    updated_at: datetime | None = None


class InvoiceRecord(Struct, frozen=True, kw_only=True, gc=False):
    """One sales invoice. `stated_balance` is what the platform says is still owed; the store recomputes it."""

    id: str
    customer_id: str
    number: str
    status: InvoiceStatus
    issued_on: date
    due_on: date
    currency: str
    total: int
    stated_balance: int
    paid_at_issue: int = 0
    """A deposit taken on the invoice itself (QuickBooks Online `Deposit`), which no payment document explains."""
    is_sent: bool | None = None
    """Whether the customer ever got it by the platform's email; None where the platform cannot say."""
    reference: str = ""
    settled_on: date | None = None
    expected_on: date | None = None
    """The day payment is expected according to the platform (Xero `ExpectedPaymentDate`)."""
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    """Early-payment terms on the platform: per cent, and the days after `issued_on` within which it is earned."""
    email: str = ""
    """Billing address on the invoice itself, which goes before the customer's."""
    url: str = ""
    version: str = ""
    updated_at: datetime | None = None


class PaymentRecord(Struct, frozen=True, kw_only=True, gc=False):
    """Money received. `unapplied` is the part not yet matched to any invoice."""

    id: str
    customer_id: str
    status: DocumentStatus
    paid_on: date
    currency: str
    total: int
    unapplied: int = 0
    reference: str = ""
    version: str = ""
    updated_at: datetime | None = None


class CreditRecord(Struct, frozen=True, kw_only=True, gc=False):
    """A credit note, overpayment or prepayment. `remaining` is the part not yet applied to any invoice."""

    id: str
    kind: CreditKind
    customer_id: str
    number: str
    status: DocumentStatus
    issued_on: date
    currency: str
    total: int
    remaining: int
    reference: str = ""
    version: str = ""
    updated_at: datetime | None = None


class AllocationRecord(Struct, frozen=True, kw_only=True, gc=False):
    """`amount` of one payment or credit applied to one invoice, in the invoice's currency.

    `source_kind` is "payment" or a CreditKind value; `position` tells two allocations of one source to one
    invoice apart. A connector always sends all allocations of a source together with that source.
    """

    source_kind: str
    source_id: str
    invoice_id: str
    position: int
    amount: int
    currency: str
    allocated_on: date


class SetAside(Struct, frozen=True, kw_only=True, gc=False):
    """One record that made no sense: kept apart and told, while everything else goes on."""

    entity: str
    id: str
    reason: str
    """One sentence for the owner: the field, its value and what was expected."""
    excerpt: str = ""
    """The start of the raw record, at most 2,000 characters, for support."""


class Page(Struct, frozen=True, kw_only=True):
    """One page of changes. It is stored, together with `cursor`, in one transaction; reading resumes from `cursor`.

    Order within a page does not matter: documents may name customers that come later. `is_complete` is True on
    the last page of a sync only: before that nothing may go out for the company. An empty `cursor` leaves the
    stored one where it is: a re-read before acting goes through the same door as a sync. `is_check` marks documents
    that are read although nothing has announced a change of them: what differs in them was missed before.
    """

    cursor: str
    is_complete: bool = False
    is_check: bool = False
    customers: tuple[CustomerRecord, ...] = ()
    invoices: tuple[InvoiceRecord, ...] = ()
    payments: tuple[PaymentRecord, ...] = ()
    credits: tuple[CreditRecord, ...] = ()
    allocations: tuple[AllocationRecord, ...] = ()
    deleted: tuple[tuple[str, str], ...] = ()
    """(entity, id) of documents that are gone: entity is "customer", "invoice", "payment" or a CreditKind value."""
    set_aside: tuple[SetAside, ...] = ()


class CompanyRecord(Struct, frozen=True, kw_only=True):
    """The company itself. `time_zone` is an IANA name, or empty where the platform does not tell."""

    external_id: str
    name: str
    legal_name: str = ""
    country: str = ""
    base_currency: str = ""
    time_zone: str = ""
    email: str = ""
    lock_on: date | None = None
    """Documents dated on or before this day cannot be made or changed."""
    sends_own_reminders: bool | None = None
    """The platform's own reminders are on: customers would be chased twice."""
    is_read_only: bool = False
    """Nothing can be written there any more, as when the subscription has ended."""
