"""What we read of Xero's JSON: the few fields of each document that Dunwell needs, every one of them optional.

Decoding alone; what the values mean is `translate`'s job. Amounts come as JSON numbers or as quoted ones, and become
exact decimals either way; booleans come as words now and then.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from connectors.xero.answers import Message


def _xero_name(name: str) -> str:
    """contact_id → ContactID, updated_date_utc → UpdatedDateUTC."""
    return "".join(word.upper() if word in ("id", "utc") else word.capitalize() for word in name.split("_"))


class Shape(msgspec.Struct, rename=_xero_name, kw_only=True, gc=False):
    pass


class Person(Shape):
    first_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    include_in_emails: bool | str | None = None


class Address(Shape):
    address_type: str | None = None
    country: str | None = None


class Phone(Shape):
    phone_type: str | None = None
    phone_number: str | None = None
    phone_area_code: str | None = None
    phone_country_code: str | None = None


class Contact(Shape):
    contact_id: str | None = None
    contact_status: str | None = None
    name: str | None = None
    email_address: str | None = None
    default_currency: str | None = None
    merged_to_contact_id: str | None = None
    addresses: list[Address] | None = None
    phones: list[Phone] | None = None
    contact_persons: list[Person] | None = None
    updated_date_utc: str | None = None


class ContactLink(Shape):
    contact_id: str | None = None


class Invoice(Shape):
    type: str | None = None
    invoice_id: str | None = None
    invoice_number: str | None = None
    reference: str | None = None
    contact: ContactLink | None = None
    status: str | None = None
    date: str | None = None
    due_date: str | None = None
    fully_paid_on_date: str | None = None
    expected_payment_date: str | None = None
    currency_code: str | None = None
    total: Decimal | None = None
    amount_due: Decimal | None = None
    sent_to_contact: bool | str | None = None
    updated_date_utc: str | None = None


class Line(Shape):
    tax_type: str | None = None
    account_code: str | None = None
    line_amount: Decimal | None = None
    tax_amount: Decimal | None = None


class WholeInvoice(Invoice):
    """What a document of ours that refers to an invoice needs to know of it besides."""

    amount_paid: Decimal | None = None
    amount_credited: Decimal | None = None
    line_amount_types: str | None = None
    line_items: list[Line] | None = None


class InvoiceLink(Shape):
    invoice_id: str | None = None
    currency_code: str | None = None
    contact: ContactLink | None = None


class Payment(Shape):
    payment_id: str | None = None
    payment_type: str | None = None
    status: str | None = None
    date: str | None = None
    amount: Decimal | None = None
    reference: str | None = None
    invoice: InvoiceLink | None = None
    updated_date_utc: str | None = None


class Allocation(Shape):
    amount: Decimal | None = None
    date: str | None = None
    invoice: InvoiceLink | None = None
    is_deleted: bool | str | None = None


class Credit(Shape):
    """A credit note, overpayment or prepayment: alike but for the name of their id and number."""

    credit_note_id: str | None = None
    overpayment_id: str | None = None
    prepayment_id: str | None = None
    credit_note_number: str | None = None
    invoice_number: str | None = None
    type: str | None = None
    status: str | None = None
    reference: str | None = None
    contact: ContactLink | None = None
    date: str | None = None
    currency_code: str | None = None
    total: Decimal | None = None
    remaining_credit: Decimal | None = None
    allocations: list[Allocation] | None = None
    updated_date_utc: str | None = None


class Organisation(Shape):
    name: str | None = None
    legal_name: str | None = None
    country_code: str | None = None
    base_currency: str | None = None
    timezone: str | None = None
    period_lock_date: str | None = None
    end_of_year_lock_date: str | None = None


class InvoiceReminder(Shape):
    enabled: bool | str | None = None


class Written(Shape):
    """One document in the answer to a write. Written only when it has an id and nothing is said against it."""

    invoice_id: str | None = None
    credit_note_id: str | None = None
    expected_payment_date: str | None = None
    status_attribute_string: str | None = None
    validation_errors: list[Message] | None = None


class Account(Shape):
    code: str | None = None
    name: str | None = None
    type: str | None = None
    class_: str | None = msgspec.field(default=None, name="Class")
    status: str | None = None
    system_account: str | None = None


class TaxRate(Shape):
    tax_type: str | None = None
    name: str | None = None
    status: str | None = None
    effective_rate: Decimal | None = None
    report_tax_type: str | None = None
    can_apply_to_revenue: bool | str | None = None


class Action(Shape):
    name: str | None = None
    status: str | None = None


class HistoryRecord(Shape):
    details: str | None = None


class ContactGroup(Shape):
    contact_group_id: str | None = None
    name: str | None = None
    status: str | None = None


class Pagination(msgspec.Struct, rename="camel", frozen=True):
    page: int = 1
    page_count: int = 1


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, opened: what it says about itself, and the records of the collection it carries."""

    body: bytes
    collection: str
    shaped: list[Any] | None = None
    """All records in the shape that was asked for; None where one of them, at least, has another."""
    page_count: int = 1
    at: str = ""
    """The server's clock when it answered, as `/Date(ms)/`."""

    @property
    def records(self) -> list[msgspec.Raw]:
        """The records undecoded, so that a bad one spoils only itself."""
        records: list[msgspec.Raw] | None = _answer(self.collection, msgspec.Raw).decode(self.body).records
        return records or []


def envelope(body: bytes, collection: str, shape: type[Shape] | None = None) -> Envelope:
    """Open one answer. Raises msgspec.DecodeError when it is no JSON object holding `collection`.

    With a `shape` its records are decoded on the way: one pass over the bytes instead of three.
    """
    if shape is not None:
        try:
            return _opened(body, collection, shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # Perhaps it is one record alone.
            pass
    return _opened(body, collection, msgspec.Raw)


def _opened(body: bytes, collection: str, kind: type[Shape | msgspec.Raw]) -> Envelope:
    answer = _answer(collection, kind).decode(body)
    return Envelope(
        body=body,
        collection=collection,
        shaped=None if kind is msgspec.Raw else answer.records or [],
        page_count=answer.pagination.page_count if answer.pagination else 1,
        at=answer.at or "",
    )


@lru_cache(maxsize=64)
def _answer(collection: str, kind: type[Shape | msgspec.Raw]) -> msgspec.json.Decoder[Any]:
    """A decoder made for this one collection."""
    fields = [
        ("records", list[kind] | None, msgspec.field(name=collection)),  # type: ignore[valid-type]
        ("pagination", Pagination | None, None),
        ("at", str | None, msgspec.field(name="DateTimeUTC", default=None)),
    ]
    return msgspec.json.Decoder(msgspec.defstruct("Answer", fields))
