"""Whole ledgers taken over: documents in Xero's own JSON shape, as an export or another organisation holds them.

A document is taken as it stands, its ids, status, totals, amounts and `UpdatedDateUTC` included; nothing is worked out
anew and no rule refuses it, since the real platform holds such documents too. Payments embedded in an invoice, and
allocations in a credit, are taken over with it. Amounts paid that no payment explains stay unexplained:
whoever loads, loads both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.contacts import became, new_contact
from sandbox.xero.credits import KINDS, new_credit, table_of
from sandbox.xero.invoices import new_invoice
from sandbox.xero.lines import make_line
from sandbox.xero.payments import PAYMENT_TYPES
from sandbox.xero.tables import Table
from sandbox.xero.values import Doc, new_id, parse_amount, parse_day, parse_instant, rounded

_DAYS = ("Date", "DueDate", "FullyPaidOnDate", "ExpectedPaymentDate", "PlannedPaymentDate")
_AMOUNTS = (
    "SubTotal",
    "TotalTax",
    "Total",
    "AmountDue",
    "AmountPaid",
    "AmountCredited",
    "RemainingCredit",
    "BankAmount",
    "Amount",
)
_TEXTS = (
    "Type",
    "InvoiceID",
    "InvoiceNumber",
    "CreditNoteID",
    "CreditNoteNumber",
    "OverpaymentID",
    "PrepaymentID",
    "PaymentID",
    "Reference",
    "Status",
    "LineAmountTypes",
    "CurrencyCode",
    "BrandingThemeID",
    "Url",
    "PaymentType",
    "BatchPaymentID",
    "RepeatingInvoiceID",
)
_FLAGS = ("SentToContact", "IsReconciled")


def load(books: Books, entity: str, documents: Sequence[Doc]) -> int:
    """Returns how many were taken. Raises ValueError for an unknown entity or an unreadable date or amount."""
    take = _TAKE.get(entity)
    if take is None:
        raise ValueError(f"{entity!r} cannot be loaded: expected one of {', '.join(_TAKE)}")
    with books.lock:
        for document in documents:
            take(books, document)
        for table in (
            books.contacts,
            books.invoices,
            books.credit_notes,
            books.overpayments,
            books.prepayments,
            books.payments,
        ):
            table.sort("UpdatedDateUTC")
    return len(documents)


def _read(document: Doc) -> Doc:
    """The known fields of a document, typed; empty ones count as absent."""
    doc: Doc = {key: str(document[key]) for key in _TEXTS if document.get(key) not in (None, "")}
    doc |= {key: parse_day(document[key]) for key in _DAYS if document.get(key)}
    doc |= {key: parse_amount(document[key]) for key in _AMOUNTS if document.get(key) not in (None, "")}
    doc |= {key: document[key] is True for key in _FLAGS if key in document}
    if document.get("CurrencyRate") not in (None, ""):
        doc["CurrencyRate"] = parse_amount(document["CurrencyRate"])
    return doc


def _place(books: Books, table: Table, doc: Doc, document: Doc) -> Doc:
    """Store at the document's own instant, or at now where it has none."""
    given = document.get("UpdatedDateUTC")
    at = parse_instant(given) if given else books.stamp()
    books.has_seen(at)
    doc = {**doc, "UpdatedDateUTC": at}
    table.put(doc)
    return doc


def _contact(books: Books, document: Doc) -> None:
    known = new_contact(books)
    fields = {
        key: document[key]
        for key in (*known, "ContactNumber", "AccountNumber", "PaymentTerms")
        if document.get(key) is not None
    }
    fields["ContactID"] = str(fields.get("ContactID") or known["ContactID"]).lower()
    _place(books, books.contacts, {**known, **fields}, document)


def _contact_id(books: Books, document: Doc) -> str:
    """The contact of a document; one that was not loaded before is made of what the document says."""
    named: Any = document.get("Contact") or {}
    contact_id = str(named.get("ContactID") or document.get("ContactID") or "").lower()
    if books.contacts.get(contact_id) is None:
        _contact(books, {"Name": f"Contact {contact_id[:8]}", **named, "ContactID": contact_id or new_id()})
    return contact_id


def _lines(books: Books, document: Doc, currency: str) -> list[Doc]:
    """Lines as they stand; amounts that are missing are worked out from the rest."""
    made = []
    for line in document.get("LineItems") or ():
        known = {key: value for key, value in line.items() if value not in (None, "")}
        typed = {
            key: parse_amount(value)
            for key, value in known.items()
            if key in ("Quantity", "UnitAmount", "LineAmount", "TaxAmount", "DiscountRate")
        }
        texts = {key: str(known[key]) for key in ("LineItemID", "Description", "ItemCode") if key in known}
        # Codes of a foreign chart of accounts or tax table are kept as they are, not looked up.
        codes = {key: str(known[key]) for key in ("AccountCode", "TaxType") if key in known}
        made.append(
            {
                **make_line(books, {**typed, **texts}, str(document.get("LineAmountTypes") or "Exclusive"), currency),
                **codes,
            }
        )
    return made


def _invoice(books: Books, document: Doc) -> None:
    doc = _read(document)
    contact_id = _contact_id(books, document)
    currency = doc.get("CurrencyCode", books.currency)
    kind = doc.get("Type", "ACCREC")
    blank = new_invoice(books, kind, contact_id, currency, "AUTHORISED")
    doc = {**blank, **doc, "InvoiceID": str(doc.get("InvoiceID", blank["InvoiceID"])).lower()}
    doc["LineItems"] = _lines(books, document, currency)
    stored = _place(books, books.invoices, doc, document)
    became(books, contact_id, "IsCustomer" if kind == "ACCREC" else "IsSupplier")
    for payment in document.get("Payments") or ():
        _payment(
            books,
            {
                "UpdatedDateUTC": document.get("UpdatedDateUTC"),
                **payment,
                "Invoice": {"InvoiceID": stored["InvoiceID"]},
            },
        )


def _credit(collection: str) -> Callable[[Books, Doc], None]:
    kind = KINDS[collection]

    def take(books: Books, document: Doc) -> None:
        doc, table = _read(document), table_of(books, kind)
        contact_id = _contact_id(books, document)
        currency = doc.get("CurrencyCode", books.currency)
        blank = new_credit(books, kind, contact_id, currency)
        doc = {**blank, **doc, table.key: str(doc.get(table.key, blank[table.key])).lower()}
        doc["LineItems"] = _lines(books, document, currency)
        _place(books, table, doc, document)
        for allocation in document.get("Allocations") or ():
            books.allocations.put(
                {
                    "AllocationID": str(allocation.get("AllocationID") or new_id()),
                    "Amount": parse_amount(allocation["Amount"]),
                    "Date": parse_day(allocation["Date"]) if allocation.get("Date") else doc["Date"],
                    "InvoiceID": str(allocation["Invoice"]["InvoiceID"]).lower(),
                    "SourceID": doc[table.key],
                    "Source": collection,
                }
            )

    return take


def _payment(books: Books, document: Doc) -> None:
    invoice_id = str(document["Invoice"]["InvoiceID"]).lower()
    invoice = books.invoices.rows[invoice_id]
    doc = _read(document)
    rate: Decimal = doc["CurrencyRate"] if "CurrencyRate" in doc else invoice["CurrencyRate"]
    payment: Doc = {
        "PaymentID": new_id(),
        "Date": invoice["Date"],
        "Reference": "",
        "PaymentType": PAYMENT_TYPES[invoice["Type"]],
        "Status": "AUTHORISED",
        "IsReconciled": True,
        "BatchPaymentID": "",
        "BankAmount": rounded(doc["Amount"] / rate, books.currency),
        "CurrencyRate": rate,
        **doc,
        "AccountID": books.bank()["AccountID"],
        "Collection": "Invoices",
        "DocumentID": invoice_id,
    }
    payment.pop("InvoiceID", None)
    _place(books, books.payments, payment, document)


def _account(books: Books, document: Doc) -> None:
    """An account replaces the one with its code."""
    known = {
        key: document[key] for key in ("AccountID", "Code", "Name", "Type", "Class", "TaxType") if document.get(key)
    }
    base = next(account for account in books.accounts if account["Code"] == "429")
    books.accounts = [account for account in books.accounts if account["Code"] != known.get("Code")]
    books.accounts.append({**base, "AccountID": new_id(), "Code": "", **known})


_TAKE: dict[str, Callable[[Books, Doc], None]] = {
    "Contact": _contact,
    "Invoice": _invoice,
    "CreditNote": _credit("CreditNotes"),
    "Overpayment": _credit("Overpayments"),
    "Prepayment": _credit("Prepayments"),
    "Payment": _payment,
    "Account": _account,
}
