"""Documents as Xero shows them, view by view. An empty nested array may stand for "not loaded", as it does there.

Views: "full" for one document by id, "paged" for lists with lines, "list" for unpaged lists without, "summary" for
summaryOnly.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.credits import KINDS, Kind, table_of
from sandbox.xero.groups import groups_of
from sandbox.xero.values import ZERO, Doc, iso_day, ms_date, ms_instant, rounded

_RATE = Decimal("0.0000000001")
_CENTS = Decimal("0.01")
_INVOICE_COPIED = (
    "Type",
    "InvoiceID",
    "InvoiceNumber",
    "Reference",
    "AmountDue",
    "AmountPaid",
    "AmountCredited",
    "SentToContact",
    "Status",
    "LineAmountTypes",
    "SubTotal",
    "TotalTax",
    "Total",
    "CurrencyCode",
    "BrandingThemeID",
    "Url",
    "RepeatingInvoiceID",
)
_INVOICE_DAYS = ("ExpectedPaymentDate", "PlannedPaymentDate", "FullyPaidOnDate")
_CREDIT_COPIED = (
    "Type",
    "Reference",
    "Status",
    "LineAmountTypes",
    "SubTotal",
    "TotalTax",
    "Total",
    "RemainingCredit",
    "CurrencyCode",
    "SentToContact",
    "BrandingThemeID",
    "CreditNoteNumber",
    "InvoiceNumber",
)
_CONTACT_SKIPPED = {"UpdatedDateUTC", "ContactPersons", "PaymentTerms", "Discount", "Website", "MergedToContactID"}
_SUMMARY_SKIPPED = {"Addresses", "IsCustomer", "IsSupplier", "SalesDefaultAccountCode"}
_ARRAYS = ("Addresses", "Phones", "ContactGroups", "ContactPersons")


def invoice(books: Books, doc: Doc, view: str, unit_places: int = 2) -> Doc:
    """An invoice with its payments and credits; lines in the "full" and "paged" views."""
    shown: Doc = {key: doc[key] for key in _INVOICE_COPIED if key in doc}
    shown |= {key: ms_date(doc[key]) for key in _INVOICE_DAYS if key in doc}
    shown |= _dates(doc)
    shown["CurrencyRate"] = doc["CurrencyRate"].quantize(_RATE)
    shown["IsDiscounted"] = False
    shown["HasErrors"] = False
    shown["Contact"] = _contact_inside(books, doc["ContactID"], view)
    for collection in KINDS:
        shown[collection] = []
    for allocation in books.allocations.find("InvoiceID", doc["InvoiceID"]):
        kind = KINDS[allocation["Source"]]
        shown[kind.collection].append(_applied_credit(books, kind, allocation, view))
    if view == "summary":
        return shown
    shown["HasAttachments"] = False
    shown["Payments"] = [_payment_inside(payment) for payment in _live_payments(books, doc["InvoiceID"])]
    shown["LineItems"] = _lines(doc, unit_places) if view in ("full", "paged") else []
    return shown


def _dates(doc: Doc) -> Doc:
    """Both forms of the document dates, and of the last change."""
    shown = {"UpdatedDateUTC": ms_instant(doc["UpdatedDateUTC"])}
    shown["UpdatedDateUTCString"] = doc["UpdatedDateUTC"].strftime("%Y-%m-%dT%H:%M:%SZ")
    for key in ("Date", "DueDate"):
        if key in doc:
            shown[key] = ms_date(doc[key])
            shown[f"{key}String"] = iso_day(doc[key])
    return shown


def _lines(doc: Doc, unit_places: int) -> list[Doc]:
    if unit_places == 4:
        return list(doc["LineItems"])
    return [
        line if line["UnitAmount"].as_tuple().exponent == -2 else {**line, "UnitAmount": _cents(line["UnitAmount"])}
        for line in doc["LineItems"]
    ]


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENTS, ROUND_HALF_UP)


def _live_payments(books: Books, document_id: str) -> Iterable[Doc]:
    return (p for p in books.payments.find("DocumentID", document_id) if p["Status"] != "DELETED")


def _payment_inside(payment: Doc) -> Doc:
    return {
        "PaymentID": payment["PaymentID"],
        "Date": ms_date(payment["Date"]),
        "Amount": payment["Amount"],
        "Reference": payment["Reference"],
        "CurrencyRate": payment["CurrencyRate"].quantize(_RATE),
        "HasAccount": False,
        "HasValidationErrors": False,
    }


def _applied_credit(books: Books, kind: Kind, allocation: Doc, view: str) -> Doc:
    """A credit inside an invoice. By id it shows the allocation's date, from a query its own: Xero's bug."""
    table = table_of(books, kind)
    source = table.rows[allocation["SourceID"]]
    on = allocation["Date"] if view == "full" else source["Date"]
    shown: Doc = {
        table.key: source[table.key],
        "ID": source[table.key],
        "AppliedAmount": allocation["Amount"],
        "Date": ms_date(on),
        "DateString": iso_day(on),
        "LineItems": [],
        "Total": source["Total"],
        "HasErrors": False,
    }
    if kind.number:
        shown[kind.number] = source[kind.number]
    return shown


def _contact_inside(books: Books, contact_id: str, view: str) -> Doc:
    stored = books.contacts.rows[contact_id]
    if view == "full":
        return contact(books, stored, "inside")
    empty: Doc = {"ContactID": contact_id, "Name": stored["Name"]}
    empty.update((array, []) for array in _ARRAYS)
    empty["HasValidationErrors"] = False
    return empty


def contact(books: Books, doc: Doc, view: str) -> Doc:
    """A contact; view "inside" is the one within a document fetched by id: without balances and terms."""
    shown: Doc = {key: value for key, value in doc.items() if key not in _CONTACT_SKIPPED and value != ""}
    shown["EmailAddress"] = doc["EmailAddress"]
    shown["UpdatedDateUTC"] = ms_instant(doc["UpdatedDateUTC"])
    shown["HasValidationErrors"] = False
    if view == "summary":
        return {key: value for key, value in shown.items() if key not in _SUMMARY_SKIPPED}
    if view == "list":
        return {**shown, "ContactGroups": [], "ContactPersons": []}
    shown["ContactPersons"] = doc["ContactPersons"]
    shown["ContactGroups"] = [group(each) for each in groups_of(books, doc["ContactID"])]
    shown["SalesTrackingCategories"] = []
    shown["PurchasesTrackingCategories"] = []
    shown["HasAttachments"] = False
    if view == "inside":
        return shown
    shown |= {key: doc[key] for key in ("PaymentTerms", "Discount", "Website", "MergedToContactID") if key in doc}
    shown["BrandingTheme"] = {key: books.theme[key] for key in ("BrandingThemeID", "Name")}
    shown["Balances"] = _balances(books, doc["ContactID"])
    return shown


def _balances(books: Books, contact_id: str) -> Doc:
    """What is owed, in the base currency; worked out at every look, so no change of it bumps the contact."""
    today = books.today()
    sums = {"ACCREC": [ZERO, ZERO], "ACCPAY": [ZERO, ZERO]}
    for doc in books.invoices.find("ContactID", contact_id):
        if doc["Status"] != "AUTHORISED":
            continue
        due = rounded(doc["AmountDue"] / doc["CurrencyRate"], books.currency)
        sums[doc["Type"]][0] += due
        if "DueDate" in doc and doc["DueDate"] < today:
            sums[doc["Type"]][1] += due
    for kind in KINDS.values():
        for doc in table_of(books, kind).find("ContactID", contact_id):
            if doc["Status"] == "AUTHORISED" and not doc["Type"].startswith(("ACCPAY", "SPEND")):
                sums["ACCREC"][0] -= rounded(doc["RemainingCredit"] / doc["CurrencyRate"], books.currency)
    return {
        name: {"Outstanding": sums[kind][0], "Overdue": sums[kind][1]}
        for name, kind in (("AccountsReceivable", "ACCREC"), ("AccountsPayable", "ACCPAY"))
    }


def group(doc: Doc, contacts: list[Doc] | None = None) -> Doc:
    """A contact group; its members only where they are given."""
    shown: Doc = {key: doc[key] for key in ("ContactGroupID", "Name", "Status")}
    members = [{"ContactID": c["ContactID"], "Name": c["Name"]} for c in contacts or ()]
    return {**shown, "Contacts": members, "HasValidationErrors": False}


def credit(books: Books, kind: Kind, doc: Doc, view: str, unit_places: int = 2) -> Doc:
    """A credit note, overpayment or prepayment with its allocations."""
    key = table_of(books, kind).key
    shown: Doc = {key: doc[key], "ID": doc[key], **{name: doc[name] for name in _CREDIT_COPIED if name in doc}}
    shown |= _dates(doc)
    shown["CurrencyRate"] = doc["CurrencyRate"].quantize(_RATE)
    shown["Contact"] = _contact_inside(books, doc["ContactID"], view)
    if "FullyPaidOnDate" in doc:
        shown["FullyPaidOnDate"] = ms_date(doc["FullyPaidOnDate"])
    shown["Allocations"] = [allocation(books, each) for each in books.allocations.find("SourceID", doc[key])]
    shown["Payments"] = [_payment_inside(payment) for payment in _live_payments(books, doc[key])]
    shown["LineItems"] = _lines(doc, unit_places) if view in ("full", "paged") else []
    shown["HasAttachments"] = False
    shown["HasErrors"] = False
    return shown


def allocation(books: Books, doc: Doc) -> Doc:
    """An allocation inside its credit."""
    target = books.invoices.rows[doc["InvoiceID"]]
    return {
        "AllocationID": doc["AllocationID"],
        "Amount": doc["Amount"],
        "Date": ms_date(doc["Date"]),
        "Invoice": {"InvoiceID": target["InvoiceID"], "InvoiceNumber": target["InvoiceNumber"]},
    }


def payment(books: Books, doc: Doc) -> Doc:
    """A payment with the document it paid, in the short form."""
    account = books.account(doc["AccountID"]) or {}
    shown: Doc = {
        "PaymentID": doc["PaymentID"],
        "Date": ms_date(doc["Date"]),
        "BankAmount": doc["BankAmount"],
        "Amount": doc["Amount"],
        "Reference": doc["Reference"],
        "CurrencyRate": doc["CurrencyRate"].quantize(_RATE),
        "PaymentType": doc["PaymentType"],
        "Status": doc["Status"],
        "UpdatedDateUTC": ms_instant(doc["UpdatedDateUTC"]),
        "UpdatedDateUTCString": doc["UpdatedDateUTC"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "HasAccount": True,
        "IsReconciled": doc["IsReconciled"],
        "Account": {key: account[key] for key in ("AccountID", "Code") if key in account},
        "HasValidationErrors": False,
    }
    if doc["BatchPaymentID"]:
        shown |= {"BatchPaymentID": doc["BatchPaymentID"], "BatchPayment": _batch(books, doc)}
    return shown | _paid_document(books, doc)


def _batch(books: Books, doc: Doc) -> Doc:
    parts = list(books.payments.find("BatchPaymentID", doc["BatchPaymentID"]))
    return {
        "Account": {"AccountID": doc["AccountID"]},
        "BatchPaymentID": doc["BatchPaymentID"],
        "Date": ms_date(doc["Date"]),
        "Type": "RECBATCH",
        "Status": doc["Status"],
        "TotalAmount": sum((part["Amount"] for part in parts), ZERO),
        "UpdatedDateUTC": ms_instant(doc["UpdatedDateUTC"]),
        "IsReconciled": doc["IsReconciled"],
    }


def _paid_document(books: Books, doc: Doc) -> Doc:
    """The paid invoice, or the refunded credit, which Xero shows as an invoice of the credit's type."""
    if doc["Collection"] == "Invoices":
        paid: Any = books.invoices.rows[doc["DocumentID"]]
        named = {"InvoiceID": paid["InvoiceID"], "InvoiceNumber": paid["InvoiceNumber"], "Type": paid["Type"]}
    else:
        kind = KINDS[doc["Collection"]]
        paid = table_of(books, kind).rows[doc["DocumentID"]]
        refunded = {"CreditNotes": "ACCRECCREDIT", "Overpayments": "AROVERPAYMENT", "Prepayments": "ARPREPAYMENT"}
        named = {
            "InvoiceID": doc["DocumentID"],
            "InvoiceNumber": paid.get(kind.number, ""),
            "Type": refunded[kind.collection],
        }
    empty: Doc = {array: [] for array in ("Payments", "CreditNotes", "Prepayments", "Overpayments", "LineItems")}
    return {
        "Invoice": {
            **named,
            **empty,
            "IsDiscounted": False,
            "HasErrors": False,
            "CurrencyCode": paid["CurrencyCode"],
            "Contact": _contact_inside(books, paid["ContactID"], "list"),
        }
    }
