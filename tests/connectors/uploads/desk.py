"""Somebody who keeps books elsewhere and uploads them: what a bookkeeper does, and CSV files whenever we look."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from connectors.uploads.columns import Columns
from connectors.uploads.reading import read
from connectors.uploads.translate import Translator
from engine.uploads import GONE
from sandbox.clock import SandboxClock
from sandbox.company import OpenInvoice
from store import uploads
from store.database import Database
from store.secrets import SecretBox

Line = dict[str, str]
BOX = SecretBox(("a secret of at least sixteen characters",))
HEADINGS = {
    "customer": ("Customer ID", "Customer name", "E-mail", "Currency"),
    "invoice": ("Invoice No.", "Customer", "Invoice date", "Due date", "Total", "Currency", "Status"),
    "credit_note": ("Number", "Customer", "Invoice", "Date", "Amount", "Currency", "Reference"),
    "payment": ("ID", "Customer", "Invoice", "Payment date", "Amount", "Currency", "Reference"),
}


@dataclass
class UploadDesk:
    """Does what `sandbox.company.SandboxCompany` does, as far as these files can tell it."""

    database: Database
    company_id: int
    clock: SandboxClock
    currency: str = "GBP"
    customers: dict[str, Line] = field(default_factory=dict)
    invoices: dict[str, Line] = field(default_factory=dict)
    received: dict[str, Line] = field(default_factory=dict)
    credited: dict[str, Line] = field(default_factory=dict)
    is_changed: bool = True

    def upload(self) -> None:
        """All four files, each said to be everything; nothing where nothing has happened since the last."""
        if not self.is_changed:
            return
        translator = Translator(self.currency)
        with self.database.begin() as session:
            for entity, lines in (
                ("customer", self.customers),
                ("invoice", self.invoices),
                ("payment", self.received),
                ("credit_note", self.credited),
            ):
                if lines:
                    self._upload(session, entity, lines, translator)
        self.is_changed = False

    def _upload(self, session: Any, entity: str, lines: dict[str, Line], translator: Translator) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, HEADINGS[entity])
        writer.writeheader()
        writer.writerows(lines.values())
        content, now = text.getvalue().encode("utf-8-sig"), self.clock.now()
        uploads.keep_waiting(session, self.company_id, BOX, entity, f"{entity}.csv", content, now, "user 1")
        (waiting,) = uploads.waiting(session, self.company_id)
        rows = read(entity, BOX.open(waiting.sealed), Columns(), translator).rows
        uploads.take(session, self.company_id, waiting, rows, GONE, now, "user 1")

    def export(self) -> None:
        self.is_changed = True

    def add_customer(self, name: str, email: str = "", *, currency: str = "", **_: Any) -> str:
        id = f"C{len(self.customers) + 1}"
        self.customers[id] = dict(zip(HEADINGS["customer"], (id, name, email, currency or self.currency), strict=True))
        self.export()
        return id

    def add_invoice(
        self, customer_id: str, lines: Sequence[tuple[str, Decimal]], *, issued_on: date, due_on: date, **_: Any
    ) -> str:
        id = f"INV-{len(self.invoices) + 1:03d}"
        cells = (
            id,
            customer_id,
            issued_on,
            due_on,
            sum(amount for _, amount in lines),
            self._currency(customer_id),
            "",
        )
        self.invoices[id] = dict(zip(HEADINGS["invoice"], map(str, cells), strict=True))
        self.export()
        return id

    def receive_payment(
        self, customer_id: str, amount: Decimal, paid_on: date, applied: Mapping[str, Decimal], reference: str = ""
    ) -> str:
        parts = {**applied, "": amount - sum(applied.values(), Decimal(0))}
        id = ""
        for invoice, part in parts.items():
            if part:
                id = f"P{len(self.received) + 1}"
                cells = (id, customer_id, invoice, paid_on, part, self._currency(customer_id), reference)
                self.received[id] = dict(zip(HEADINGS["payment"], map(str, cells), strict=True))
        self.export()
        return id

    def add_credit_note(self, customer_id: str, amount: Decimal, on: date, applied: Mapping[str, Decimal]) -> None:
        """One for each invoice it is applied to, and one for what is left: a row names one invoice."""
        for invoice, part in {**applied, "": amount - sum(applied.values(), Decimal(0))}.items():
            if part:
                id = f"CN-{len(self.credited) + 1}"
                cells = (id, customer_id, invoice, on, part, self._currency(customer_id), "")
                self.credited[id] = dict(zip(HEADINGS["credit_note"], map(str, cells), strict=True))
        self.export()

    def void_invoice(self, invoice_id: str) -> None:
        self._change(invoice_id, Status="Void")

    def delete_invoice(self, invoice_id: str) -> None:
        del self.invoices[invoice_id]
        self.export()

    def undo_payment(self, payment_id: str) -> None:
        self.received[payment_id] = dict.fromkeys(HEADINGS["payment"], "")
        self.export()

    def change_due_date(self, invoice_id: str, due_on: date) -> None:
        self._change(invoice_id, **{"Due date": str(due_on)})

    def spoil(self) -> None:
        """The first invoice's due date becomes something that is no date."""
        self._change(next(iter(self.invoices)), **{"Due date": "next Friday"})

    def change_email(self, customer_id: str, email: str) -> None:
        self.customers[customer_id]["E-mail"] = email
        self.export()

    def payments(self) -> list[str]:
        return [id for id, line in self.received.items() if line["ID"]]

    def open_invoices(self, customer_id: str | None = None) -> list[OpenInvoice]:
        found = [self._open(id, line) for id, line in self.invoices.items() if not line["Status"]]
        return [one for one in found if one.balance > 0 and customer_id in (None, one.customer_id)]

    def _open(self, id: str, line: Line) -> OpenInvoice:
        settled = (*self.received.values(), *self.credited.values())
        paid = sum((Decimal(each["Amount"]) for each in settled if each["Invoice"] == id), Decimal(0))
        total = Decimal(line["Total"])
        days = (date.fromisoformat(line[name]) for name in ("Invoice date", "Due date"))
        return OpenInvoice(id, id, line["Customer"], *days, total=total, balance=total - paid)

    def _currency(self, customer_id: str) -> str:
        return self.customers[customer_id]["Currency"]

    def _change(self, invoice_id: str, **cells: str) -> None:
        self.invoices[invoice_id] |= cells
        self.export()
