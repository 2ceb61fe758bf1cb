"""One small consultancy's ledger in Xero: 117 sales invoices in two currencies under a Canadian base, and 484 bills.

Added, since the extract has no payments: one payment per paid invoice, on the day on which it was fully paid, so that
every amount paid is explained by a document. Contacts have no addresses, as in the files.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sandbox.ledgers.files import Row, amount, instant, is_true, present, rows
from sandbox.xero import XeroCompany, XeroSandbox

Document = dict[str, Any]


def load_xero_ledger(platform: XeroSandbox, folder: Path) -> XeroCompany:
    """Make a company of the files in `folder`. Raises FileNotFoundError when one is missing."""
    company = platform.create_company("Maple Ridge Consulting", "CA", "CAD", "America/Toronto")
    lines: dict[str, list[Document]] = defaultdict(list)
    for row in rows(folder, "xero_invoice_line_item_data"):
        lines[row["invoice_id"]].append(_line(row))
    invoices = rows(folder, "xero_invoice_data")
    company.load("Account", [_account(row) for row in rows(folder, "xero_account_data")])
    company.load("Contact", [_contact(row) for row in rows(folder, "xero_contact_data")])
    company.load("Invoice", [_invoice(row, lines[row["invoice_id"]]) for row in invoices])
    company.load("Payment", [_payment(row) for row in invoices if amount(row["amount_paid"])])
    return company


def _account(row: Row) -> Document:
    return present(
        {
            "AccountID": row["account_id"],
            "Code": row["code"],
            "Name": row["name"],
            "Type": row["type"],
            "Class": row["class"],
        }
    )


def _contact(row: Row) -> Document:
    return {"ContactID": row["contact_id"], "Name": row["name"], "ContactStatus": "ACTIVE"}


def _invoice(row: Row, lines: list[Document]) -> Document:
    dates = {
        "Date": row["date"],
        "DueDate": row["due_date"],
        "FullyPaidOnDate": row["fully_paid_on_date"],
        "ExpectedPaymentDate": row["expected_payment_date"],
        "PlannedPaymentDate": row["planned_payment_date"],
    }
    amounts = {
        "SubTotal": row["sub_total"],
        "TotalTax": row["total_tax"],
        "Total": row["total"],
        "AmountDue": row["amount_due"],
        "AmountPaid": row["amount_paid"],
        "AmountCredited": row["amount_credited"],
        "CurrencyRate": row["currency_rate"],
    }
    texts = {
        "Type": row["type"],
        "InvoiceID": row["invoice_id"],
        "InvoiceNumber": row["invoice_number"],
        "Reference": row["reference"],
        "Status": row["status"],
        "CurrencyCode": row["currency_code"],
        "LineAmountTypes": row["line_amount_types"],
        "Url": row["url"],
    }
    return present(texts) | {
        **{name: _day(text) for name, text in dates.items() if text},
        **{name: amount(text) for name, text in amounts.items()},
        "Contact": {"ContactID": row["contact_id"]},
        "SentToContact": is_true(row["sent_to_contact"]),
        "LineItems": lines,
        "UpdatedDateUTC": _moment(instant(row["updated_date_utc"])),
    }


def _line(row: Row) -> Document:
    texts = {
        "LineItemID": row["line_item_id"],
        "Description": row["description"],
        "AccountCode": row["account_code"],
        "TaxType": row["tax_type"],
        "ItemCode": row["item_code"],
    }
    amounts = {
        "Quantity": row["quantity"],
        "UnitAmount": row["unit_amount"],
        "LineAmount": row["line_amount"],
        "TaxAmount": row["tax_amount"],
        "DiscountRate": row["discount_rate"],
    }
    return present(texts) | {name: amount(text) for name, text in amounts.items() if text}


def _payment(row: Row) -> Document:
    return {
        "PaymentID": str(uuid5(NAMESPACE_OID, f"payment of {row['invoice_id']}")),
        "Date": _day(row["fully_paid_on_date"] or row["updated_date_utc"][:10]),
        "Amount": amount(row["amount_paid"]),
        "CurrencyRate": amount(row["currency_rate"]),
        "Status": "AUTHORISED",
        "Invoice": {"InvoiceID": row["invoice_id"]},
        "UpdatedDateUTC": _moment(instant(row["updated_date_utc"])),
    }


def _day(text: str) -> str:
    """A calendar day as Xero sends it: midnight, said to be UTC."""
    return _moment(datetime.combine(date.fromisoformat(text), time(), UTC))


def _moment(at: datetime) -> str:
    return f"/Date({int(at.timestamp() * 1000)}+0000)/"
