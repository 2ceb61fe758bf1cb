"""What PUT, POST and DELETE do. PUT creates only; POST creates or updates. Both answer 200."""

from __future__ import annotations

from flask import Response

from sandbox.xero import contacts, credits, groups, invoices, payments, render
from sandbox.xero.bank import save_bank_transaction, show_bank_transaction
from sandbox.xero.calls import Call
from sandbox.xero.credits import CREDIT_NOTE, KINDS
from sandbox.xero.email import email_invoice
from sandbox.xero.errors import json_response
from sandbox.xero.history import add_notes
from sandbox.xero.reads import target
from sandbox.xero.values import Doc, ms_date


def save_invoices(call: Call) -> Response:
    books, places = call.books, call.unit_places
    stored_id = invoices.find_invoice(books, call.segments[1])["InvoiceID"] if len(call.segments) > 1 else ""

    def save(posted: Doc) -> tuple[Doc, list[str]]:
        posted = {**posted, "InvoiceID": stored_id} if stored_id else posted
        may_update = call.method == "POST"
        return invoices.save_invoice(
            books, posted, may_update=may_update, unit_places=places, app_id=call.app.client_id
        )

    return call.write("Invoices", save, lambda doc: render.invoice(books, doc, "full", places), "InvoiceID")


def save_contacts(call: Call) -> Response:
    books = call.books
    stored_id = contacts.find_contact(books, call.segments[1])["ContactID"] if len(call.segments) > 1 else ""

    def save(posted: Doc) -> tuple[Doc, list[str]]:
        posted = {**posted, "ContactID": stored_id} if stored_id else posted
        return contacts.save_contact(books, posted, may_update=call.method == "POST"), []

    return call.write("Contacts", save, lambda doc: render.contact(books, doc, "full"), "ContactID")


def save_credit_notes(call: Call) -> Response:
    books, places = call.books, call.unit_places
    addressed = credits.find_credit(books, CREDIT_NOTE, call.segments[1]) if len(call.segments) > 1 else None

    def save(posted: Doc) -> tuple[Doc, list[str]]:
        posted = {**posted, "CreditNoteID": addressed["CreditNoteID"]} if addressed else posted
        may_update = call.method == "POST"
        return credits.save_credit_note(books, posted, may_update=may_update, unit_places=places), []

    return call.write(
        "CreditNotes", save, lambda doc: render.credit(books, CREDIT_NOTE, doc, "full", places), "CreditNoteID"
    )


def create_payments(call: Call) -> Response:
    books = call.books
    return call.write(
        "Payments",
        lambda posted: (payments.create_payment(books, posted), []),
        lambda doc: render.payment(books, doc),
        "PaymentID",
    )


def delete_payment(call: Call) -> Response:
    books = call.books
    stored = payments.find_payment(books, call.segments[1])
    return call.write(
        "Payments",
        lambda posted: (payments.delete_payment(books, stored, posted), []),
        lambda doc: render.payment(books, doc),
        "PaymentID",
    )


def allocate(call: Call) -> Response:
    """The answer's allocation names its credit and carries no AllocationID, as in Xero's own example."""
    books, kind = call.books, KINDS[_kind(call)]
    source = credits.find_credit(books, kind, call.segments[1])
    key = credits.table_of(books, kind).key

    def save(posted: Doc) -> tuple[Doc, list[str]]:
        return credits.allocate(books, kind, source, *credits.read_allocation(books, posted)), []

    def show(allocation: Doc) -> Doc:
        shown = render.allocation(books, allocation)
        del shown["AllocationID"]
        return {**shown, kind.word: {key: source[key]}}

    return call.write("Allocations", save, show, "AllocationID")


def _kind(call: Call) -> str:
    return next(name for name in KINDS if name.lower() == call.segments[0].lower())


def take_back(call: Call) -> Response:
    """Answers with a bare object, which the official SDK cannot model."""
    books, kind = call.books, KINDS[_kind(call)]
    source = credits.find_credit(books, kind, call.segments[1])
    with books.change():
        allocation = credits.take_back(books, kind, source, call.segments[3].lower())
    return json_response(
        {
            "AllocationID": allocation["AllocationID"],
            "Date": ms_date(allocation["Date"]),
            "Invoice": {"InvoiceID": allocation["InvoiceID"]},
            "IsDeleted": True,
        }
    )


def add_history(call: Call) -> Response:
    table, doc = target(call)
    posted = call.elements("HistoryRecords")
    with call.books.change():
        added = add_notes(call.books, table, doc[table.key], posted)
    return call.answer("HistoryRecords", added)


def send_email(call: Call) -> Response:
    invoice = invoices.find_invoice(call.books, call.segments[1])
    with call.books.change():
        email_invoice(call.books, invoice)
    return Response(b"", 204)


def create_groups(call: Call) -> Response:
    books = call.books
    return call.write(
        "ContactGroups", lambda posted: (groups.create_group(books, posted), []), render.group, "ContactGroupID"
    )


def update_group(call: Call) -> Response:
    books = call.books
    stored = groups.find_group(books, call.segments[1])
    return call.write(
        "ContactGroups",
        lambda posted: (groups.update_group(books, stored, posted), []),
        render.group,
        "ContactGroupID",
    )


def add_members(call: Call) -> Response:
    books = call.books
    group = groups.find_group(books, call.segments[1])
    posted = call.elements("Contacts")
    with books.change():
        groups.add_members(books, group, posted)
    members = [books.contacts.rows[str(contact["ContactID"]).lower()] for contact in posted]
    return call.answer("Contacts", [{"ContactID": c["ContactID"], "Name": c["Name"]} for c in members])


def remove_member(call: Call) -> Response:
    with call.books.change():
        groups.remove_member(call.books, groups.find_group(call.books, call.segments[1]), call.segments[3].lower())
    return Response(b"", 204)


def remove_members(call: Call) -> Response:
    with call.books.change():
        groups.remove_all(call.books, groups.find_group(call.books, call.segments[1]))
    return Response(b"", 204)


def save_bank_transactions(call: Call) -> Response:
    books = call.books
    return call.write(
        "BankTransactions",
        lambda posted: (save_bank_transaction(books, posted), []),
        lambda doc: show_bank_transaction(books, doc),
        "BankTransactionID",
    )
