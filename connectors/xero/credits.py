"""Credits in Xero: a credit note taxed like its invoice, and its allocation to that invoice.

Two calls, and anything may happen between them: whatever a former attempt did is found by its reference, and gone on
from.
"""

from __future__ import annotations

from connectors import references
from connectors.documents import CreditOrder
from connectors.errors import OutcomeUnknown, Refused
from connectors.xero import shapes
from connectors.xero.client import XeroClient
from connectors.xero.crediting import credit_lines
from connectors.xero.writing import REMOVED, Writer, decoded, keyed, minor
from engine.money import Money


class Credits:
    """Makes and applies credit notes of one organisation."""

    def __init__(self, client: XeroClient, writer: Writer) -> None:
        self._client, self._writer = client, writer

    def grant(self, order: CreditOrder, key: str) -> str:
        invoice = self._writer.invoice(order.invoice_id)
        if invoice is None:
            raise Refused("Xero has no such invoice any more.")
        note = self._find(order.reference)
        if note is None:
            self._check_room(order, invoice)
            note = self._make(order, invoice, key)
        elif note.status in REMOVED:
            raise Refused(f"The credit note {note.credit_note_number} was taken away in Xero: it is not made again.")
        self._apply(order, invoice, note, key)
        return note.credit_note_id or ""

    def _find(self, reference: str) -> shapes.Credit | None:
        where = f'Type=="ACCRECCREDIT" AND Reference=="{references.checked(reference)}"'
        answer = self._client.read("get_credit_notes", "CreditNotes", where=where, page=1)
        found = [decoded(shapes.Credit, raw) for raw in answer.records]
        return next((each for each in found if each.reference == reference and each.credit_note_id), None)

    def _check_room(self, order: CreditOrder, invoice: shapes.WholeInvoice) -> None:
        due = minor(invoice.amount_due, order.currency)
        if invoice.currency_code != order.currency or invoice.status != "AUTHORISED" or due < order.amount:
            raise Refused(
                f"The invoice owes {Money(due, invoice.currency_code or order.currency)}, which is less than the credit"
                f" of {Money(order.amount, order.currency)}."
            )

    def _make(self, order: CreditOrder, invoice: shapes.WholeInvoice, key: str) -> shapes.Credit:
        kind, lines = credit_lines(order, invoice)
        contact_id = (invoice.contact.contact_id if invoice.contact else None) or order.customer_id
        body = self._writer.header(order, self._writer.after_lock(order.dated_on)) | {
            "Type": "ACCRECCREDIT",
            "CreditNoteNumber": order.reference,
            "Contact": {"ContactID": contact_id},
            "Status": "AUTHORISED",
            "LineAmountTypes": kind,
            "LineItems": lines,
        }
        try:
            self._writer.create("CreditNotes", "create_credit_notes", body, key)
        except Refused:
            note = self._find(order.reference)
            if note is None:
                raise
            return note
        note = self._find(order.reference)
        if note is None:
            raise OutcomeUnknown("Xero took a credit note, but does not list it yet.")
        return note

    def _apply(self, order: CreditOrder, invoice: shapes.WholeInvoice, note: shapes.Credit, key: str) -> None:
        """Put on the invoice what is not there yet of the credit."""
        applied = sum(
            minor(part.amount, order.currency)
            for part in note.allocations or ()
            if part.invoice and part.invoice.invoice_id == order.invoice_id
        )
        wanted = order.amount - applied
        if wanted <= 0:
            return
        left, due = minor(note.remaining_credit, order.currency), minor(invoice.amount_due, order.currency)
        if min(left, due) < wanted:
            raise Refused(
                f"The credit note {note.credit_note_number} is made, but cannot be applied any more: the invoice owes"
                f" {Money(due, order.currency)}. What is left of it waits on the customer's account."
            )
        note_id = note.credit_note_id or ""
        body = {
            "Amount": str(Money(wanted, order.currency).amount),
            "Invoice": {"InvoiceID": order.invoice_id},
        }
        self._client.write(
            "create_credit_note_allocation", note_id, {"Allocations": [body]}, key=keyed(key, note_id, body)
        )
