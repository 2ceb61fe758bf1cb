"""Invoices: the status table, what may be edited when, and the balance.

A sales invoice is ACCREC, a bill ACCPAY. PAID is set and taken back here alone, by `settle`, as money and credits come
and go.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbox.xero.books import Books
from sandbox.xero.contacts import became, contact_of
from sandbox.xero.documents import TEXTS, WRONG_STATUS, check_lock, next_status, read_header, with_lines
from sandbox.xero.errors import Invalid, not_found
from sandbox.xero.history import note_change
from sandbox.xero.values import ZERO, Doc, is_guid, new_id

_TEXTS = {**TEXTS, "InvoiceNumber": 255}
_DAYS = ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate")
_EDITABLE_PART_PAID = {"Reference", "DueDate", "InvoiceNumber", "BrandingThemeID", "Url", "SentToContact"}
_WITHOUT_JOURNAL = {"DueDate", "SentToContact"}
"""Changing only these on a part-paid invoice makes no journal: the delta's blind spot."""
SENT_TOO_EARLY = "Only AUTHORISED invoices may have SentToContact updated."


def find_invoice(books: Books, id_or_number: str) -> Doc:
    """Raises Plain 404."""
    invoice = books.invoices.get(id_or_number.lower()) if is_guid(id_or_number) else None
    invoice = invoice or next(books.invoices.find("InvoiceNumber", id_or_number), None)
    if invoice is None:
        raise not_found()
    return invoice


def save_invoice(
    books: Books, posted: Doc, *, may_update: bool, unit_places: int = 2, app_id: str = ""
) -> tuple[Doc, list[str]]:
    """Create or update one invoice. Returns it with warnings; raises Invalid or ValueError."""
    stored = _match(books, posted, may_update=may_update)
    header = read_header(posted, _TEXTS, _DAYS)
    warnings = []
    status = next_status(stored["Status"] if stored else "", posted)
    if header.get("SentToContact") and status not in ("AUTHORISED", "PAID"):
        warnings.append(SENT_TOO_EARLY)
        del header["SentToContact"]
    if stored is None:
        return _create(books, posted, header, status, unit_places, app_id), warnings
    if stored["Type"] == "ACCREC" and header.get("InvoiceNumber"):
        check_number(books, header["InvoiceNumber"], own_id=stored["InvoiceID"])
    if status in ("VOIDED", "DELETED"):
        return remove(books, stored, status), warnings
    return _update(books, stored, posted, header, status, unit_places), warnings


def _match(books: Books, posted: Doc, *, may_update: bool) -> Doc | None:
    """The stored invoice that a POST means, by id or number; a PUT means none. Raises Invalid."""
    invoice_id, number = posted.get("InvoiceID"), posted.get("InvoiceNumber")
    stored = None
    if invoice_id:
        stored = books.invoices.get(str(invoice_id).lower())
        if stored is None:
            raise Invalid([f"Invoice with InvoiceID {invoice_id} could not be found"])
    elif may_update and number:
        live = (i for i in books.invoices.find("InvoiceNumber", number) if i["Status"] not in ("DELETED", "VOIDED"))
        stored = next(live, None)
    if stored is not None and not may_update:
        raise Invalid(["Invoice # must be unique."])
    return stored


def check_number(books: Books, number: str, own_id: str = "") -> None:
    """Sales invoice numbers are unique, deleted ones aside. Raises Invalid."""
    if not number.isascii() or not number.isprintable():
        raise Invalid(["Invoice # must be printable ASCII."])
    for other in books.invoices.find("InvoiceNumber", number):
        if other["InvoiceID"] != own_id and other["Type"] == "ACCREC" and other["Status"] != "DELETED":
            raise Invalid(["Invoice # must be unique."])


def _create(books: Books, posted: Doc, header: Doc, status: str, unit_places: int, app_id: str) -> Doc:
    kind = posted.get("Type")
    if kind not in ("ACCREC", "ACCPAY"):
        raise Invalid(["Invoice Type is not valid"])
    contact = contact_of(books, posted.get("Contact"))
    currency = header.get("CurrencyCode") or contact["DefaultCurrency"] or books.currency
    number = header.get("InvoiceNumber", "")
    if kind == "ACCREC" and number:
        check_number(books, number)
    doc = new_invoice(books, kind, contact["ContactID"], currency, status)
    doc |= {key: value for key, value in header.items() if value != ""}
    doc["InvoiceNumber"] = number or (next_number(books) if kind == "ACCREC" else "")
    doc["_app"] = app_id
    doc = with_lines(books, doc, posted, unit_places)
    doc["AmountDue"] = doc["Total"]
    check_approval(books, doc)
    check_lock(books, doc["Date"])
    return enter(books, doc)


def new_invoice(books: Books, kind: str, contact_id: str, currency: str, status: str) -> Doc:
    """An empty invoice of today, without lines or number."""
    return {
        "Type": kind,
        "InvoiceID": new_id(),
        "InvoiceNumber": "",
        "Reference": "",
        "ContactID": contact_id,
        "Date": books.today(),
        "Status": status,
        "LineAmountTypes": "Exclusive",
        "LineItems": [],
        "SubTotal": ZERO,
        "TotalTax": ZERO,
        "Total": ZERO,
        "AmountDue": ZERO,
        "AmountPaid": ZERO,
        "AmountCredited": ZERO,
        "SentToContact": False,
        "CurrencyCode": currency,
        "CurrencyRate": books.rate(currency),
        "BrandingThemeID": books.theme["BrandingThemeID"],
    }


def next_number(books: Books) -> str:
    """The next free number of the organisation's own sequence."""
    while True:
        books.numbers["Invoices"] += 1
        number = f"INV-{books.numbers['Invoices']:04d}"
        if next(books.invoices.find("InvoiceNumber", number), None) is None:
            return number


def enter(books: Books, doc: Doc) -> Doc:
    """Put a new invoice into the books."""
    stored = books.put(books.invoices, doc)
    became(books, doc["ContactID"], "IsCustomer" if doc["Type"] == "ACCREC" else "IsSupplier")
    note_change(books, "Invoices", doc["InvoiceID"], "Created", f"{doc['InvoiceNumber']} for {doc['Total']}.")
    return stored


def check_approval(books: Books, doc: Doc) -> None:
    """Drafts may be incomplete; what is approved may not. Raises Invalid."""
    if doc["Status"] not in ("AUTHORISED", "SUBMITTED"):
        return
    problems = []
    if not doc["LineItems"] or any(not line["Description"] for line in doc["LineItems"]):
        problems.append("One or more line items must be specified, each with a Description")
    if any("AccountCode" not in line for line in doc["LineItems"]):
        problems.append("Account code must be specified")
    if "DueDate" not in doc and books.switches.due_date_needed:
        problems.append("Due Date cannot be empty")
    if doc["Total"] < 0:
        problems.append("The document total cannot be negative")
    if problems:
        raise Invalid(problems)


def _update(books: Books, stored: Doc, posted: Doc, header: Doc, status: str, unit_places: int) -> Doc:
    has_money = stored["AmountPaid"] > 0 or stored["AmountCredited"] > 0
    changes = {key: value for key, value in header.items() if stored.get(key) != value}
    if posted.get("Contact"):
        contact_id = contact_of(books, posted["Contact"])["ContactID"]
        if contact_id != stored["ContactID"]:
            changes["ContactID"] = contact_id
    if has_money or stored["Status"] == "PAID":
        _check_part_paid(books, stored, changes, posted)
    doc = {**stored, **changes, "Status": status}
    if "CurrencyCode" in changes and "CurrencyRate" not in changes:
        doc["CurrencyRate"] = books.rate(doc["CurrencyCode"])
    doc = _with_texts(books, doc, posted) if has_money else with_lines(books, doc, posted, unit_places)
    doc["AmountDue"] = doc["Total"] - doc["AmountPaid"] - doc["AmountCredited"]
    if doc == stored:
        return stored
    check_approval(books, doc)
    check_lock(books, stored["Date"], doc["Date"])
    note_change(books, "Invoices", doc["InvoiceID"], "Edited", f"{doc['InvoiceNumber']} for {doc['Total']}.")
    if has_money and changes and set(changes) <= _WITHOUT_JOURNAL and doc["LineItems"] == stored["LineItems"]:
        return books.put_quietly(books.invoices, doc)
    return books.put(books.invoices, doc)


def _check_part_paid(books: Books, stored: Doc, changes: Doc, posted: Doc) -> None:
    """Once something is applied only a few fields may change. Raises Invalid."""
    allowed = set(_EDITABLE_PART_PAID)
    if books.switches.expected_date_on_part_paid:
        allowed.add("ExpectedPaymentDate")
    if not stored["AmountCredited"]:
        allowed.add("ContactID")
    if set(changes) - allowed:
        raise Invalid([f"{WRONG_STATUS}: {', '.join(sorted(set(changes) - allowed))} cannot be changed"])
    if "LineItems" in posted:
        kept = {line["LineItemID"] for line in stored["LineItems"]}
        if {line.get("LineItemID") for line in posted["LineItems"]} != kept:
            raise Invalid([f"{WRONG_STATUS}: lines cannot be added or removed"])


def _with_texts(books: Books, doc: Doc, posted: Doc) -> Doc:
    """Of the lines of a part-paid invoice only description, account and tracking may change."""
    by_id = {line.get("LineItemID"): line for line in posted.get("LineItems", ())}
    lines = []
    for line in doc["LineItems"]:
        wanted = by_id.get(line["LineItemID"], {})
        changed = {**line, **{key: wanted[key] for key in ("Description", "Tracking") if wanted.get(key)}}
        account = books.account(str(wanted.get("AccountCode", "")))
        if account is not None:
            changed |= {"AccountCode": account["Code"], "AccountID": account["AccountID"]}
        lines.append(changed)
    return {**doc, "LineItems": lines}


def remove(books: Books, stored: Doc, status: str) -> Doc:
    """Void or delete. Raises Invalid while anything is applied."""
    if stored["AmountPaid"] or stored["AmountCredited"]:
        raise Invalid([WRONG_STATUS])
    check_lock(books, stored["Date"])
    note_change(books, "Invoices", stored["InvoiceID"], status.capitalize(), f"{stored['InvoiceNumber']}.")
    due = stored["AmountDue"] if status == "DELETED" else ZERO
    return books.put(books.invoices, {**stored, "Status": status, "AmountDue": due})


def settle(books: Books, invoice_id: str, *, paid: Decimal = ZERO, credited: Decimal = ZERO, on: date) -> Doc:
    """Money or credit was applied (or, negative, taken back) on a day: the balance and the status follow."""
    invoice = books.invoices.rows[invoice_id]
    doc = {
        **invoice,
        "AmountPaid": invoice["AmountPaid"] + paid,
        "AmountCredited": invoice["AmountCredited"] + credited,
        "AmountDue": invoice["AmountDue"] - paid - credited,
    }
    if doc["AmountDue"] == 0:
        doc |= {"Status": "PAID", "FullyPaidOnDate": on}
    else:
        doc["Status"] = "AUTHORISED"
        doc.pop("FullyPaidOnDate", None)
    return books.put(books.invoices, doc, is_heard=books.switches.payment_fires_event or not paid)
