"""What a filter or an order may name in each list, and which of it Xero works fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.tables import Table
from sandbox.xero.values import Doc
from sandbox.xero.where import Read

_DOCUMENT = ("Type", "Status", "Reference", "Date", "CurrencyCode", "SubTotal", "TotalTax", "Total", "UpdatedDateUTC")
_CONTACT_INSIDE = ("ContactID", "Name", "ContactNumber", "EmailAddress", "ContactStatus")


@dataclass(frozen=True)
class Fields:
    """The own fields of one list, and the sets that are fast."""

    own: tuple[str, ...]
    fast: frozenset[str]
    fast_order: frozenset[str]
    inside: str = "Contact"
    """The nested object whose fields may be named too."""


def _fast(*names: str) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


_CREDIT_FAST = _fast(
    "Status", "Type", "Reference", "Contact.ContactID", "Contact.Name", "Contact.ContactNumber", "Date"
)

FIELDS = {
    "Invoices": Fields(
        own=(
            *_DOCUMENT,
            "InvoiceID",
            "InvoiceNumber",
            "DueDate",
            "AmountDue",
            "AmountPaid",
            "AmountCredited",
            "FullyPaidOnDate",
            "ExpectedPaymentDate",
            "SentToContact",
            "BrandingThemeID",
            "LineAmountTypes",
        ),
        fast=_fast(
            "Status",
            "Type",
            "Contact.ContactID",
            "Contact.Name",
            "Contact.ContactNumber",
            "Reference",
            "InvoiceNumber",
            "InvoiceID",
            "AmountPaid",
            "Date",
            "DueDate",
            "AmountDue",
        ),
        fast_order=_fast("InvoiceID", "UpdatedDateUTC", "Date"),
    ),
    "Contacts": Fields(
        own=(
            "ContactID",
            "ContactNumber",
            "AccountNumber",
            "ContactStatus",
            "Name",
            "FirstName",
            "LastName",
            "EmailAddress",
            "IsCustomer",
            "IsSupplier",
            "DefaultCurrency",
            "UpdatedDateUTC",
            "TaxNumber",
        ),
        fast=_fast("Name", "EmailAddress", "AccountNumber"),
        fast_order=_fast("ContactID", "UpdatedDateUTC", "Name"),
    ),
    "CreditNotes": Fields(
        own=(*_DOCUMENT, "CreditNoteID", "CreditNoteNumber", "RemainingCredit", "FullyPaidOnDate"),
        fast=_CREDIT_FAST,
        fast_order=_fast("CreditNoteID", "UpdatedDateUTC", "Date"),
    ),
    "Overpayments": Fields(
        own=(*_DOCUMENT, "OverpaymentID", "RemainingCredit"),
        fast=_CREDIT_FAST,
        fast_order=_fast("OverpaymentID", "UpdatedDateUTC", "Date"),
    ),
    "Prepayments": Fields(
        own=(*_DOCUMENT, "PrepaymentID", "RemainingCredit"),
        fast=_CREDIT_FAST,
        fast_order=_fast("PrepaymentID", "UpdatedDateUTC", "Date"),
    ),
    "Payments": Fields(
        own=(
            "PaymentID",
            "PaymentType",
            "Status",
            "Reference",
            "Date",
            "Amount",
            "BankAmount",
            "IsReconciled",
            "BatchPaymentID",
            "UpdatedDateUTC",
        ),
        fast=_fast("PaymentType", "Status", "Reference", "Invoice.InvoiceID", "Date"),
        fast_order=_fast("PaymentID", "UpdatedDateUTC", "Date"),
        inside="Invoice",
    ),
}


def reader(books: Books, table: Table) -> Callable[[str], Read | None]:
    """How a lower-cased path reads a row of this table."""
    fields = FIELDS[table.name]
    own = {name.lower(): name for name in fields.own}

    def look(path: str) -> Read | None:
        if path in own:
            name = own[path]
            return lambda doc: doc.get(name)
        outer, _, inner = path.partition(".")
        if outer != fields.inside.lower():
            return None
        return _inside_payment(books, inner) if fields.inside == "Invoice" else _inside_contact(books, inner)

    return look


def _inside_contact(books: Books, path: str) -> Read | None:
    name = next((field for field in _CONTACT_INSIDE if field.lower() == path), None)
    if name is None:
        return None
    return lambda doc: books.contacts.rows[doc["ContactID"]].get(name)


def _inside_payment(books: Books, path: str) -> Read | None:
    """`Invoice.InvoiceID`, `Invoice.Type` and their like, of the invoice that a payment paid."""

    def paid(doc: Doc) -> Doc:
        return books.invoices.get(doc["DocumentID"]) or {}

    if path == "invoiceid":
        return lambda doc: doc["DocumentID"]
    names = {"invoicenumber": "InvoiceNumber", "type": "Type", "status": "Status"}
    if path in names:
        return lambda doc: paid(doc).get(names[path])
    if path.startswith("contact."):
        inner: Any = _inside_contact(books, path.removeprefix("contact."))
        return (lambda doc: inner(paid(doc)) if paid(doc) else None) if inner else None
    return None
