"""What GET answers: lists, single documents, and the organisation's settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import Response

from sandbox.xero import render
from sandbox.xero.books import Books
from sandbox.xero.calls import Call
from sandbox.xero.chart import VERSIONS
from sandbox.xero.contacts import find_contact
from sandbox.xero.credits import KINDS, find_credit, table_of
from sandbox.xero.errors import invalid, not_found
from sandbox.xero.groups import active_groups, find_group
from sandbox.xero.history import records
from sandbox.xero.invoices import find_invoice
from sandbox.xero.listing import Listed, bound_of, list_rows
from sandbox.xero.payments import find_payment
from sandbox.xero.tables import Table
from sandbox.xero.values import Doc, ms_date, ms_instant
from sandbox.xero.zones import xero_zone

_ACTIONS = (
    "CreateApprovedInvoice",
    "CreateInvoicePayment",
    "CreateDraftInvoice",
    "UseMulticurrency",
    "CreateApprovedBill",
)


def _list(call: Call, table: Table, show: Callable[[Doc, Listed], Doc]) -> Response:
    listed = list_rows(call.books, table, call.asked)
    is_delta = bound_of(call.books, call.asked) is not None
    if is_delta and not listed.rows and call.books.switches.not_modified_status == 304:
        return Response(b"", 304)
    return call.answer(table.name, [show(row, listed) for row in listed.rows], listed.pagination)


def invoices(call: Call) -> Response:
    books = call.books
    return _list(call, books.invoices, lambda row, listed: render.invoice(books, row, listed.view, call.unit_places))


def invoice(call: Call) -> Response:
    doc = find_invoice(call.books, call.segments[1])
    return call.answer("Invoices", [render.invoice(call.books, doc, "full", call.unit_places)])


def online_invoice(call: Call) -> Response:
    doc = find_invoice(call.books, call.segments[1])
    if doc["Type"] != "ACCREC" or doc["Status"] in ("DRAFT", "DELETED"):
        raise invalid("Online invoices exist for approved sales invoices only")
    url = f"https://in.xero.com/{doc['InvoiceID'].replace('-', '')[:24]}"
    return call.answer("OnlineInvoices", [{"OnlineInvoiceUrl": url}])


def contacts(call: Call) -> Response:
    return _list(call, call.books.contacts, lambda row, listed: render.contact(call.books, row, listed.view))


def contact(call: Call) -> Response:
    doc = find_contact(call.books, call.segments[1])
    return call.answer("Contacts", [render.contact(call.books, doc, "full")])


def credits_of(call: Call) -> Response:
    """CreditNotes, Overpayments, Prepayments."""
    books, kind = call.books, KINDS[_collection(call)]
    return _list(
        call, table_of(books, kind), lambda row, listed: render.credit(books, kind, row, listed.view, call.unit_places)
    )


def credit(call: Call) -> Response:
    kind = KINDS[_collection(call)]
    doc = find_credit(call.books, kind, call.segments[1])
    return call.answer(kind.collection, [render.credit(call.books, kind, doc, "full", call.unit_places)])


def payments(call: Call) -> Response:
    return _list(call, call.books.payments, lambda row, _listed: render.payment(call.books, row))


def payment(call: Call) -> Response:
    return call.answer("Payments", [render.payment(call.books, find_payment(call.books, call.segments[1]))])


def history(call: Call) -> Response:
    table, doc = target(call)
    return call.answer("HistoryRecords", records(call.books, table.name, doc[table.key]))


def target(call: Call) -> tuple[Table, Doc]:
    """The document that a side resource hangs on. Raises Plain 404."""
    books, name, id_ = call.books, _collection(call), call.segments[1]
    match name:
        case "Invoices":
            return books.invoices, find_invoice(books, id_)
        case "Contacts":
            return books.contacts, find_contact(books, id_)
        case "Payments":
            return books.payments, find_payment(books, id_)
        case _ if name in KINDS:
            return table_of(books, KINDS[name]), find_credit(books, KINDS[name], id_)
    raise not_found()


def _collection(call: Call) -> str:
    """The collection that the path names, in Xero's own spelling."""
    return _SPELT.get(call.segments[0].lower(), "")


_SPELT = {name.lower(): name for name in ("Invoices", "Contacts", "Payments", *KINDS)}


def groups(call: Call) -> Response:
    return call.answer("ContactGroups", [render.group(group) for group in active_groups(call.books)])


def group(call: Call) -> Response:
    doc = find_group(call.books, call.segments[1])
    members = [call.books.contacts.rows[member] for member in doc["Members"]]
    return call.answer("ContactGroups", [render.group(doc, members)])


def organisation(call: Call) -> Response:
    return call.answer("Organisations", [_organisation(call.books)])


def _organisation(books: Books) -> Doc:
    shown: Doc = {
        "Name": books.name,
        "LegalName": books.name,
        "PaysTax": True,
        "Version": VERSIONS.get(books.country, "GLOBAL"),
        "OrganisationType": "COMPANY",
        "BaseCurrency": books.currency,
        "CountryCode": books.country,
        "IsDemoCompany": books.switches.plan == "DEMO",
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 3,
        "SalesTaxBasis": "ACCRUALS",
        "SalesTaxPeriod": "TWOMONTHS",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Inclusive",
        "CreatedDateUTC": ms_instant(books.created_at).replace("+0000", ""),
        "OrganisationEntityType": "COMPANY",
        "Timezone": xero_zone(books.time_zone),
        "ShortCode": books.short_code,
        "OrganisationID": books.tenant_id,
        "Edition": "BUSINESS",
        "Class": books.switches.plan,
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
    }
    if books.switches.lock_on is not None:
        shown["PeriodLockDate"] = ms_date(books.switches.lock_on)
    return shown


def actions(call: Call) -> Response:
    denied = call.books.switches.denied_actions
    return call.answer(
        "Actions", [{"Name": name, "Status": "NOT-ALLOWED" if name in denied else "ALLOWED"} for name in _ACTIONS]
    )


def branding_themes(call: Call) -> Response:
    theme = call.books.theme
    shown = {**theme, "CreatedDateUTC": ms_instant(theme["CreatedDateUTC"]).replace("+0000", "")}
    return call.answer("BrandingThemes", [shown])


def currencies(call: Call) -> Response:
    books = call.books
    known = dict.fromkeys(
        [books.currency, *books.switches.rates, *(c["DefaultCurrency"] for c in books.contacts.rows.values())]
    )
    return call.answer("Currencies", [{"Code": code, "Description": code} for code in known if code])


def accounts(call: Call) -> Response:
    at = ms_instant(call.books.created_at)
    return call.answer("Accounts", [{**account, "UpdatedDateUTC": at} for account in call.books.accounts])


def tax_rates(call: Call) -> Response:
    return call.answer("TaxRates", call.books.tax_rates)


def users(call: Call) -> Response:
    first, _, last = call.books.user_name.partition(" ")
    user = {
        "UserID": call.books.tenant_id,
        "EmailAddress": "mia.cole@books.example",
        "FirstName": first,
        "LastName": last,
        "UpdatedDateUTC": ms_instant(call.books.created_at),
        "IsSubscriber": True,
        "OrganisationRole": "STANDARD",
    }
    return call.answer("Users", [user])


def repeating_invoices(call: Call) -> Response:
    return call.answer("RepeatingInvoices", [])


def reminder_settings(call: Call) -> Response:
    return call.answer("InvoiceReminders", [{"Enabled": call.books.switches.reminders_enabled}])


def aged_receivables(call: Call) -> Response:
    """One contact's open sales invoices, aged as of a day: rows of texts."""
    books = call.books
    wanted = call.asked.query.get("contactid", "")
    person = find_contact(books, wanted)
    as_of = books.today()
    rows: list[Any] = [
        _row("Header", ["Date", "Reference", "Due Date", "Overdue", "Currency", "Total", "Paid", "Credited", "Due"])
    ]
    open_rows = []
    for doc in books.invoices.find("ContactID", person["ContactID"]):
        if doc["Type"] == "ACCREC" and doc["Status"] == "AUTHORISED":
            overdue = max((as_of - doc.get("DueDate", as_of)) // timedelta(days=1), 0)
            amounts = [doc["CurrencyCode"], doc["Total"], doc["AmountPaid"], doc["AmountCredited"], doc["AmountDue"]]
            open_rows.append(
                _row(
                    "Row",
                    [doc["Date"], doc["InvoiceNumber"], doc.get("DueDate", ""), overdue, *amounts],
                    doc["InvoiceID"],
                )
            )
    rows.append({"RowType": "Section", "Title": "", "Rows": open_rows})
    report = {
        "ReportID": "AgedReceivablesByContact",
        "ReportName": "Aged Receivables By Contact",
        "ReportType": "AgedReceivablesByContact",
        "ReportTitles": ["Invoices", f"From the beginning to {as_of}", person["Name"]],
        "ReportDate": as_of.strftime("%d %B %Y"),
        "UpdatedDateUTC": ms_instant(books.now()),
        "Rows": rows,
    }
    return call.answer("Reports", [report])


def _row(kind: str, values: Sequence[object], invoice_id: str = "") -> Doc:
    attributes = {"Attributes": [{"Id": "invoiceID", "Value": invoice_id}]} if invoice_id else {}
    return {"RowType": kind, "Cells": [{"Value": str(value), **attributes} for value in values]}
