"""One organisation as its bookkeeper works it: `sandbox.company.SandboxCompany` over Xero's books.

Acts go through the same rules as the API's, so nothing gets into the books that Xero would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sandbox.company import OpenInvoice
from sandbox.xero import loading
from sandbox.xero.bank import receive
from sandbox.xero.books import Books, Mail
from sandbox.xero.contacts import save_contact
from sandbox.xero.credits import CREDIT_NOTE, OVERPAYMENT, PREPAYMENT, allocate, new_credit
from sandbox.xero.credits import next_number as next_credit_number
from sandbox.xero.documents import plain_lines
from sandbox.xero.groups import active_groups
from sandbox.xero.history import notes
from sandbox.xero.invoices import check_number, enter, new_invoice, next_number, remove
from sandbox.xero.payments import pay
from sandbox.xero.values import Doc, new_id, rounded

_COLLECTIONS = {"invoice": "Invoices", "customer": "Contacts"}


class XeroCompany:
    """An organisation in the sandbox. `books` is what the API answers from."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.external_id = books.tenant_id
        self.name, self.country = books.name, books.country
        self.currency, self.time_zone = books.currency, books.time_zone

    @property
    def outbox(self) -> list[Mail]:
        """Mails that Xero itself sent, oldest first."""
        return self.books.outbox

    def load(self, entity: str, documents: Sequence[Doc]) -> int:
        """Take over documents in Xero's own JSON shape.

        `entity` is Contact, Invoice, CreditNote, Overpayment, Prepayment, Payment or Account.
        Returns how many. See `sandbox.xero.loading` for what is taken as it stands.
        """
        return loading.load(self.books, entity, documents)

    def add_customer(
        self,
        name: str,
        email: str = "",
        *,
        people: Sequence[tuple[str, str]] = (),
        phone: str = "",
        city: str = "",
        currency: str = "",
        term_days: int = 30,
        discount: tuple[Decimal, int] | None = None,
    ) -> str:
        """Xero's terms carry no early-payment discount: `discount` cannot be kept. Raises Invalid for a taken name."""
        del discount
        posted: Doc = {
            "Name": name,
            "EmailAddress": email,
            "DefaultCurrency": currency or self.currency,
            "PaymentTerms": {"Sales": _terms(term_days)},
            "ContactPersons": [_person(each, address) for each, address in people],
        }
        if phone:
            posted["Phones"] = [{"PhoneType": "DEFAULT", "PhoneNumber": phone}]
        if city:
            posted["Addresses"] = [{"AddressType": "POBOX", "City": city}]
        with self.books.change():
            return str(save_contact(self.books, posted, may_update=False)["ContactID"])

    def add_invoice(
        self,
        customer_id: str,
        lines: Sequence[tuple[str, Decimal]],
        *,
        issued_on: date,
        due_on: date,
        number: str = "",
        is_draft: bool = False,
        is_sent: bool = True,
    ) -> str:
        books = self.books
        currency = books.contacts.rows[customer_id]["DefaultCurrency"] or self.currency
        doc = new_invoice(books, "ACCREC", customer_id, currency, "DRAFT" if is_draft else "AUTHORISED")
        doc |= plain_lines(books, _sales_lines(lines), doc["LineAmountTypes"], currency)
        doc |= {
            "Date": issued_on,
            "DueDate": due_on,
            "AmountDue": doc["Total"],
            "SentToContact": is_sent and not is_draft,
        }
        with books.change():
            if number:
                check_number(books, number)
            doc["InvoiceNumber"] = number or next_number(books)
            return str(enter(books, doc)["InvoiceID"])

    def receive_payment(
        self, customer_id: str, amount: Decimal, paid_on: date, applied: Mapping[str, Decimal], reference: str = ""
    ) -> str:
        """Several invoices at once make a batch. The rest is an overpayment, or a prepayment where nothing was applied.

        Returns the id of the first payment, or of the overpayment or prepayment. Raises Invalid.
        """
        books = self.books
        parts = {invoice_id: part for invoice_id, part in applied.items() if part}
        batch_id = new_id() if len(parts) > 1 else ""
        rest = amount - sum(parts.values(), Decimal(0))
        first = ""
        with books.change():
            for invoice_id, part in parts.items():
                invoice = books.invoices.rows[invoice_id]
                payment = pay(books, "Invoices", invoice, books.bank(), part, paid_on, reference, batch_id)
                first = first or payment["PaymentID"]
            if rest > 0:
                kind = OVERPAYMENT if parts else PREPAYMENT
                currency = books.contacts.rows[customer_id]["DefaultCurrency"] or self.currency
                credit = receive(books, kind, customer_id, currency, rest, paid_on, f"{kind.word} received", reference)
                first = first or credit[f"{kind.word}ID"]
        return first

    def add_credit_note(
        self,
        customer_id: str,
        amount: Decimal,
        issued_on: date,
        applied: Mapping[str, Decimal],
        description: str = "Credit",
    ) -> str:
        books = self.books
        currency = books.contacts.rows[customer_id]["DefaultCurrency"] or self.currency
        doc = {
            **new_credit(books, CREDIT_NOTE, customer_id, currency),
            "LineAmountTypes": "Inclusive",
            "Date": issued_on,
        }
        line = {"Description": description, "UnitAmount": rounded(amount, currency), "AccountCode": "200"}
        doc |= plain_lines(books, [line], "Inclusive", currency)
        doc |= {"CreditNoteNumber": next_credit_number(books), "RemainingCredit": doc["Total"]}
        with books.change():
            note = books.put(books.credit_notes, doc)
            for invoice_id, part in applied.items():
                allocate(books, CREDIT_NOTE, note, invoice_id, part)
        return str(note["CreditNoteID"])

    def void_invoice(self, invoice_id: str) -> None:
        """Raises Invalid while anything is applied to it."""
        with self.books.change():
            remove(self.books, self.books.invoices.rows[invoice_id], "VOIDED")

    def delete_invoice(self, invoice_id: str) -> None:
        """A draft is deleted; an approved invoice can only be voided, and is."""
        invoice = self.books.invoices.rows[invoice_id]
        with self.books.change():
            remove(self.books, invoice, "DELETED" if invoice["Status"] in ("DRAFT", "SUBMITTED") else "VOIDED")

    def change_due_date(self, invoice_id: str, due_on: date) -> None:
        """On a part-paid invoice this makes no journal, so no delta shows it."""
        invoice = self.books.invoices.rows[invoice_id]
        changed = {**invoice, "DueDate": due_on}
        with self.books.change():
            if invoice["AmountPaid"] or invoice["AmountCredited"]:
                self.books.put_quietly(self.books.invoices, changed)
            else:
                self.books.put(self.books.invoices, changed)

    def change_email(self, customer_id: str, email: str) -> None:
        self._change_contact(customer_id, EmailAddress=email)

    def archive_customer(self, customer_id: str) -> None:
        self._change_contact(customer_id, ContactStatus="ARCHIVED")

    def _change_contact(self, customer_id: str, **changes: str) -> None:
        with self.books.change():
            self.books.put(self.books.contacts, {**self.books.contacts.rows[customer_id], **changes})

    def open_invoices(self, customer_id: str | None = None) -> Sequence[OpenInvoice]:
        invoices = self.books.invoices
        with self.books.lock:
            rows = list(invoices.rows.values() if customer_id is None else invoices.find("ContactID", customer_id))
        return [
            OpenInvoice(
                id=doc["InvoiceID"],
                number=doc["InvoiceNumber"],
                customer_id=doc["ContactID"],
                issued_on=doc["Date"],
                due_on=doc.get("DueDate", doc["Date"]),
                total=doc["Total"],
                balance=doc["AmountDue"],
            )
            for doc in rows
            if doc["Type"] == "ACCREC" and doc["Status"] == "AUTHORISED" and doc["AmountDue"] > 0
        ]

    def notes_on(self, entity: str, entity_id: str) -> Sequence[str]:
        return notes(self.books, _COLLECTIONS[entity], entity_id)

    def customers_on_hold(self) -> Sequence[str]:
        """Members of every group with "hold" in its name: Xero itself knows no hold."""
        held = (group["Members"] for group in active_groups(self.books) if "hold" in group["Name"].casefold())
        return list(dict.fromkeys(member for members in held for member in members))


def _terms(days: int) -> Doc:
    """Xero's day counts end at 31: longer terms are kept as whole months."""
    if days <= 31:
        return {"Day": days, "Type": "DAYSAFTERBILLDATE"}
    return {"Day": min(days - 30, 31), "Type": "DAYSAFTERBILLMONTH"}


def _person(name: str, address: str) -> Doc:
    first, _, last = name.partition(" ")
    return {"FirstName": first, "LastName": last, "EmailAddress": address, "IncludeInEmails": True}


def _sales_lines(lines: Sequence[tuple[str, Decimal]]) -> list[Doc]:
    return [{"Description": text, "UnitAmount": amount, "AccountCode": "200"} for text, amount in lines]
