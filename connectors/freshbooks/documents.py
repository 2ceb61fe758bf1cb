"""Documents that Dunwell makes in FreshBooks: late-fee invoices; and the platform's own mail of an invoice.

A fee carries its reference as its "PO number", which FreshBooks prints as "Reference": there is no field that the
customer would not see. It is looked for before anything is made, for FreshBooks knows no request ids. A new invoice is
a draft until it is marked as sent, so a fee goes on where an attempt stopped. What FreshBooks does with a credit on one
invoice is not established: a person makes it there, and approves the act to say so.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec import Raw

from connectors import references
from connectors.documents import Choices, CreditOrder, FeeOrder
from connectors.errors import OutcomeUnknown, Refused
from connectors.freshbooks import shapes
from connectors.freshbooks.client import Client, Search
from connectors.freshbooks.faults import TITLE
from connectors.freshbooks.fields import EASTERN
from connectors.freshbooks.translate import DELETED, NOT_ISSUED, decoded
from connectors.ports import Clock
from engine.keys import is_fee_reference
from engine.money import Money

LOOK_BACK = timedelta(days=30)
"""How far back a fee is looked for by its reference alone: an act of unknown outcome is settled in the next run."""
NAME = "Late payment"
Document = dict[str, Any]


class Documents:
    """A `DocumentWriter`."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client, self._clock = client, clock

    def choices(self) -> Choices:
        """Nothing to choose: an invoice line stands by itself, and a fee carries no tax."""
        return Choices()

    def make_fee(self, order: FeeOrder, key: str) -> str:  # noqa: ARG002  # there are no request ids
        found = self._find(order.reference, customer=order.customer_id)
        if found is None:
            found = _invoice(self._client.create("invoice", _fee(order)))
            if not found.id:
                raise OutcomeUnknown(f"{TITLE} answered a write without saying what it made")
        if not order.is_draft and found.vis_state != DELETED and found.v3_status in NOT_ISSUED:
            self._client.update("invoice", str(found.id), {"action_mark_as_sent": True})
        return str(found.id)

    def find_fee(self, reference: str) -> str | None:
        """Among the invoices of the last 30 days. Deleted ones count: a fee taken back is not made again."""
        found = self._find(reference)
        return str(found.id) if found else None

    def void_fee(self, invoice_id: str, key: str) -> None:  # noqa: ARG002  # deleting twice is deleting
        invoice = self._get(invoice_id)
        if not is_fee_reference(invoice.po_number or ""):
            raise Refused("Only an invoice that Dunwell itself made can be taken back, and this one is not.")
        if invoice.vis_state == DELETED:
            return
        if invoice.paid is None or invoice.paid.amount:
            raise Refused("Something has been paid or credited on the fee already, so it cannot be taken back.")
        self._client.delete("invoice", invoice_id)

    def grant_credit(self, order: CreditOrder, key: str) -> str:  # noqa: ARG002  # a person has made it
        return order.reference

    def deliver_invoice(self, invoice_id: str, key: str) -> None:  # noqa: ARG002  # there are no request ids
        """To the client's own address, in the business's standard words."""
        raw = self._client.one("customer", str(self._get(invoice_id).customerid))
        address = (decoded(raw, shapes.Client).email or "").strip() if raw else ""
        if "@" not in address:
            raise Refused(f"The client has no email address in {TITLE}.")
        self._client.update("invoice", invoice_id, {"action_email": True, "email_recipients": [address]})

    def expect_payment(self, invoice_id: str, on: date | None, key: str) -> bool:  # noqa: ARG002  # nothing to show it by
        """FreshBooks has no such field."""
        return False

    def _get(self, invoice_id: str) -> shapes.Invoice:
        raw = self._client.one("invoice", invoice_id)
        if raw is None:
            raise Refused(f"{TITLE} has no such invoice any more.")
        return _invoice(raw)

    def _find(self, reference: str, customer: str = "") -> shapes.Invoice | None:
        """Our invoice with this reference: of one client, or of the last 30 days."""
        references.checked(reference)
        since = None if customer else (self._clock() - LOOK_BACK).astimezone(EASTERN).date()
        for deleted in (False, True):
            for raw in self._client.every("invoice", Search(since=since, deleted=deleted, invoices_of=customer)):
                if reference.encode() in bytes(raw) and _invoice(raw).po_number == reference:
                    return _invoice(raw)
        return None


def _fee(order: FeeOrder) -> Document:
    cost = {"amount": str(Money(order.amount, order.currency).amount), "code": order.currency}
    return {
        "customerid": int(order.customer_id),
        "create_date": order.dated_on.isoformat(),
        "due_offset_days": max((order.due_on - order.dated_on).days, 0),
        "currency_code": order.currency,
        "po_number": order.reference,
        "lines": [{"type": 0, "name": NAME, "description": order.description, "qty": 1, "unit_cost": cost}],
    }


def _invoice(raw: Raw) -> shapes.Invoice:
    return decoded(raw, shapes.Invoice)
