"""A QuickBooks Online company: its books, its limits, and its bookkeeper, who works in the platform's user interface.

The bookkeeper writes through the same rules as the API: what the world does is what an API client could see done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.company import OpenInvoice
from sandbox.quickbooks import sending, starting
from sandbox.quickbooks.desk import Desk, Office
from sandbox.quickbooks.encode import Document, decode, encode
from sandbox.quickbooks.entities import ENTITIES, applying
from sandbox.quickbooks.limits import Limits
from sandbox.quickbooks.requestids import RequestIds
from sandbox.quickbooks.settings import SentMail
from sandbox.quickbooks.times import stamp, to_milliseconds
from sandbox.quickbooks.writing import PLAIN, Operation, write

SALES_ITEM = "1"
_ON_HOLD = re.compile(r"\bcredit hold\b|\bon hold\b", re.IGNORECASE)


class QuickBooksCompany:
    """Fits `sandbox.company.SandboxCompany`. Ids are the platform's; amounts are in the document's currency."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.books, self.switches = office.books, office.switches
        self.external_id, self.name = office.external_id, office.name
        self.country, self.currency, self.time_zone = office.country, office.currency, office.time_zone
        self.limits = Limits(self.switches)
        self.request_ids = RequestIds()
        self.outbox: list[SentMail] = []
        """Mails that the platform itself sent, oldest first."""
        starting.stock(office)

    def write(self, entity: str, body: Document, operation: Operation = PLAIN) -> Document:
        """Write through the API's own rules. Raises answers.Refusal."""
        return write(self.office, ENTITIES[entity], body, operation)

    def document(self, entity: str, id: str) -> Document:
        """Raises KeyError for one that is not there."""
        found = self.books.get(entity, id)
        if found is None:
            raise KeyError(f"{entity} {id}")
        return found

    def documents(self, entity: str) -> list[Document]:
        """All documents of a kind, oldest first."""
        return [record.document for record in self.books.records(entity)]

    def load(self, entity: str, documents: Iterable[Mapping[str, Any]]) -> None:
        """Put documents in as they are, in the platform's own JSON shape: Ids, balances and MetaData are kept.

        Raises KeyError for an entity that is not known, TypeError for a float.
        """
        if entity not in ENTITIES:
            raise KeyError(entity)
        for document in documents:
            _refuse_floats(document)
            self.books.load(entity, decode(encode(document)))

    def prefer(self, group: str, **settings: Any) -> None:
        """Change preferences as the owner does, such as `prefer("AccountingInfoPrefs", BookCloseDate="2025-12-31")`."""
        current = self.document("Preferences", "1")
        with self.books.change() as change:
            change.put("Preferences", current | {group: (current.get(group) or {}) | settings})

    def end_subscription(self, status: str = "EXPIRED") -> None:
        """Make the company read-only: writes are refused with 6190, CompanyInfo says so."""
        self.switches.subscription_status = status
        starting.tell_status(self.office)

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
        """The platform has one address field and no further people: their addresses go into it, separated by commas."""
        address = ", ".join(filter(None, (email, *(theirs for _, theirs in people))))
        body: Document = {"DisplayName": name, "CompanyName": name[:100], "PreferredDeliveryMethod": "Email"}
        body |= {"PrimaryEmailAddr": {"Address": address}, "PrimaryPhone": {"FreeFormNumber": phone}}
        body |= {"BillAddr": {"Line1": name, "City": city}, "SalesTermRef": {"value": self._term(term_days, discount)}}
        body |= {"CurrencyRef": {"value": currency or self.currency}}
        return str(self.write("Customer", body)["Id"])

    def _term(self, days: int, discount: tuple[Decimal, int] | None) -> str:
        """The id of the term, made when there is none like it yet."""
        name = f"Net {days}" if days else "Due on receipt"
        body: Document = {"DueDays": days}
        if discount is not None:
            name = f"{discount[0].normalize():f}% {discount[1]} Net {days}"
            body |= {"DiscountPercent": discount[0], "DiscountDays": discount[1]}
        for record in self.books.records("Term"):
            if record.document["Name"] == name:
                return str(record.document["Id"])
        return str(self.write("Term", body | {"Name": name})["Id"])

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
        """The platform has no drafts: a draft is an invoice that nobody has sent yet."""
        code = {"value": "TAX" if self.country == "US" else "2"}
        detail = {"ItemRef": {"value": SALES_ITEM}} | ({} if self.country == "US" else {"TaxCodeRef": code})
        sold = [
            {"Description": text, "Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
            for text, amount in lines
        ]
        body: Document = {"CustomerRef": {"value": customer_id}, "Line": sold, "DocNumber": number}
        body |= {"TxnDate": issued_on.isoformat(), "DueDate": due_on.isoformat()}
        body |= self._currency_of(customer_id)
        document = self.write("Invoice", body)
        if is_sent and not is_draft and "BillEmail" in document:
            self._mark_sent(document)
        return str(document["Id"])

    def _mark_sent(self, document: Document) -> None:
        delivery = {"DeliveryType": "Email", "DeliveryTime": stamp(to_milliseconds(self.books.clock.now()))}
        sent = document | {"EmailStatus": "EmailSent", "DeliveryInfo": delivery}
        with self.books.change() as change:
            change.put("Invoice", sent, "Emailed")
        self.outbox.append(sending.mail_of(self.office, "Invoice", sent))

    def _currency_of(self, customer_id: str) -> Document:
        customer = self.document("Customer", customer_id)
        return {"CurrencyRef": customer["CurrencyRef"]} if "CurrencyRef" in customer else {}

    def receive_payment(
        self, customer_id: str, amount: Decimal, paid_on: date, applied: Mapping[str, Decimal], reference: str = ""
    ) -> str:
        body: Document = {"CustomerRef": {"value": customer_id}, "TotalAmt": amount, "TxnDate": paid_on.isoformat()}
        body |= {"PaymentRefNum": reference, "Line": [_line("Invoice", id, part) for id, part in applied.items()]}
        return str(self.write("Payment", body)["Id"])

    def add_credit_note(
        self,
        customer_id: str,
        amount: Decimal,
        issued_on: date,
        applied: Mapping[str, Decimal],
        description: str = "Credit",
    ) -> str:
        """A credit memo without tax of its own; what is applied of it takes a zero payment, as the platform has it."""
        code = {"value": "NON" if self.country == "US" else "3"}
        detail = {"ItemRef": {"value": SALES_ITEM}, "TaxCodeRef": code}
        line = {
            "Description": description,
            "Amount": amount,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": detail,
        }
        body: Document = {"CustomerRef": {"value": customer_id}, "TxnDate": issued_on.isoformat(), "Line": [line]}
        credit = self.write("CreditMemo", body | self._currency_of(customer_id))
        if used := sum(applied.values(), Decimal(0)):
            lines = [_line("Invoice", id, part) for id, part in applied.items()] + [
                _line("CreditMemo", credit["Id"], used)
            ]
            payment = {
                "CustomerRef": {"value": customer_id},
                "TotalAmt": 0,
                "TxnDate": issued_on.isoformat(),
                "Line": lines,
            }
            self.write("Payment", payment)
        return str(credit["Id"])

    def void_invoice(self, invoice_id: str) -> None:
        self.write("Invoice", self._names(invoice_id), Operation("void"))

    def delete_invoice(self, invoice_id: str) -> None:
        """As the user interface does it: payments are unlinked first, and keep their money unapplied."""
        with self.books.change() as change:
            desk = Desk(self.office, change, self.books.clock.now())
            applying.unlink_invoice(desk, invoice_id)
        self.write("Invoice", self._names(invoice_id), Operation("delete"))

    def _names(self, invoice_id: str, entity: str = "Invoice") -> Document:
        return {"Id": invoice_id, "SyncToken": self.document(entity, invoice_id)["SyncToken"]}

    def change_due_date(self, invoice_id: str, due_on: date) -> None:
        self.write("Invoice", self._names(invoice_id) | {"sparse": True, "DueDate": due_on.isoformat()})

    def change_email(self, customer_id: str, email: str) -> None:
        new = {"PrimaryEmailAddr": {"Address": email} if email else ""}
        self.write("Customer", self._names(customer_id, "Customer") | {"sparse": True} | new)

    def archive_customer(self, customer_id: str) -> None:
        self.write("Customer", self._names(customer_id, "Customer") | {"sparse": True, "Active": False})

    def void_payment(self, payment_id: str) -> None:
        self.write("Payment", self._names(payment_id, "Payment"), Operation("update", "void"))

    def merge_customer(self, loser_id: str, winner_id: str) -> None:
        """The loser vanishes, and everything of its becomes the winner's."""
        starting.merge(self.office, loser_id, winner_id)

    def open_invoices(self, customer_id: str | None = None) -> Sequence[OpenInvoice]:
        customers = [customer_id] if customer_id is not None else [one["Id"] for one in self.documents("Customer")]
        return [_open_invoice(document) for customer in customers for document in self.books.open_invoices(customer)]

    def notes_on(self, entity: str, entity_id: str) -> Sequence[str]:
        wanted = {"EntityRef": {"type": entity.capitalize(), "value": entity_id}}
        return [
            note["Note"]
            for note in self.documents("Attachable")
            if any(wanted["EntityRef"] == ref["EntityRef"] for ref in note.get("AttachableRef", []))
        ]

    def customers_on_hold(self) -> Sequence[str]:
        """Whoever's Notes or customer type speak of a (credit) hold: the platform has no such flag."""
        return [one["Id"] for one in self.documents("Customer") if _ON_HOLD.search(_remarks(one))]


def _line(entity: str, id: str, amount: Decimal) -> Document:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": id, "TxnType": entity}]}


def _remarks(customer: Document) -> str:
    kind = (customer.get("CustomerTypeRef") or {}).get("name", "")
    return f"{customer.get('Notes', '')}\n{kind}"


def _open_invoice(document: Document) -> OpenInvoice:
    return OpenInvoice(
        id=document["Id"],
        number=document.get("DocNumber", ""),
        customer_id=document["CustomerRef"]["value"],
        issued_on=date.fromisoformat(document["TxnDate"]),
        due_on=date.fromisoformat(document["DueDate"]),
        total=Decimal(document["TotalAmt"]),
        balance=Decimal(document["Balance"]),
    )


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float: give amounts as Decimal, int or text")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
