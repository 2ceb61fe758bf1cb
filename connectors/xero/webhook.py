"""Xero's webhooks: whether a delivery is Xero's, and which organisations it speaks of.

A delivery only says "look": the next run of those companies is brought forward and reads what changed from the books.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

import msgspec


class _Event(msgspec.Struct, rename="camel"):
    tenant_id: str | None = None


class _Delivery(msgspec.Struct):
    events: list[_Event] | None = None


_DELIVERY = msgspec.json.Decoder(_Delivery)


def is_genuine(body: bytes, signature: str, key: str) -> bool:
    """On the raw bytes, in constant time. Without a key nothing is genuine.

    An empty delivery is how Xero tries us out: rightly signed ones want 200, wrongly signed ones 401.
    """
    if not key:
        return False
    expected = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def tenants(body: bytes) -> tuple[str, ...]:
    """The organisations of a verified delivery, each once, whatever its events are about; none if unreadable."""
    try:
        events = _DELIVERY.decode(body).events or []
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ()
    return tuple(dict.fromkeys(event.tenant_id for event in events if event.tenant_id))
