"""Credit notes, overpayments and prepayments: credit that a contact holds, and its allocation to invoices.

Overpayments and prepayments come from bank transactions or from the bookkeeper, never from their own endpoints.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.xero.books import Books
from sandbox.xero.contacts import contact_of
from sandbox.xero.documents import TEXTS, WRONG_STATUS, check_lock, next_status, read_header, with_lines
from sandbox.xero.errors import Invalid, not_found
from sandbox.xero.invoices import settle
from sandbox.xero.tables import Table
from sandbox.xero.values import ZERO, Doc, is_guid, new_id, parse_amount


@dataclass(frozen=True)
class Kind:
    """One of the three kinds of credit, in Xero's words."""

    collection: str
    word: str
    sales_type: str
    number: str = ""


CREDIT_NOTE = Kind("CreditNotes", "CreditNote", "ACCRECCREDIT", "CreditNoteNumber")
OVERPAYMENT = Kind("Overpayments", "Overpayment", "RECEIVE-OVERPAYMENT")
PREPAYMENT = Kind("Prepayments", "Prepayment", "RECEIVE-PREPAYMENT")
KINDS = {kind.collection: kind for kind in (CREDIT_NOTE, OVERPAYMENT, PREPAYMENT)}

_TEXTS = {**TEXTS, "CreditNoteNumber": 255}


def table_of(books: Books, kind: Kind) -> Table:
    return {"CreditNotes": books.credit_notes, "Overpayments": books.overpayments, "Prepayments": books.prepayments}[
        kind.collection
    ]


def find_credit(books: Books, kind: Kind, id_or_number: str) -> Doc:
    """Raises Plain 404."""
    table = table_of(books, kind)
    found = table.get(id_or_number.lower()) if is_guid(id_or_number) else None
    if found is None and kind.number:
        found = next(table.find(kind.number, id_or_number), None)
    if found is None:
        raise not_found()
    return found


def new_credit(books: Books, kind: Kind, contact_id: str, currency: str, status: str = "AUTHORISED") -> Doc:
    """An empty credit of today, without lines."""
    table = table_of(books, kind)
    doc: Doc = {
        table.key: new_id(),
        "Type": kind.sales_type,
        "Reference": "",
        "ContactID": contact_id,
        "Date": books.today(),
        "Status": status,
        "LineAmountTypes": "Exclusive" if kind is CREDIT_NOTE else "NoTax",
        "LineItems": [],
        "SubTotal": ZERO,
        "TotalTax": ZERO,
        "Total": ZERO,
        "RemainingCredit": ZERO,
        "CurrencyCode": currency,
        "CurrencyRate": books.rate(currency),
    }
    if kind is CREDIT_NOTE:
        doc |= {"CreditNoteNumber": "", "SentToContact": False, "BrandingThemeID": books.theme["BrandingThemeID"]}
    return doc


def next_number(books: Books) -> str:
    while True:
        books.numbers["CreditNotes"] += 1
        number = f"CN-{books.numbers['CreditNotes']:04d}"
        if next(books.credit_notes.find("CreditNoteNumber", number), None) is None:
            return number


def save_credit_note(books: Books, posted: Doc, *, may_update: bool, unit_places: int = 2) -> Doc:
    """Create or update one credit note. Raises Invalid or ValueError."""
    stored = _match(books, posted, may_update=may_update)
    header = read_header(posted, _TEXTS, ("Date", "DueDate"))
    status = next_status(stored["Status"] if stored else "", posted)
    _check_number(books, header.get("CreditNoteNumber", ""), own_id=stored["CreditNoteID"] if stored else "")
    if any(line.get("DiscountRate") for line in posted.get("LineItems", ())):
        raise Invalid(["Discounts are not allowed on credit notes"])
    if stored is None:
        doc = _begin(books, posted, header, status)
    elif status in ("VOIDED", "DELETED"):
        return _remove(books, stored, status)
    elif stored["RemainingCredit"] != stored["Total"]:
        raise Invalid([WRONG_STATUS])
    else:
        check_lock(books, stored["Date"])
        doc = {**stored, **header, "Status": status}
    doc = with_lines(books, doc, posted, unit_places)
    if status != "DRAFT" and not doc["LineItems"]:
        raise Invalid(["One or more line items must be specified"])
    check_lock(books, doc["Date"])
    return books.put(books.credit_notes, {**doc, "RemainingCredit": doc["Total"]})


def _begin(books: Books, posted: Doc, header: Doc, status: str) -> Doc:
    kind = posted.get("Type")
    if kind not in ("ACCRECCREDIT", "ACCPAYCREDIT"):
        raise Invalid(["Credit Note Type is not valid"])
    contact = contact_of(books, posted.get("Contact"))
    currency = header.get("CurrencyCode") or contact["DefaultCurrency"] or books.currency
    doc = new_credit(books, CREDIT_NOTE, contact["ContactID"], currency, status)
    doc |= {**header, "Type": kind}
    doc["CreditNoteNumber"] = doc["CreditNoteNumber"] or (next_number(books) if kind == "ACCRECCREDIT" else "")
    return doc


def _match(books: Books, posted: Doc, *, may_update: bool) -> Doc | None:
    note_id, number = posted.get("CreditNoteID"), posted.get("CreditNoteNumber")
    if note_id:
        stored = books.credit_notes.get(str(note_id).lower())
        if stored is None or not may_update:
            raise Invalid([f"Credit note with id {note_id} could not be found"])
        return stored
    if may_update and number:
        return next((n for n in books.credit_notes.find("CreditNoteNumber", number) if n["Status"] != "DELETED"), None)
    return None


def _check_number(books: Books, number: str, own_id: str) -> None:
    taken = books.credit_notes.find("CreditNoteNumber", number) if number else iter(())
    if any(other["CreditNoteID"] != own_id and other["Status"] != "DELETED" for other in taken):
        raise Invalid(["Credit Note # must be unique."])


def _remove(books: Books, stored: Doc, status: str) -> Doc:
    if stored["RemainingCredit"] != stored["Total"]:
        raise Invalid([WRONG_STATUS])
    check_lock(books, stored["Date"])
    return books.put(books.credit_notes, {**stored, "Status": status, "RemainingCredit": ZERO})


def read_allocation(books: Books, posted: Doc) -> tuple[str, Decimal]:
    """Invoice id and amount of a posted allocation. Raises Invalid or ValueError."""
    invoice_id = str(posted.get("Invoice", {}).get("InvoiceID", "")).lower()
    if books.invoices.get(invoice_id) is None:
        raise Invalid(["The Invoice to allocate to could not be found"])
    return invoice_id, parse_amount(posted.get("Amount"))


def allocate(books: Books, kind: Kind, source: Doc, invoice_id: str, amount: Decimal) -> Doc:
    """Apply part of a credit to an invoice. Returns the allocation; raises Invalid."""
    table = table_of(books, kind)
    source, invoice = table.rows[source[table.key]], books.invoices.rows[invoice_id]
    if source["Status"] != "AUTHORISED" or invoice["Status"] != "AUTHORISED":
        raise Invalid(["Only AUTHORISED documents can be allocated"])
    if source["ContactID"] != invoice["ContactID"]:
        raise Invalid(["The credit and the invoice must belong to the same contact"])
    if source["CurrencyCode"] != invoice["CurrencyCode"]:
        raise Invalid(["The credit and the invoice must be in the same currency"])
    if not 0 < amount <= min(invoice["AmountDue"], source["RemainingCredit"]):
        raise Invalid(["The amount allocated exceeds the amount due or the remaining credit"])
    allocation: Doc = {
        "AllocationID": new_id(),
        "Amount": amount,
        "Date": max(source["Date"], invoice["Date"]),
        "InvoiceID": invoice_id,
        "SourceID": source[table.key],
        "Source": kind.collection,
    }
    books.allocations.put(allocation)
    _use(books, table, source, amount, on=allocation["Date"])
    settle(books, invoice_id, credited=amount, on=allocation["Date"])
    return allocation


def take_back(books: Books, kind: Kind, source: Doc, allocation_id: str) -> Doc:
    """Remove an allocation: both sides are open again. Raises Plain 404."""
    table = table_of(books, kind)
    allocation = books.allocations.get(allocation_id)
    if allocation is None or allocation["SourceID"] != source[table.key]:
        raise not_found()
    books.allocations.remove(allocation_id)
    _use(books, table, source, -allocation["Amount"], on=allocation["Date"])
    settle(books, allocation["InvoiceID"], credited=-allocation["Amount"], on=allocation["Date"])
    return allocation


def refund(books: Books, kind: Kind, source: Doc, amount: Decimal, on: date) -> None:
    """Money went back to the customer (or, negative, the refund was deleted)."""
    table = table_of(books, kind)
    _use(books, table, table.rows[source[table.key]], amount, on=on)


def _use(books: Books, table: Table, source: Doc, amount: Decimal, on: date) -> None:
    left = source["RemainingCredit"] - amount
    doc = {**source, "RemainingCredit": left, "Status": "AUTHORISED" if left else "PAID"}
    if left:
        doc.pop("FullyPaidOnDate", None)
    else:
        doc["FullyPaidOnDate"] = on
    books.put(table, doc)
