"""What Xero's refusals mean for the caller. Four dialects, so the status is read first and JSON never assumed.

Ending a consent is not decided here: a 401 or 403 only says that something is wrong with it, and `client` looks closer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from connectors.errors import DunwellError, OutcomeUnknown, Refused, RetryLater
from connectors.pace import retry_after

MINUTE = timedelta(minutes=1)
OFFLINE = timedelta(minutes=5)
"""Xero's own estimate for "The Organisation is offline"."""
UNTIL_TOMORROW = timedelta(hours=6)
"""Where a used-up day says nothing about when it ends: a few looks a day cost nothing."""
DAY_USED_UP = "the calls that it allows this organisation in a day are used up"
BUSY = timedelta(seconds=5)
"""Too many at once comes without a Retry-After: the others only need to finish."""
LONGEST_TEXT = 500


class NotThere(Refused):
    """Xero has no such document, or it belongs to another organisation."""


class Message(msgspec.Struct, rename="pascal"):
    message: str | None = None
    description: str | None = None


class Element(msgspec.Struct, rename="pascal"):
    validation_errors: list[Message] | None = None


class Problem(msgspec.Struct, rename="pascal"):
    """Both JSON dialects: `Message` and `Elements` of the accounting API, `Title` and `Detail` of the gateway."""

    message: str | None = None
    elements: list[Element] | None = None
    title: str | None = None
    detail: str | None = None


_PROBLEM = msgspec.json.Decoder(Problem)


def refusal(status: int, headers: Mapping[str, str], body: bytes, *, is_write: bool) -> DunwellError:
    """The error that an answer other than 2xx, 401, 403 and 429 stands for."""
    text = explanation(body)
    if status == 503:
        # Turned away at the door: nothing was done, even for a write.
        return RetryLater("Xero", retry_after(headers, OFFLINE), text or "it is temporarily unavailable")
    if status >= 500:
        if is_write:
            return OutcomeUnknown(f"Xero failed ({status}) while it was writing, and does not say how far it came.")
        return RetryLater("Xero", MINUTE, f"it failed ({status})")
    if status == 404:
        return NotThere(f"Xero has no such document. {text}".strip())
    return Refused(f"Xero says: {text}" if text else f"Xero refused this ({status}) without saying why.")


def too_many(headers: Mapping[str, str]) -> RetryLater:
    """Spellings of the problem vary ("Minute", "DayLimit", "app-minute"): its beginning is compared in lower case."""
    problem = _named(headers).get("x-rate-limit-problem", "").lower()
    if problem.startswith("concurrent"):
        return RetryLater("Xero", retry_after(headers, BUSY), "too many calls at once")
    if problem.startswith(("day", "daily")):
        return RetryLater("Xero", retry_after(headers, UNTIL_TOMORROW), DAY_USED_UP)
    if is_of_app(headers):
        return RetryLater("Xero", retry_after(headers, MINUTE), "too many calls a minute over all companies")
    return RetryLater("Xero", retry_after(headers, MINUTE), "too many calls a minute")


def is_of_app(headers: Mapping[str, str]) -> bool:
    """Whether a 429 is about the calls of all companies together."""
    return _named(headers).get("x-rate-limit-problem", "").lower().startswith("app")


def left_today(headers: Mapping[str, str]) -> int | None:
    """Calls that this organisation has left today, whoever makes them; None where the answer does not say."""
    left = _named(headers).get("x-daylimit-remaining", "").strip()
    return int(left) if left.isascii() and left.isdecimal() and len(left) < 10 else None


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def explanation(body: bytes) -> str:
    """Xero's own words out of an answer, for the owner; "" where there are none."""
    try:
        problem = _PROBLEM.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _plain(body)
    found = [
        each.message or each.description or ""
        for element in problem.elements or ()
        for each in element.validation_errors or ()
    ]
    chosen = " ".join(filter(None, found)) or problem.message or problem.detail or problem.title or ""
    return _shortened(chosen)


def _plain(body: bytes) -> str:
    text = body[:LONGEST_TEXT].decode("utf-8", "replace")
    # A page or a broken object is no explanation that anybody wants to read.
    return "" if text.lstrip().startswith(("<", "{", "[")) else _shortened(text)


def _shortened(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:LONGEST_TEXT]
