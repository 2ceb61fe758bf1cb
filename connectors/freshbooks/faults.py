"""What an answer of FreshBooks that is not a success means: by HTTP status first, by `errno` second.

Pure. Errors come in several shapes: the accounting endpoints' `response.errors`, a newer gateway's `message` with
`details`, the identity endpoints' `error`. Sources: freshbooks-sdk 1.3.0, `api/accounting.py` and `api/auth.py`;
FreshBooks, "Errors".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from connectors.calls import AWAY_FOR, TokenRejected, unanswered
from connectors.errors import DunwellError, ReconnectNeeded, Refused, RetryLater
from connectors.pace import retry_after

TITLE = "FreshBooks"
ACCESS_DENIED, DELETED, UNKNOWN = 1003, 1011, 1012
_BUSY = {429: "too many calls", 409: "it is busy with the same document"}
"""Nothing was done, and the same call may be made again."""
_SECRETS = re.compile(r"(?i)\b(bearer|token[:=])\s*\S+")


class NotThere(Refused):
    """There is no such object, or no longer."""


class Fault(Struct, frozen=True):
    """The first error of an answer. `errno` 0 where none can be read; `text` is the platform's own words."""

    errno: int
    text: str


def classify(status: int, headers: Mapping[str, str], body: bytes, *, changes_something: bool) -> DunwellError:
    """The error that an unsuccessful answer is. `changes_something` says whether the call was a write."""
    fault = read_fault(body)
    if status in _BUSY:
        return RetryLater(TITLE, retry_after(headers, AWAY_FOR), _BUSY[status])
    if status == 401:
        return TokenRejected(f"{TITLE} no longer accepts our access to this business. Connect it again.")
    if status == 403 or fault.errno == ACCESS_DENIED:
        return ReconnectNeeded(f"{TITLE} no longer lets us into this business. Connect it again as its owner.")
    if status == 404 or fault.errno in (DELETED, UNKNOWN):
        return NotThere(fault.text)
    if 400 <= status < 500 and fault.text:
        return Refused(fault.text)
    return unanswered(TITLE, f"it answered {status}", changes_something=changes_something)


def read_fault(body: bytes) -> Fault:
    """Reading a fault never fails: at worst it says nothing."""
    try:
        found = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return Fault(0, "")
    error = _first_error(found if isinstance(found, dict) else {})
    said = error.get("message") or error.get("error_description") or ""
    return Fault(_number(error.get("errno")), _SECRETS.sub(r"\1 …", " ".join(str(said).split()))[:500])


def _first_error(found: dict[str, Any]) -> dict[str, Any]:
    response = found.get("response")
    errors = response.get("errors") if isinstance(response, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else errors
    if isinstance(first, dict):
        return first
    details = found.get("details")
    detail = details[0] if isinstance(details, list) and details else None
    if isinstance(detail, dict) and isinstance(detail.get("metadata"), dict):
        return {"errno": detail.get("reason"), "message": detail["metadata"].get("message")}
    return found


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0
