"""Writing documents of ours to Xero: what every one of them has in common, and what counts as written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from connectors import references
from connectors.documents import CreditOrder, FeeOrder
from connectors.errors import OutcomeUnknown, Refused, RetryLater, SkipRecord
from connectors.xero import shapes
from connectors.xero.answers import NotThere
from connectors.xero.client import XeroClient
from connectors.xero.values import amount

REMOVED = frozenset({"VOIDED", "DELETED"})
S = TypeVar("S", bound=shapes.Shape)


class Writer:
    """Creates and updates, each under its own key. `lock_on` tells the last day that the organisation has closed."""

    def __init__(self, client: XeroClient, lock_on: Callable[[], date | None]) -> None:
        self._client, self._lock_on = client, lock_on

    def after_lock(self, wanted_on: date) -> date:
        """Nothing can be dated in a closed period: the first open day then."""
        lock = self._lock_on()
        return max(wanted_on, lock + timedelta(days=1)) if lock else wanted_on

    def header(self, order: FeeOrder | CreditOrder, dated_on: date) -> dict[str, Any]:
        return {
            # Anything beside the id would edit the contact.
            "Contact": {"ContactID": order.customer_id},
            "Reference": references.checked(order.reference),
            "Date": dated_on.isoformat(),
            "CurrencyCode": order.currency,
        }

    def invoice(self, invoice_id: str, **narrowed: Any) -> shapes.WholeInvoice | None:
        answer = self._client.read("get_invoices", "Invoices", i_ds=[invoice_id], page=1, **narrowed)
        found = [decoded(shapes.WholeInvoice, raw) for raw in answer.records]
        return next((each for each in found if each.invoice_id == invoice_id), None)

    def create(self, collection: str, method: str, body: dict[str, Any], key: str) -> shapes.Written:
        # Four places, or Xero rounds a unit price of a currency with three.
        answer = self._client.write(method, {collection: [body]}, key=keyed(key, collection, body), unitdp=4)
        return written(answer, collection)

    def update_invoice(self, invoice_id: str, changed: dict[str, Any], key: str) -> shapes.Written:
        body = {"InvoiceID": invoice_id} | changed
        try:
            answer = self._client.write(
                "update_invoice", invoice_id, {"Invoices": [body]}, key=keyed(key, invoice_id, body)
            )
        except NotThere:
            raise Refused("Xero has no such invoice any more.") from None
        return written(answer, "Invoices")


def minor(value: Decimal | None, currency: str) -> int:
    """Minor units; nothing where nothing is said. Raises Refused for what is no amount."""
    try:
        return amount("amount", value or Decimal(0), currency)
    except (SkipRecord, ArithmeticError):
        raise Refused("Xero shows a document that Dunwell cannot read. Do this one by hand.") from None


def keyed(key: str, *request: Any) -> str:
    """One key for one request: another body under the same key would be refused, and errors are replayed too."""
    return f"{key[:64]}-{hashlib.sha256(msgspec.json.encode(request)).hexdigest()[:16]}"


def written(body: bytes, collection: str) -> shapes.Written:
    """A 200 is success only with an id and without errors. Raises Refused or OutcomeUnknown."""
    try:
        (raw,) = shapes.envelope(body, collection).records
        found = msgspec.json.decode(raw, type=shapes.Written)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        raise OutcomeUnknown("Xero answered a write with something that cannot be read.") from None
    if found.status_attribute_string == "ERROR" or not (found.invoice_id or found.credit_note_id):
        said = " ".join(each.message or each.description or "" for each in found.validation_errors or ())
        raise Refused(f"Xero says: {said[:500]}" if said.strip() else "Xero did not take it, without saying why.")
    return found


def decoded(shape: type[S], raw: bytes) -> S:
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RetryLater("Xero", timedelta(minutes=1), "a document cannot be read") from None
