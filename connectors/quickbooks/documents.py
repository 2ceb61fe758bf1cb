"""Documents that Dunwell makes in QuickBooks Online: fee invoices, and credit memos applied to their invoice.

A document of ours carries its reference in its memo, and as its number where the company numbers documents itself. That
is looked for before anything is made; the request id guards the hours in between, and a lost answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from connectors import references
from connectors.documents import Choices, CreditOrder, FeeOrder
from connectors.errors import OutcomeUnknown, Refused
from connectors.ports import Clock
from connectors.quickbooks import shapes
from connectors.quickbooks.applying import Applier, Document
from connectors.quickbooks.choosing import choices
from connectors.quickbooks.client import Client
from connectors.quickbooks.company import Company
from connectors.quickbooks.crediting import UNTAXED, credit_lines
from connectors.quickbooks.faults import TITLE, CharactersRefused, Stale
from connectors.quickbooks.fields import ref_id
from connectors.quickbooks.query import fills_a_page, quoted, select
from connectors.quickbooks.requests import request_id
from connectors.quickbooks.whole import Invoice, minor, whole
from engine.money import Money

ATTEMPTS = 3
LONGEST_NUMBER = 21
LOOK_BACK = timedelta(days=30)
"""How far back a fee is looked for by its reference alone: an act of unknown outcome is settled in the next run."""


class Documents:
    """A `DocumentWriter`. `company` tells how the company works, and costs a call once."""

    def __init__(self, client: Client, company: Callable[[], Company], clock: Clock) -> None:
        self._client, self._company, self._clock = client, company, clock

    def choices(self) -> Choices:
        return choices(self._client, self._company().record.country)

    def make_fee(self, order: FeeOrder, key: str) -> str:
        of_customer = (f"CustomerRef = {quoted(order.customer_id)}", f"TxnDate >= {quoted(order.dated_on.isoformat())}")
        if found := self._find("Invoice", order.reference, *of_customer):
            return found
        self._check(order)
        dated_on = self._after_lock(order.dated_on)
        body = self._header(order, dated_on) | {
            "CustomerRef": {"value": order.customer_id},
            "DueDate": max(order.due_on, dated_on).isoformat(),
            "Line": [self._fee_line(order)],
        }
        return self._write("Invoice", body, key)

    def find_fee(self, reference: str) -> str | None:
        """Among the invoices of the last 30 days, or by its number. Voided ones count; deleted ones nobody can see."""
        if self._numbers(reference):
            return self._find("Invoice", reference, f"DocNumber = {quoted(reference)}")
        since = (self._clock() - LOOK_BACK).isoformat(timespec="seconds")
        return self._find("Invoice", reference, f"MetaData.CreateTime >= {quoted(since)}")

    def void_fee(self, invoice_id: str, key: str) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            invoice = whole(Invoice, self._client.get("Invoice", invoice_id))
            note = invoice.private_note or ""
            if not references.marked(note):
                raise Refused("Only an invoice that Dunwell itself made can be taken back, and this one is not.")
            if note.startswith("Voided") and not invoice.total_amt:
                return
            if invoice.is_paid_by_something:
                raise Refused("Something has been paid or credited on the fee already, so it cannot be taken back.")
            body = {"Id": invoice_id, "SyncToken": invoice.sync_token or ""}
            try:
                self._client.void("Invoice", body, request_id(key, body))
                return
            except Stale:
                if attempt == ATTEMPTS:
                    raise

    def grant_credit(self, order: CreditOrder, key: str) -> str:
        invoice = whole(Invoice, self._client.get("Invoice", order.invoice_id))
        # The invoice's own customer: an order may name the parent it is billed with.
        customer = ref_id(invoice.customer_ref) or order.customer_id
        memo = self._find("CreditMemo", order.reference, f"CustomerRef = {quoted(customer)}")
        dated_on = self._after_lock(order.dated_on)
        if memo is None:
            self._check_room(order, invoice)
            body = self._header(order, dated_on) | {
                "CustomerRef": {"value": customer},
                "Line": credit_lines(order, invoice),
            }
            memo = self._write("CreditMemo", body, key)
        self._apply(order, memo, dated_on, key)
        return memo

    def deliver_invoice(self, invoice_id: str, key: str) -> None:
        """To the address on the invoice, in the company's standard words."""
        try:
            self._client.send("Invoice", invoice_id, request_id(key, ["send", invoice_id]))
        except Stale:
            raise OutcomeUnknown(f"{TITLE} was changing the invoice while it was being sent") from None

    def expect_payment(self, invoice_id: str, on: date | None, key: str) -> bool:  # noqa: ARG002  # nothing to show it by
        """QuickBooks has no such field."""
        return False

    def _check(self, order: FeeOrder) -> None:
        if order.is_draft:
            raise Refused(f"{TITLE} knows no drafts, so a fee cannot wait there for approval.")
        if not order.booking.item:
            raise Refused("Choose the item that late fees are billed with.")
        if not order.booking.tax and self._company().record.country != "US":
            raise Refused("Choose the tax code of late fees: every line needs one outside the US.")

    def _fee_line(self, order: FeeOrder) -> Document:
        detail = {
            "ItemRef": {"value": order.booking.item},
            "TaxCodeRef": {"value": order.booking.tax or UNTAXED},
        }
        return {
            "Description": order.description,
            "Amount": Money(order.amount, order.currency).amount,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": detail,
        }

    def _header(self, order: FeeOrder | CreditOrder, dated_on: date) -> Document:
        """What fee and credit have in common. The memo may be printed on statements: it says nothing else."""
        header: Document = {"TxnDate": dated_on.isoformat(), "PrivateNote": references.mark(order.reference)}
        if self._numbers(order.reference):
            header["DocNumber"] = order.reference
        if self._company().record.country != "US":
            header["GlobalTaxCalculation"] = "TaxExcluded"
        return header | self._currency(order.currency)

    def _currency(self, currency: str) -> Document:
        return {"CurrencyRef": {"value": currency}} if self._company().has_currencies else {}

    def _numbers(self, reference: str) -> bool:
        return self._company().numbers_itself and len(reference) <= LONGEST_NUMBER

    def _after_lock(self, wanted_on: date) -> date:
        """Nothing can be dated in a closed period: the first open day then."""
        lock = self._company().record.lock_on
        return max(wanted_on, lock + timedelta(days=1)) if lock else wanted_on

    def _check_room(self, order: CreditOrder, invoice: Invoice) -> None:
        due = minor(invoice.balance, order.currency)
        currency = ref_id(invoice.currency_ref) or self._company().record.base_currency
        if currency != order.currency or due < order.amount:
            raise Refused(
                f"The invoice owes {Money(due, currency)}, which is less than the credit of"
                f" {Money(order.amount, order.currency)}."
            )

    def _apply(self, order: CreditOrder, memo_id: str, on: date, key: str) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                Applier(self._client, order, memo_id, self._currency(order.currency), on, key).apply()
                return
            except Stale:
                if attempt == ATTEMPTS:
                    raise

    def _write(self, entity: str, body: Document, key: str) -> str:
        """Returns the new id. Once more with plainer characters where those may be what was refused."""
        try:
            made = self._client.write(entity, body, request_id(key, body))
        except CharactersRefused:
            body = body | {"Line": [line | {"Description": _plain(line["Description"])} for line in body["Line"]]}
            made = self._client.write(entity, body, request_id(key, body))
        if not made.get("Id"):
            raise OutcomeUnknown(f"{TITLE} answered a write without saying what it made")
        return str(made["Id"])

    def _find(self, entity: str, reference: str, *conditions: str) -> str | None:
        """The id of our document with this reference, newest first."""
        mark, position = references.mark(references.checked(reference)), 1
        while True:
            order = "MetaData.LastUpdatedTime DESC"
            rows = self._client.query(select(entity, *conditions, order=order, position=position))
            found = (rows.invoice if entity == "Invoice" else rows.credit_memo) or []
            for raw in found:
                if mark.encode() in bytes(raw):
                    document = whole(shapes.Transaction, msgspec.json.decode(raw))
                    if references.marked(document.private_note) == reference:
                        return document.id
            if not fills_a_page(found):
                return None
            position += len(found)


def _plain(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")
