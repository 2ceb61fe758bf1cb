"""Payments on invoices and refunds of credits. Never edited; removed by a status."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbox.xero.books import Books
from sandbox.xero.credits import KINDS, find_credit, refund, table_of
from sandbox.xero.documents import check_lock
from sandbox.xero.errors import Invalid, not_found
from sandbox.xero.history import note_change
from sandbox.xero.invoices import find_invoice, settle
from sandbox.xero.values import Doc, is_guid, new_id, parse_amount, parse_day, rounded, text_of

PAYMENT_TYPES = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
    "RECEIVE-OVERPAYMENT": "AROVERPAYMENTPAYMENT",
    "RECEIVE-PREPAYMENT": "ARPREPAYMENTPAYMENT",
}
_NAMED_BY = {
    "Invoice": "Invoices",
    "CreditNote": "CreditNotes",
    "Overpayment": "Overpayments",
    "Prepayment": "Prepayments",
}


def find_payment(books: Books, payment_id: str) -> Doc:
    """Raises Plain 404."""
    payment = books.payments.get(payment_id.lower()) if is_guid(payment_id) else None
    if payment is None:
        raise not_found()
    return payment


def create_payment(books: Books, posted: Doc) -> Doc:
    """Pay one document. Raises Invalid or ValueError."""
    named = [word for word in _NAMED_BY if word in posted]
    if len(named) != 1:
        raise Invalid(["A payment must name exactly one Invoice, CreditNote, Overpayment or Prepayment"])
    collection = _NAMED_BY[named[0]]
    document = _document(books, collection, posted[named[0]])
    account = _account(books, posted.get("Account", {}))
    paid_on = parse_day(posted["Date"]) if posted.get("Date") else books.today()
    amount = parse_amount(posted.get("Amount"))
    return pay(books, collection, document, account, amount, paid_on, reference=text_of(posted, "Reference", 255))


def _document(books: Books, collection: str, named: Doc) -> Doc:
    if collection == "Invoices":
        return find_invoice(books, str(named.get("InvoiceID") or named.get("InvoiceNumber") or ""))
    kind = KINDS[collection]
    key = table_of(books, kind).key
    return find_credit(books, kind, str(named.get(key) or named.get(kind.number) or ""))


def _account(books: Books, named: Doc) -> Doc:
    account = books.account(str(named.get("AccountID") or named.get("Code") or ""))
    if account is None or not (account["Type"] == "BANK" or account["EnablePaymentsToAccount"]):
        raise Invalid(["Account must be a valid bank account or an account with payments enabled"])
    return account


def pay(
    books: Books,
    collection: str,
    document: Doc,
    account: Doc,
    amount: Decimal,
    paid_on: date,
    reference: str = "",
    batch_id: str = "",
) -> Doc:
    """Record a payment and settle its document. Raises Invalid."""
    outstanding = document["AmountDue"] if collection == "Invoices" else document["RemainingCredit"]
    if document["Status"] not in ("AUTHORISED", "PAID"):
        raise Invalid(["Payments can only be made against Authorised documents"])
    if amount <= 0:
        raise Invalid(["Payment amount must be greater than zero"])
    if amount > outstanding:
        raise Invalid(["Payment amount exceeds the amount outstanding on this document"])
    check_lock(books, paid_on)
    payment: Doc = {
        "PaymentID": new_id(),
        "Date": paid_on,
        "Amount": amount,
        "BankAmount": rounded(amount / document["CurrencyRate"], books.currency),
        "Reference": reference,
        "CurrencyRate": document["CurrencyRate"],
        "PaymentType": PAYMENT_TYPES[document["Type"]],
        "Status": "AUTHORISED",
        "IsReconciled": False,
        "AccountID": account["AccountID"],
        "Collection": collection,
        "DocumentID": _id(books, collection, document),
        "BatchPaymentID": batch_id,
    }
    stored = books.put(books.payments, payment)
    _apply(books, stored, amount)
    note_change(books, collection, payment["DocumentID"], "Payment", f"Payment of {amount} on {paid_on}. {reference}")
    return stored


def _id(books: Books, collection: str, document: Doc) -> str:
    key = "InvoiceID" if collection == "Invoices" else table_of(books, KINDS[collection]).key
    return str(document[key])


def _apply(books: Books, payment: Doc, amount: Decimal) -> None:
    if payment["Collection"] == "Invoices":
        settle(books, payment["DocumentID"], paid=amount, on=payment["Date"])
        return
    kind = KINDS[payment["Collection"]]
    refund(books, kind, find_credit(books, kind, payment["DocumentID"]), amount, payment["Date"])


def delete_payment(books: Books, payment: Doc, posted: Doc) -> Doc:
    """The one change a payment allows. Raises Invalid."""
    if posted.get("Status") != "DELETED":
        raise Invalid(["Payments cannot be edited, only deleted"])
    if payment["Status"] == "DELETED":
        raise Invalid(["Payment is already deleted"])
    if payment["BatchPaymentID"]:
        raise Invalid(["Payments of a batch cannot be deleted alone"])
    check_lock(books, payment["Date"])
    stored = books.put(books.payments, {**payment, "Status": "DELETED"})
    _apply(books, stored, -payment["Amount"])
    return stored
