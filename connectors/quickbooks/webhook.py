"""Intuit's notifications: whether they are Intuit's, and which companies they name. An event is a hint, never data."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import msgspec

from connectors.texts import is_id


def verify(body: bytes, signature: str, key: str) -> bool:
    """Whether `signature` (header `intuit-signature`) is the base64 HMAC-SHA256 of the raw body, in constant time."""
    if not key:
        return False
    expected = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.strip().encode())


def companies(body: bytes) -> tuple[str, ...]:
    """The realm ids that a delivery names, each once, in either of Intuit's formats; empty for anything else."""
    try:
        found = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return ()
    return tuple(dict.fromkeys(id for id in _named(found) if isinstance(id, str) and is_id(id)))


def _named(found: Any) -> Iterator[Any]:
    # CloudEvents come as an array, the older format as an object. Both are in use until Intuit ends one.
    if isinstance(found, list):
        yield from (event.get("intuitaccountid") for event in found if isinstance(event, dict))
    elif isinstance(found, dict) and isinstance(notices := found.get("eventNotifications"), list):
        yield from (notice.get("realmId") for notice in notices if isinstance(notice, dict))
