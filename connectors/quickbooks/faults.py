"""What an answer of QuickBooks Online that is not a success means: by HTTP status first, by code second.

Pure. The same fault comes in several shapes (capital `Fault`, the gateway's lower-case `fault`, a flat object, XML, a
proxy's HTML), so reading it never fails: at worst it yields no code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from connectors.calls import TokenRejected, unanswered
from connectors.errors import DunwellError, ReconnectNeeded, Refused, RetryLater
from connectors.pace import retry_after

TITLE = "QuickBooks Online"
THROTTLED_FOR = timedelta(seconds=60)
"""What a 429 asks for where no Retry-After says otherwise. Source: Intuit, API limits."""
TOKEN_REJECTED, NOT_ALLOWED, NOT_ADMIN, THROTTLED, STALE, CHARACTERS = 3200, 3100, 120, 3001, 5010, 500
_XML_CODE = re.compile(rb'\bcode\s*=\s*"(\d{1,9})"')
_SECRETS = re.compile(r"(?i)\b(bearer token:|bearer|token[:=])\s*\S+")


class Stale(Refused):
    """Somebody changed the document since we read it: read it again, think again, try again."""


class CharactersRefused(Refused):
    """Perhaps the text's characters: a US company may take none outside ISO-8859-1. The code has other causes too."""


class Fault(Struct, frozen=True):
    """The first error of a fault. `code` 0 where none can be read; `text` is the platform's own words."""

    code: int
    text: str


def classify(status: int, headers: Mapping[str, str], body: bytes, *, changes_something: bool) -> DunwellError:
    """The error that an unsuccessful answer is. `changes_something` says whether the call was a write."""
    fault = read_fault(body)
    text = fault.text + trace(headers)
    if status == 429 or fault.code == THROTTLED:
        return RetryLater(TITLE, retry_after(headers, THROTTLED_FOR), "too many calls" + trace(headers))
    if status == 401 or fault.code == TOKEN_REJECTED:
        return TokenRejected(f"{TITLE} no longer accepts our access to this company. Connect it again.{trace(headers)}")
    if status == 403 or fault.code in (NOT_ALLOWED, NOT_ADMIN):
        return ReconnectNeeded(f"{TITLE} no longer lets us into this company. Connect it again as its admin. {text}")
    if status >= 500 or not fault.code:
        return unanswered(TITLE, f"it answered {status}{trace(headers)}", changes_something=changes_something)
    return {STALE: Stale, CHARACTERS: CharactersRefused}.get(fault.code, Refused)(text)


def read_fault(body: bytes) -> Fault:
    try:
        found = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        code = _XML_CODE.search(body)
        return Fault(int(code.group(1)) if code else 0, "The answer could not be read.")
    error = _first_error(found)
    return Fault(_code(error), _text(error))


def fault_in(body: bytes) -> bool:
    """Whether a 200 is a fault all the same. Looks only where the word occurs: pages are long, faults are rare."""
    if b'"Fault"' not in body and b'"fault"' not in body:
        return False
    try:
        found = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return False
    return any(bytes(found.get(name, b"null")) != b"null" for name in ("Fault", "fault"))


def trace(headers: Mapping[str, str]) -> str:
    """Intuit's trace id, which its support asks for: ` (intuit_tid 1-5f…)`, or nothing."""
    id = next((value for name, value in headers.items() if name.lower() == "intuit_tid"), "")
    id = re.sub(r"[^\w-]", "", id)[:64]
    return f" (intuit_tid {id})" if id else ""


def _first_error(found: object) -> dict[str, Any]:
    """Whichever of the shapes it is, with its names in lower case; empty where there is none."""
    outer = _lowered(found)
    fault = _lowered(outer.get("fault")) or outer
    errors = fault.get("error")
    return _lowered(errors[0]) if isinstance(errors, list) and errors else fault


def _lowered(found: object) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in found.items()} if isinstance(found, dict) else {}


def _code(error: dict[str, Any]) -> int:
    digits = re.sub(r"\D", "", str(error.get("code", "")))[:9]
    return int(digits or 0)


def _text(error: dict[str, Any]) -> str:
    """Message and detail, fit to be shown: one line, no token, at most 500 characters."""
    said = [str(error[name]) for name in ("message", "detail") if error.get(name)]
    if len(said) == 2 and said[0] in said[1]:
        said = said[1:]
    line = " ".join(" ".join(said).split())
    return _SECRETS.sub(r"\1 …", line)[:500] or "No reason given."
