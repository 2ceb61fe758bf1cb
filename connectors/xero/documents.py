"""Documents that Dunwell makes in Xero: fee invoices, the invoice's own mail, the day of a promise, and credits.

A document of ours carries its reference twice, as `Reference` and as its number. The first is looked for before
anything is made; the second Xero itself never takes twice, which holds when looking came too early to see it. Keys
help for six minutes only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from connectors import references
from connectors.documents import Choices, CreditOrder, FeeOrder
from connectors.errors import Refused, RetryLater
from connectors.xero import shapes
from connectors.xero.choosing import choices, may
from connectors.xero.client import XeroClient
from connectors.xero.credits import Credits
from connectors.xero.values import parse_instant
from connectors.xero.writing import REMOVED, Writer, decoded, keyed
from engine.money import Money

NEXT_DAY = timedelta(hours=12)
"""Where the day's mails are used up. Xero does not say when its day ends."""


class XeroDocuments:
    """A `DocumentWriter`. `lock_on` tells the last day that the organisation has closed."""

    def __init__(self, client: XeroClient, lock_on: Callable[[], date | None]) -> None:
        self._client, self._writer = client, Writer(client, lock_on)
        self._credits = Credits(client, self._writer)
        self._may_approve: bool | None = None

    def choices(self) -> Choices:
        return choices(self._client)

    def make_fee(self, order: FeeOrder, key: str) -> str:
        if found := self.find_fee(order.reference):
            return found
        self._check_permission(order)
        dated_on = self._writer.after_lock(order.dated_on)
        line = {
            "Description": order.description,
            "Quantity": "1",
            "UnitAmount": str(Money(order.amount, order.currency).amount),
        }
        line |= {"AccountCode": order.booking.account} if order.booking.account else {}
        line |= {"TaxType": order.booking.tax} if order.booking.tax else {}
        body = self._writer.header(order, dated_on) | {
            "Type": "ACCREC",
            "InvoiceNumber": order.reference,
            "Status": "DRAFT" if order.is_draft else "AUTHORISED",
            "DueDate": max(order.due_on, dated_on).isoformat(),
            "LineAmountTypes": "Exclusive",
            "LineItems": [line],
        }
        try:
            return self._writer.create("Invoices", "create_invoices", body, key).invoice_id or ""
        except Refused:
            # The number may be taken because it is there after all: an attempt of ours that looking came too early for.
            if found := self.find_fee(order.reference):
                return found
            raise

    def find_fee(self, reference: str) -> str | None:
        """Voided and deleted ones count: what a person has taken away is not put back."""
        where = f'Type=="ACCREC" AND Reference=="{references.checked(reference)}"'
        answer = self._client.read("get_invoices", "Invoices", where=where, page=1)
        found = [decoded(shapes.Invoice, raw) for raw in answer.records]
        ids = [each.invoice_id for each in found if each.reference == reference and each.invoice_id]
        return ids[0] if ids else None

    def void_fee(self, invoice_id: str, key: str) -> None:
        invoice = self._writer.invoice(invoice_id, created_by_my_app=True)
        if invoice is None or not invoice.reference:
            raise Refused("Only an invoice that Dunwell itself made can be taken back, and this one is not.")
        if invoice.status in REMOVED:
            return
        if invoice.amount_paid or invoice.amount_credited:
            raise Refused("Something has been paid or credited on the fee already, so it cannot be taken back.")
        status = "VOIDED" if invoice.status == "AUTHORISED" else "DELETED"
        self._writer.update_invoice(invoice_id, {"Status": status}, key)

    def grant_credit(self, order: CreditOrder, key: str) -> str:
        return self._credits.grant(order, key)

    def deliver_invoice(self, invoice_id: str, key: str) -> None:
        try:
            self._client.write("email_invoice", invoice_id, {}, key=keyed(key, invoice_id))
        except Refused as refused:
            # Xero says 400 here, not 429, and the wording is not documented. Tomorrow it goes.
            if "limit" in str(refused).casefold():
                raise RetryLater("Xero", NEXT_DAY, str(refused)) from None
            raise

    def expect_payment(self, invoice_id: str, on: date | None, key: str) -> bool:
        """Whether Xero shows that day afterwards: on a part-paid invoice it may refuse, and a day cannot be cleared
        for certain."""
        try:
            written = self._writer.update_invoice(
                invoice_id, {"ExpectedPaymentDate": on.isoformat() if on else ""}, key
            )
        except Refused:
            return False
        shown = parse_instant(written.expected_payment_date) if written.expected_payment_date else None
        return (shown.date() if shown else None) == on

    def _check_permission(self, order: FeeOrder) -> None:
        """Raises Refused for approved invoices where plan or person may only draft: Xero would say so less clearly."""
        if order.is_draft:
            return
        if self._may_approve is None:
            self._may_approve = may(self._client, "CreateApprovedInvoice")
        if not self._may_approve:
            raise Refused(
                "Xero's plan or the connecting person's role does not allow approved invoices: choose drafts for fees,"
                " or connect as somebody who may approve."
            )
