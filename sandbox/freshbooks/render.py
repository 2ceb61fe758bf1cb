"""Rows as FreshBooks' JSON shows them: amounts as text beside their currency, ids as numbers.

The fields are those of the SDK's own samples and of FreshBooks' API pages, as far as receivables go.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from sandbox.freshbooks.books import Books, Client, Invoice, Payment

Document = dict[str, Any]


def money(amount: Decimal, code: str) -> Document:
    return {"amount": f"{amount:.{get_currency_precision(code)}f}", "code": code}


def client(books: Books, row: Client, includes: set[str]) -> Document:
    document: Document = {
        "id": row.id,
        "userid": row.id,
        "organization": row.organization,
        "fname": "",
        "lname": "",
        "email": row.email,
        "bus_phone": row.phone,
        "mob_phone": "",
        "home_phone": None,
        "currency_code": row.code,
        "p_country": row.country,
        "note": row.note,
        "language": "en",
        "role": "client",
        "updated": row.updated,
        "vis_state": row.vis_state,
    }
    if "credit_balance" in includes:
        left = books.credit_left(row)
        document["credit_balance"] = [{"amount": money(amount, code)} for code, amount in left.items()]
    return document


def invoice(books: Books, row: Invoice, today: date) -> Document:
    paid, outstanding = books.paid(row), books.outstanding(row)
    return {
        "id": row.id,
        "invoiceid": row.id,
        "invoice_number": row.number,
        "customerid": row.customerid,
        "create_date": row.create_date,
        "due_date": row.due_date,
        "due_offset_days": (date.fromisoformat(row.due_date) - date.fromisoformat(row.create_date)).days,
        "currency_code": row.code,
        "amount": money(row.total, row.code),
        "paid": money(paid, row.code),
        "outstanding": money(outstanding, row.code),
        "date_paid": None if outstanding else _last_paid(books, row),
        "payment_status": "unpaid" if not paid else "partial" if outstanding else "paid",
        "display_status": row.state,
        "v3_status": _v3_status(row, paid, outstanding, today),
        "deposit_status": "none",
        "dispute_status": None,
        "last_order_status": None,
        "notes": row.notes,
        "po_number": row.po_number,
        "updated": row.updated,
        "vis_state": row.vis_state,
    }


def payment(row: Payment) -> Document:
    return {
        "id": row.id,
        "logid": row.id,
        "invoiceid": row.invoiceid,
        "creditid": row.creditid,
        "clientid": row.clientid,
        "amount": money(row.amount, row.code),
        "date": row.date,
        "type": row.type,
        "note": row.note,
        "from_credit": row.from_credit,
        "overpaymentid": row.overpaymentid,
        "bulk_paymentid": None,
        "gateway": None,
        "orderid": None,
        "transactionid": None,
        "send_client_notification": None,
        "updated": row.updated,
        "vis_state": row.vis_state,
    }


def _last_paid(books: Books, row: Invoice) -> str | None:
    return max((one.date for one in books.payments_of(row)), default=None)


def _v3_status(row: Invoice, paid: Decimal, outstanding: Decimal, today: date) -> str:
    if row.state == "draft":
        return "draft"
    if not outstanding:
        return "paid"
    if date.fromisoformat(row.due_date) < today:
        return "overdue"
    return "partial" if paid else row.state
