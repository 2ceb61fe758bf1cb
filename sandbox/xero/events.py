"""Webhooks: what changed, told to every app that listens, signed with the app's key.

Writes the bodies; delivering them, with retries, is `sandbox.webhooks`. Events of one change go out in one delivery;
while held, they gather, so that one delivery mixes organisations and categories as Xero's do. The fault
`unknown_category` adds an event of a category that nobody has heard of.
"""

from __future__ import annotations

import base64
import hmac
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import urllib3

from sandbox.webhooks import XERO_LADDER, Webhooks
from sandbox.xero.apps import App
from sandbox.xero.values import Doc, to_json

CATEGORIES = {
    "Contacts": "CONTACT",
    "Invoices": "INVOICE",
    "CreditNotes": "CREDITNOTE",
    "Prepayments": "PREPAYMENT",
    "Overpayments": "OVERPAYMENT",
}
_ANSWER_WITHIN = 5.0  # seconds
_ROOT = "https://api.xero.com/api.xro/2.0"


class Listeners(Protocol):
    """Which apps are connected to a tenant: known to the consents, not here."""

    def __call__(self, tenant_id: str) -> Iterable[App]: ...


def event(
    *, tenant_id: str, collection: str, entity_id: str, is_new: bool, at: datetime, doc: Doc, category: str = ""
) -> Doc:
    """One event. Credit notes, prepayments and overpayments say which kind and status; invoices do not."""
    body: Doc = {
        "resourceUrl": f"{_ROOT}/{collection}/{entity_id}",
        "resourceId": entity_id,
        "tenantId": tenant_id,
        "tenantType": "ORGANISATION",
        "eventCategory": category or CATEGORIES[collection],
        "eventType": "CREATE" if is_new else "UPDATE",
        "eventDateUtc": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}",
    }
    if collection in ("CreditNotes", "Prepayments", "Overpayments"):
        body["data"] = {"Type": doc["Type"], "Status": doc["Status"]}
    return body


def signature(key: str, body: bytes) -> str:
    """The `x-xero-signature` of a body. Source: Xero, webhooks, "Signature"."""
    return base64.b64encode(hmac.new(key.encode(), body, sha256).digest()).decode()


@dataclass
class Feed:
    """Events on their way out, for all apps of the sandbox."""

    webhooks: Webhooks
    listeners: Listeners
    _gathered: dict[str, list[Doc]] = field(default_factory=dict)
    _apps: dict[str, App] = field(default_factory=dict)
    _is_held: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, tenant_id: str, events: Iterable[Doc]) -> None:
        """Send these events to every listening app, in one delivery each; gather them while held."""
        found = list(events)
        with self._lock:
            for app in self.listeners(tenant_id):
                if found and app.webhook_url and app.webhook_status != "failed":
                    self._apps[app.client_id] = app
                    self._gathered.setdefault(app.client_id, []).extend(found)
            if not self._is_held:
                self._send()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Gather what happens inside and send it at the end, in one delivery per app."""
        self._is_held = True
        try:
            yield
        finally:
            with self._lock:
                self._is_held = False
                self._send()

    def check_intent(self, app: App) -> bool:
        """Make a webhook address prove that it checks signatures: empty deliveries, some signed wrongly.

        It must answer 2xx to the well signed and 401 to the others, each within five seconds.
        """
        is_proven = all(self._answers_rightly(app, is_good) for is_good in app.switches.intent_signatures)
        app.webhook_status = "ok" if is_proven else "failed"
        return is_proven

    def _answers_rightly(self, app: App, is_good: bool) -> bool:
        raw = to_json(app.envelope([]))
        key = app.webhook_key if is_good else f"{app.webhook_key}-wrong"
        try:
            answer = urllib3.request(
                "POST", app.webhook_url, body=raw, headers=_headers(key, raw), timeout=_ANSWER_WITHIN, retries=False
            )
        except urllib3.exceptions.HTTPError:
            return False
        return 200 <= answer.status < 300 if is_good else answer.status == 401

    def _send(self) -> None:
        gathered, self._gathered = self._gathered, {}
        for client_id, events in gathered.items():
            app = self._apps[client_id]
            if self.webhooks.faults.take("POST", app.webhook_url, "unknown_category"):
                events.append({**events[-1], "eventCategory": "UNHEARDOF"})
            raw = to_json(app.envelope(events))
            self.webhooks.queue(
                app.webhook_url, raw, _headers(app.webhook_key, raw), ladder=XERO_LADDER, timeout=_ANSWER_WITHIN
            )


def _headers(key: str, body: bytes) -> dict[str, str]:
    return {"Content-Type": "application/json; charset=utf-8", "x-xero-signature": signature(key, body)}
