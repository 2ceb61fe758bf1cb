"""Invoices: made, changed, voided and deleted; their balance follows the payments that link to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk, Entity
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities import applying, sales
from sandbox.quickbooks.fields import ZERO


def create(desk: Desk, body: Document) -> Document:
    customer = desk.customer(body)
    if "SalesTermRef" not in body:
        term = customer.get("SalesTermRef") or desk.office.preference("SalesFormsPrefs", "DefaultTerms")
        if term:
            body = body | {"SalesTermRef": term}
    document, total = sales.completed(desk, body, None)
    deposit = fields.amount(body, "Deposit") or ZERO
    document |= {"Deposit": deposit, "Balance": total - deposit, "LinkedTxn": []}
    return _put(desk, document)


def update(desk: Desk, current: Document, body: Document) -> Document:
    document, total = sales.completed(desk, body, current)
    applied = Decimal(current["TotalAmt"]) - Decimal(current["Balance"]) - Decimal(current.get("Deposit") or 0)
    deposit = fields.amount(body, "Deposit") or ZERO
    if total < applied + deposit:
        raise answers.business("The amount of the invoice is less than what was already paid on it")
    document |= {"Deposit": deposit, "Balance": total - deposit - applied, "LinkedTxn": current.get("LinkedTxn", [])}
    if "DeliveryInfo" in current:
        document["DeliveryInfo"] = current["DeliveryInfo"]
    return _put(desk, document)


def _put(desk: Desk, document: Document) -> Document:
    on = date.fromisoformat(document["TxnDate"])
    document["DueDate"] = sales.due_date(desk, document, on).isoformat()
    for name in ("AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment"):
        document[name] = fields.flag(document, name)
    document |= sales.home_amounts(desk, document)
    document = {name: value for name, value in document.items() if value is not None}
    desk.change.put("Invoice", document)
    return document


def void(desk: Desk, current: Document) -> None:
    """Zeros everywhere, "Voided" before the note, and the payments keep their money unapplied."""
    desk.check_open_period(date.fromisoformat(current["TxnDate"]))
    applying.unlink_invoice(desk, current["Id"])
    current = desk.find("Invoice", current["Id"]) or current
    note = " ".join(filter(None, ("Voided", current.get("PrivateNote"))))
    document = current | {"TotalAmt": ZERO, "Balance": ZERO, "Deposit": ZERO, "LinkedTxn": [], "PrivateNote": note}
    document |= {"Line": [_emptied(line) for line in current["Line"]], "TxnTaxDetail": {"TotalTax": ZERO}}
    document |= sales.home_amounts(desk, document)
    desk.change.put("Invoice", document, "Void")


def _emptied(line: Document) -> Document:
    empty = line | ({"Amount": ZERO} if "Amount" in line else {})
    detail = line.get("SalesItemLineDetail")
    if detail and "Qty" in detail:
        empty["SalesItemLineDetail"] = detail | {"Qty": ZERO}
    return empty


def delete(desk: Desk, current: Document) -> None:
    desk.check_open_period(date.fromisoformat(current["TxnDate"]))
    if any(link["TxnType"] == "Payment" for link in current.get("LinkedTxn", [])):
        raise answers.business("The invoice has payments linked to it. Unlink them before deleting the invoice")
    desk.change.remove("Invoice", current["Id"])


INVOICE = Entity(
    name="Invoice",
    writable=sales.WRITABLE
    | {"DueDate", "Deposit", "AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment"}
    | {"AllowOnlineACHPayment", "TrackingNum"},
    read_only=sales.READ_ONLY | {"InvoiceLink", "EInvoiceStatus", "invoiceStatus"},
    filterable=sales.FILTERABLE,
    longest=sales.LONGEST,
    create=create,
    update=update,
    void=void,
    delete=delete,
    is_sendable=True,
)
