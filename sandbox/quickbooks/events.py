"""Webhooks: what happened in a company's books, told to the apps connected to it, signed, in either format."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from sandbox.quickbooks.books import Event
from sandbox.quickbooks.encode import Document, encode
from sandbox.quickbooks.settings import App

TOLD = frozenset({"Customer", "Invoice", "Payment", "CreditMemo", "Item", "Term", "Preferences"})
"""What webhooks speak of. Attachable is not among them."""
_VERBS = {
    "Create": "created",
    "Update": "updated",
    "Delete": "deleted",
    "Merge": "merged",
    "Emailed": "emailed",
    "Void": "voided",
}


def told(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.entity in TOLD and event.operation]


def body(app: App, events: Sequence[tuple[str, Event]]) -> bytes:
    """The bytes of one call for (realm, event) pairs, which may be of several realms."""
    if app.webhook_format == "legacy":
        return encode(_legacy(events))
    return encode([_cloud_event(realm, event) for realm, event in events])


def headers(app: App, content: bytes) -> dict[str, str]:
    """With the signature over exactly these bytes."""
    kind = "application/json" if app.webhook_format == "legacy" else app.webhook_content_type
    return {"Content-Type": kind, "intuit-signature": signature(app.webhook_key, content)}


def signature(key: str, content: bytes) -> str:
    """base64 of HMAC-SHA256. Source: Intuit, webhooks, "Validating the notification"."""
    return base64.b64encode(hmac.new(key.encode(), content, hashlib.sha256).digest()).decode()


def _legacy(events: Sequence[tuple[str, Event]]) -> Document:
    by_realm: dict[str, list[Document]] = {}
    for realm, event in events:
        at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        entity = {"name": event.entity, "id": event.id, "operation": event.operation, "lastUpdated": at}
        by_realm.setdefault(realm, []).append(entity | ({"deletedId": event.deleted_id} if event.deleted_id else {}))
    notifications = [{"realmId": realm, "dataChangeEvent": {"entities": found}} for realm, found in by_realm.items()]
    return {"eventNotifications": notifications}


def _cloud_event(realm: str, event: Event) -> Document:
    """Time has nanoseconds, on which many parsers choke; `datacontenttype` may be missing and is."""
    source = base64.b64encode(hashlib.sha256(realm.encode()).digest()).decode()
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": f"intuit.{source}",
        "type": f"qbo.{event.entity.lower()}.{_VERBS[event.operation]}.v1",
        "time": _nanoseconds(event.at),
        "intuitentityid": event.id,
        "intuitaccountid": realm,
        "data": {"deletedid": event.deleted_id} if event.deleted_id else {},
    }


def _nanoseconds(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "517Z"
