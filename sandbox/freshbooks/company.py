"""A FreshBooks business and its bookkeeper, who works in the platform's user interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale

from sandbox.clock import SandboxClock
from sandbox.company import OpenInvoice
from sandbox.freshbooks.books import ACTIVE, ARCHIVED, DELETED, EASTERN, Books, Client, Credit, Invoice, Payment
from sandbox.freshbooks.settings import Switches


class FreshBooksCompany:
    """Fits `sandbox.company.SandboxCompany`. Ids are the platform's; amounts are in the document's currency."""

    def __init__(
        self,
        external_id: str,
        name: str,
        country: str,
        currency: str,
        time_zone: str,
        clock: SandboxClock,
        switches: Switches,
    ) -> None:
        self.external_id, self.name = external_id, name
        self.country, self.currency, self.time_zone = country, currency, time_zone
        self.books, self.switches = Books(clock), switches
        self.outbox: list[tuple[str, str]] = []
        """(invoice number, address) of the mails that the platform itself sent, oldest first."""

    @property
    def country_name(self) -> str:
        """As an address has it: written out."""
        return str(Locale("en").territories[self.country])

    @property
    def today(self) -> date:
        return self.books.clock.now().astimezone(EASTERN).date()

    def rows(self, kind: type) -> list[Any]:
        books = self.books
        known: dict[type, Mapping[int, Any]] = {
            Client: books.clients,
            Invoice: books.invoices,
            Payment: books.payments,
        }
        return list(known[kind].values())

    def add_customer(
        self,
        name: str,
        email: str = "",
        *,
        people: Sequence[tuple[str, str]] = (),  # noqa: ARG002 - nobody else is shown by the API as we know it
        phone: str = "",
        city: str = "",  # noqa: ARG002 - nothing reads it
        currency: str = "",
        term_days: int = 30,  # noqa: ARG002 - terms are on each invoice
        discount: tuple[Decimal, int] | None = None,  # noqa: ARG002 - there are no such terms
    ) -> str:
        client = Client(
            id=self.books.new_id(),
            updated=self.books.stamp(),
            organization=name,
            email=email,
            phone=phone,
            code=currency or self.currency,
            country=self.country_name,
        )
        self.books.clients[client.id] = client
        return str(client.id)

    def add_invoice(
        self,
        customer_id: str,
        lines: Sequence[tuple[str, Decimal]],
        *,
        issued_on: date,
        due_on: date,
        number: str = "",
        is_draft: bool = False,
        is_sent: bool = True,  # noqa: ARG002 - what is not a draft is sent or marked as sent
    ) -> str:
        invoice = Invoice(
            id=self.books.new_id(),
            updated=self.books.stamp(),
            customerid=int(customer_id),
            number=number or f"{len(self.books.invoices) + 1:07}",
            create_date=issued_on.isoformat(),
            due_date=due_on.isoformat(),
            code=self.books.clients[int(customer_id)].code,
            lines=list(lines),
            state="draft" if is_draft else "sent",
        )
        self.books.invoices[invoice.id] = invoice
        return str(invoice.id)

    def receive_payment(
        self, customer_id: str, amount: Decimal, paid_on: date, applied: Mapping[str, Decimal], reference: str = ""
    ) -> str:
        """One payment an invoice; what is left over becomes a credit, and a payment of that credit."""
        client, shares = int(customer_id), {int(id): part for id, part in applied.items() if part}
        made = [self._pay(client, part, paid_on, reference, invoice=id) for id, part in shares.items()]
        over = amount - sum(applied.values(), Decimal(0))
        if over:
            kind = "overpayment" if made else "prepayment"
            credit = self._credit(client, over, paid_on, kind)
            paid = self._pay(client, over, paid_on, reference, credit=credit.id)
            if made:
                made[0].overpaymentid = paid.id
            made.append(paid)
        return str(made[0].id)

    def add_credit_note(
        self,
        customer_id: str,
        amount: Decimal,
        issued_on: date,
        applied: Mapping[str, Decimal],
        description: str = "Credit",  # noqa: ARG002 - nothing reads it
    ) -> str:
        """A goodwill credit; what is applied of it is a payment from credit."""
        credit = self._credit(int(customer_id), amount, issued_on, "goodwill")
        for id, part in applied.items():
            if part:
                self._pay(int(customer_id), part, issued_on, "", invoice=int(id), credit=credit.id, from_credit=True)
        return str(credit.id)

    def _credit(self, client: int, amount: Decimal, on: date, kind: str) -> Credit:
        credit = Credit(
            id=self.books.new_id(),
            updated=self.books.stamp(),
            clientid=client,
            amount=amount,
            code=self.books.clients[client].code,
            create_date=on.isoformat(),
            credit_type=kind,
        )
        self.books.add(credit)
        return credit

    def _pay(
        self,
        client: int,
        amount: Decimal,
        on: date,
        note: str,
        *,
        invoice: int | None = None,
        credit: int | None = None,
        from_credit: bool = False,
    ) -> Payment:
        payment = Payment(
            id=self.books.new_id(),
            updated=self.books.stamp(),
            clientid=client,
            invoiceid=invoice,
            creditid=credit,
            amount=amount,
            code=self.books.clients[client].code,
            date=on.isoformat(),
            type="Credit" if from_credit else "Check",
            note=note,
            from_credit=from_credit,
        )
        self.books.add(payment)
        self._paid_differently(payment)
        return payment

    def _paid_differently(self, payment: Payment) -> None:
        if payment.invoiceid is not None and self.switches.payment_bumps_invoice:
            self.books.invoices[payment.invoiceid].updated = self.books.stamp()

    def delete_payment(self, payment_id: str) -> None:
        """With the credit that it left over, where it did."""
        payment = self.books.payments[int(payment_id)]
        payment.vis_state, payment.updated = DELETED, self.books.stamp()
        self._paid_differently(payment)
        if payment.overpaymentid is not None:
            over = self.books.payments[payment.overpaymentid]
            over.vis_state, over.updated = DELETED, self.books.stamp()
            if over.creditid is not None:
                self.books.credits[over.creditid].vis_state = DELETED

    def void_invoice(self, invoice_id: str) -> None:
        """FreshBooks knows no void: an invoice that is not to be is deleted, and can be brought back."""
        self.delete_invoice(invoice_id)

    def delete_invoice(self, invoice_id: str) -> None:
        self._set(invoice_id, DELETED)

    def restore_invoice(self, invoice_id: str) -> None:
        self._set(invoice_id, ACTIVE)

    def _set(self, invoice_id: str, vis_state: int) -> None:
        invoice = self.books.invoices[int(invoice_id)]
        invoice.vis_state, invoice.updated = vis_state, self.books.stamp()

    def change_due_date(self, invoice_id: str, due_on: date) -> None:
        invoice = self.books.invoices[int(invoice_id)]
        invoice.due_date, invoice.updated = due_on.isoformat(), self.books.stamp()

    def change_email(self, customer_id: str, email: str) -> None:
        client = self.books.clients[int(customer_id)]
        client.email, client.updated = email, self.books.stamp()

    def archive_customer(self, customer_id: str) -> None:
        client = self.books.clients[int(customer_id)]
        client.vis_state, client.updated = ARCHIVED, self.books.stamp()

    def open_invoices(self, customer_id: str | None = None) -> Sequence[OpenInvoice]:
        return [
            OpenInvoice(
                id=str(row.id),
                number=row.number,
                customer_id=str(row.customerid),
                issued_on=date.fromisoformat(row.create_date),
                due_on=date.fromisoformat(row.due_date),
                total=row.total,
                balance=self.books.outstanding(row),
            )
            for row in self.books.invoices.values()
            if row.vis_state != DELETED
            and row.state != "draft"
            and customer_id in (None, str(row.customerid))
            and self.books.outstanding(row) > 0
        ]

    def notes_on(self, entity: str, entity_id: str) -> Sequence[str]:
        """What the business itself has noted: on a client only; an invoice's notes are printed on it."""
        note = self.books.clients[int(entity_id)].note if entity == "customer" else ""
        return [note] if note else []

    def customers_on_hold(self) -> Sequence[str]:
        return [str(one.id) for one in self.books.clients.values() if "credit hold" in one.note.lower()]
