"""Bank transactions, as far as they make a customer's credit: money received on account, or above what was owed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbox.xero.books import Books
from sandbox.xero.contacts import became, contact_of
from sandbox.xero.credits import OVERPAYMENT, PREPAYMENT, Kind, new_credit, table_of
from sandbox.xero.documents import check_lock, plain_lines
from sandbox.xero.errors import Invalid
from sandbox.xero.shape import check_currency
from sandbox.xero.values import ZERO, Doc, ms_date, ms_instant, new_id, parse_amount, parse_day, text_of

_KINDS = {"RECEIVE-OVERPAYMENT": OVERPAYMENT, "RECEIVE-PREPAYMENT": PREPAYMENT}


def save_bank_transaction(books: Books, posted: Doc) -> Doc:
    """Receive money as an overpayment or a prepayment; no other type is taken. Raises Invalid or ValueError."""
    kind = _KINDS.get(str(posted.get("Type")))
    if kind is None:
        raise Invalid(["Only RECEIVE-OVERPAYMENT and RECEIVE-PREPAYMENT are accepted"])
    contact = contact_of(books, posted.get("Contact"))
    named = posted.get("BankAccount", {})
    account = books.account(str(named.get("AccountID") or named.get("Code") or ""))
    if account is None or account["Type"] != "BANK":
        raise Invalid(["BankAccount must be a valid bank account"])
    lines = posted.get("LineItems", [])
    amount = sum((_line_amount(line) for line in lines), ZERO)
    on = parse_day(posted["Date"]) if posted.get("Date") else books.today()
    check_currency(text_of(posted, "CurrencyCode", 3))
    currency = text_of(posted, "CurrencyCode", 3) or contact["DefaultCurrency"] or books.currency
    description = lines[0].get("Description") or "" if lines else ""
    credit = receive(
        books, kind, contact["ContactID"], currency, amount, on, str(description), text_of(posted, "Reference", 255)
    )
    key = table_of(books, kind).key
    return books.put(
        books.bank_transactions,
        {
            "BankTransactionID": new_id(),
            "Type": posted["Type"],
            "ContactID": contact["ContactID"],
            "AccountID": account["AccountID"],
            "Date": on,
            "Status": "AUTHORISED",
            "Total": credit["Total"],
            "CurrencyCode": currency,
            key: credit[key],
        },
    )


def _line_amount(line: Doc) -> Decimal:
    if line.get("LineAmount") is not None:
        return parse_amount(line["LineAmount"])
    return parse_amount(line.get("UnitAmount")) * parse_amount(line.get("Quantity", 1))


def receive(
    books: Books,
    kind: Kind,
    contact_id: str,
    currency: str,
    amount: Decimal,
    on: date,
    description: str,
    reference: str,
) -> Doc:
    """Enter unapplied money as a credit of this kind. Raises Invalid."""
    if amount <= 0:
        raise Invalid(["The amount must be greater than zero"])
    check_lock(books, on)
    doc = new_credit(books, kind, contact_id, currency)
    lines = plain_lines(books, [{"Description": description, "UnitAmount": amount}], "NoTax", currency)
    doc |= {**lines, "Date": on, "Reference": reference}
    stored = books.put(table_of(books, kind), {**doc, "RemainingCredit": doc["Total"]})
    became(books, contact_id, "IsCustomer")
    return stored


def show_bank_transaction(books: Books, doc: Doc) -> Doc:
    shown = {
        key: value for key, value in doc.items() if key not in ("ContactID", "AccountID", "Date", "UpdatedDateUTC")
    }
    contact = books.contacts.rows[doc["ContactID"]]
    return {
        **shown,
        "Contact": {"ContactID": contact["ContactID"], "Name": contact["Name"]},
        "BankAccount": {"AccountID": doc["AccountID"]},
        "Date": ms_date(doc["Date"]),
        "UpdatedDateUTC": ms_instant(doc["UpdatedDateUTC"]),
        "LineItems": [],
        "HasAttachments": False,
        "IsReconciled": False,
    }
