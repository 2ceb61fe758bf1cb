"""What invoices and credit memos share: lines, totals, tax, numbers, and what is copied from the customer."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk, reference
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities.sales_lines import Lines, read_lines

_SALE = frozenset({"CustomerRef", "Line", "DocNumber", "TxnDate", "SalesTermRef", "CurrencyRef", "ExchangeRate"})
_TAX = frozenset({"TxnTaxDetail", "ApplyTaxAfterDiscount", "GlobalTaxCalculation", "TaxExemptionRef"})
_MAIL = frozenset({"BillEmail", "BillEmailCc", "BillEmailBcc", "EmailStatus", "PrintStatus", "CustomerMemo"})
_PLACES = frozenset({"BillAddr", "ShipAddr", "FreeFormAddress", "ShipMethodRef", "ShipDate", "TransactionLocationType"})
_SORTING = frozenset({"PrivateNote", "CustomField", "DepartmentRef", "ClassRef", "ProjectRef", "RecurDataRef"})
_MONEY = frozenset({"PaymentMethodRef", "DepositToAccountRef"})
WRITABLE = _SALE | _TAX | _MAIL | _PLACES | _SORTING | _MONEY
READ_ONLY = frozenset({"TotalAmt", "Balance", "HomeTotalAmt", "HomeBalance", "LinkedTxn", "DeliveryInfo"})
FILTERABLE = frozenset(
    {"DocNumber", "TxnDate", "DueDate", "CustomerRef", "Balance", "SalesTermRef", "ProjectRef", "TotalAmt"}
)
LONGEST = {"DocNumber": 21, "PrivateNote": 4000}
_EMAIL_STATUSES = ("NotSet", "NeedToSend", "EmailSent")
_PRINT_STATUSES = ("NotSet", "NeedToPrint", "PrintComplete")


def completed(desk: Desk, body: Document, current: Document | None) -> tuple[Document, Decimal]:
    """The document as the service completes it, but for balances and links; and its total.

    Totals that were sent are ignored. Raises the service's refusals for what it would not take.
    """
    customer = desk.customer(body)
    on = fields.day(body, "TxnDate") or (date.fromisoformat(current["TxnDate"]) if current else desk.today)
    desk.check_open_period(on)
    if current:
        desk.check_open_period(date.fromisoformat(current["TxnDate"]))
    lines = read_lines(desk, body, current)
    document: Document = {"Id": current["Id"] if current else desk.change.books.next_id("Invoice")}
    document |= {
        name: value for name, value in body.items() if name not in ("TxnTaxDetail", "CurrencyRef", "ExchangeRate")
    }
    document |= {"TxnDate": on.isoformat(), "CustomerRef": reference(customer, "DisplayName")}
    document |= desk.term(body) | _number(desk, body, current) | _currency(desk, body, customer, current)
    document |= {"Line": lines.documents, "TotalAmt": lines.total, "TxnTaxDetail": _tax_detail(desk, lines)}
    document |= _mail_and_print(desk, body, customer, current)
    for address in ("BillAddr", "ShipAddr"):
        if address not in body and not current and customer.get(address):
            document[address] = customer[address]
    document.setdefault("ApplyTaxAfterDiscount", False)
    document.setdefault("CustomField", [])
    return document, lines.total


def _number(desk: Desk, body: Document, current: Document | None) -> Document:
    """The document number: as sent, the next one, or none at all where the company makes its own."""
    books = desk.change.books
    old = (current or {}).get("DocNumber")
    wanted = body.get("DocNumber")
    is_own = bool(desk.office.preference("SalesFormsPrefs", "CustomTxnNumbers"))
    if wanted is None:
        number = None if is_own else old or str(books.highest_number + 1)
        return {"DocNumber": number} if number else {}
    if wanted != old and books.numbers[wanted] > 0 and not desk.may_repeat_number:
        raise answers.duplicate_number(wanted)
    return {"DocNumber": wanted}


def _currency(desk: Desk, body: Document, customer: Document, current: Document | None) -> Document:
    """Absent in a company with one currency; required, and the customer's own, in one with several."""
    if not desk.office.is_multi_currency:
        return {}
    theirs = customer.get("CurrencyRef", {}).get("value", desk.office.currency)
    wanted = fields.ref(body, "CurrencyRef") or (theirs if theirs == desk.office.currency else None)
    if wanted is None:
        raise answers.missing("CurrencyRef")
    if wanted != theirs:
        raise answers.business(f"The transaction's currency {wanted} is not the customer's, {theirs}")
    rate = fields.amount(body, "ExchangeRate") or Decimal((current or {}).get("ExchangeRate") or 1)
    return {"CurrencyRef": {"value": wanted}, "ExchangeRate": rate}


def home_amounts(desk: Desk, document: Document) -> Document:
    """What the document is worth in the company's own currency, where there are several."""
    if not desk.office.is_multi_currency:
        return {}
    rate = Decimal(document["ExchangeRate"])
    return {
        home: fields.rounded(Decimal(document[own]) * rate, desk.office.currency)
        for home, own in (("HomeTotalAmt", "TotalAmt"), ("HomeBalance", "Balance"))
    }


def _tax_detail(desk: Desk, lines: Lines) -> Document:
    if not lines.taxable:
        return {"TotalTax": lines.tax}
    detail = {"TaxRateRef": {"value": "3"}, "PercentBased": True, "TaxPercent": desk.office.switches.tax_percent}
    detail["NetAmountTaxable"] = lines.taxable
    line = {"Amount": lines.tax, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}
    return {"TxnTaxCodeRef": {"value": "2"}, "TotalTax": lines.tax, "TaxLine": [line]}


def _mail_and_print(desk: Desk, body: Document, customer: Document, current: Document | None) -> Document:
    email_status = body.get("EmailStatus", "NotSet")
    print_status = body.get("PrintStatus", "NotSet")
    if email_status not in _EMAIL_STATUSES:
        raise answers.invalid_enumeration("EmailStatus", email_status)
    if print_status not in _PRINT_STATUSES:
        raise answers.invalid_enumeration("PrintStatus", print_status)
    if print_status == "NotSet" and current is None:
        print_status = "NeedToPrint"
    found: Document = {"EmailStatus": email_status, "PrintStatus": print_status}
    bill_email = body.get("BillEmail") or (customer.get("PrimaryEmailAddr") if current is None else None)
    if email_status == "NeedToSend" and not (bill_email or {}).get("Address"):
        raise answers.missing("BillEmail")
    if bill_email:
        found["BillEmail"] = {"Address": bill_email.get("Address")}
    return found | dict(_copies(desk, body))


def _copies(desk: Desk, body: Document) -> Iterator[tuple[str, Any]]:
    """Cc and Bcc from the preferences where none were sent; an address that is none is dropped without a word."""
    for name, preference in (("BillEmailCc", "SalesEmailCc"), ("BillEmailBcc", "SalesEmailBcc")):
        address = body.get(name) or desk.office.preference("SalesFormsPrefs", preference)
        yield name, address if address and "@" in str(address.get("Address")) else None


def due_date(desk: Desk, body: Document, on: date) -> date:
    """As sent, else by the invoice's term, else its own day."""
    if wanted := fields.day(body, "DueDate"):
        return wanted
    term = desk.named("Term", body, "SalesTermRef")
    if term is None:
        return on
    if term.get("Type") == "DATE_DRIVEN":
        return _date_driven(term, on)
    return on + timedelta(days=int(term.get("DueDays", 0)))


def _date_driven(term: Document, on: date) -> date:
    """That day of the month; next month's when the invoice comes within DueNextMonthDays of it. 31 is the last day."""
    wanted, margin = int(term.get("DayOfMonthDue", 31)), int(term.get("DueNextMonthDays", 0))
    due = _day_of_month(on.year, on.month, wanted)
    if due < on or (due - on).days < margin:
        year, month = (on.year + 1, 1) if on.month == 12 else (on.year, on.month + 1)
        due = _day_of_month(year, month, wanted)
    return due


def _day_of_month(year: int, month: int, wanted: int) -> date:
    return date(year, month, min(wanted, calendar.monthrange(year, month)[1]))
