"""Single fields of QuickBooks Online's documents: checked, and turned into our kinds of values.

Pure. Every value is taken as hostile. What does not fit raises SkipRecord with a sentence that names the field, its
value and what was expected; `translate` adds which record it was.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

import msgspec
from msgspec import Raw

from connectors.errors import SkipRecord
from connectors.quickbooks import shapes
from connectors.texts import is_id
from engine.money import minor_units

LARGEST = Decimal(10) ** 15
"""QuickBooks keeps at most 15 digits; anything above is not an amount."""
_CURRENCY = re.compile(r"[A-Z]{3}")


def unfit(field: str, value: object, expected: str) -> SkipRecord:
    return SkipRecord("", "", f"{field} is {_cut(value)}, expected {expected}")


def amount(field: str, value: Decimal | None, currency: str) -> int:
    """In minor units of `currency`."""
    try:
        if value is not None and -LARGEST < value < LARGEST:
            return minor_units(value, currency)
    except ArithmeticError:
        pass  # not a number
    raise unfit(field, value, "an amount of at most 15 digits")


def currency_of(ref: shapes.Ref | None, home: str) -> str:
    """A company with one currency names none on its documents."""
    currency = ref_id(ref) or home
    if not _is_currency(currency):
        raise unfit("CurrencyRef", currency, "an ISO 4217 code")
    return currency


@lru_cache(maxsize=512)
def _is_currency(code: str) -> bool:
    return _CURRENCY.fullmatch(code) is not None


def needed_day(field: str, value: date | None) -> date:
    if value is None:
        raise unfit(field, None, "a date")
    return value


def updated_at(document: shapes.Document) -> datetime | None:
    at = document.meta_data.last_updated_time if document.meta_data else None
    return at.astimezone(UTC) if at else None


def ref_id(ref: shapes.Ref | None) -> str:
    return (ref.value if ref else None) or ""


def checked_id(field: str, value: str | None) -> str:
    if value is not None and is_id(value):
        return value
    raise unfit(field, value, "an id")


def is_sent(email_status: str | None) -> bool | None:
    """None where nothing is said."""
    if email_status is None:
        return None
    if email_status not in ("NotSet", "NeedToSend", "EmailSent"):
        raise unfit("EmailStatus", email_status, "NotSet, NeedToSend or EmailSent")
    return email_status == "EmailSent"


def https_link(url: str | None) -> str:
    """A pay link is shown to customers: only https is taken over."""
    link = url.replace("\x00", "") if url else ""
    return link if link.startswith("https://") else ""


def explained(raw: Raw | bytes, error: Exception) -> str:
    """A decoding error as a sentence: `Balance is 'a lot', expected decimal`, as far as it names a path."""
    named = re.fullmatch(r"(.*?) - at `\$\.([A-Za-z.]+)`", str(error))
    if named is None:
        return f"The record cannot be read, expected a document: {str(error)[:200]}"
    try:
        found = msgspec.json.decode(raw)
        for name in named[2].split("."):
            found = found[name]
    except (ValueError, LookupError, TypeError, RecursionError):
        found = "…"
    wanted = named[1].replace("`", "").partition(", got ")[0].removeprefix("Invalid ").removeprefix("Expected ")
    return f"{named[2]} is {_cut(found)}, expected {wanted.removesuffix(' string')}"


def _cut(value: object) -> str:
    return "missing" if value is None else repr(str(value)[:60])
