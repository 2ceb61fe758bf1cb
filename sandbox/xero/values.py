"""Values as Xero writes and reads them: JSON with exact decimals, its two date forms, money rounded by currency.

Knows no document. Inside the sandbox a calendar day is a `date`, an instant an aware UTC `datetime`, an amount a
Decimal.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import msgspec

Doc = dict[str, Any]
"""One document in Xero's own field names. Never changed in place: a change is a new Doc (see `tables`)."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_ID = "00000000-0000-0000-0000-000000000000"
ZERO = Decimal("0.00")
_MILLISECOND = timedelta(milliseconds=1)
_MS_DATE = re.compile(r"/?\\?/?Date\((-?\d{1,15})([+-]\d{4})?\)\\?/", re.ASCII)
_LARGEST = Decimal("99999999999")
_EXPONENTS = {
    "BHD": 3,
    "CLP": 0,
    "ISK": 0,
    "JOD": 3,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
    "UGX": 0,
    "VND": 0,
}

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def to_json(value: Any) -> bytes:
    """JSON with every Decimal as a number, digit for digit."""
    return _encoder.encode(value)


def from_json(body: bytes) -> Any:
    """Raises ValueError for anything but JSON; numbers with a point come out as Decimal."""
    return _decoder.decode(body)


def new_id() -> str:
    return str(uuid.uuid4())


def is_guid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


@lru_cache(maxsize=8192)
def ms_date(day: date) -> str:
    """A calendar day: midnight with offset zero, meaning that day in the organisation's own calendar."""
    return f"/Date({(day - EPOCH.date()).days * 86_400_000}+0000)/"


def ms_instant(at: datetime) -> str:
    return f"/Date({(at - EPOCH) // _MILLISECOND}+0000)/"


def iso_day(day: date) -> str:
    """The zone-less twin of a calendar day, as in `DateString`."""
    return f"{day.isoformat()}T00:00:00"


def iso_second(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def to_millisecond(at: datetime) -> datetime:
    return EPOCH + (at - EPOCH) // _MILLISECOND * _MILLISECOND


def parse_day(value: object) -> date:
    """A calendar day from ISO text or `/Date(ms)/`. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a date")
    found = _MS_DATE.fullmatch(value)
    if found:
        return _from_ms(found).date()
    return date.fromisoformat(value[:10])


def parse_instant(value: object) -> datetime:
    """An instant from ISO text (no zone means UTC) or `/Date(ms)/`. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not an instant")
    found = _MS_DATE.fullmatch(value)
    if found:
        return _from_ms(found)
    at = datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _from_ms(found: re.Match[str]) -> datetime:
    try:
        return EPOCH + timedelta(milliseconds=int(found[1]))
    except OverflowError:
        raise ValueError(f"{found[0]} is outside the calendar") from None


def parse_modified_since(text: str) -> datetime | None:
    """The bound of If-Modified-Since in any of the forms seen in the wild; None for nonsense, which Xero ignores."""
    for parse in (parse_instant, parsedate_to_datetime):
        try:
            at = parse(text.strip())
        except (ValueError, TypeError):
            continue
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return None


def is_documented_form(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", text) is not None


def parse_amount(value: object) -> Decimal:
    """An amount from a JSON number or quoted number. Raises ValueError for anything else, or beyond Xero's size."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise ValueError(f"{value!r} is not an amount")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not an amount") from None
    if not amount.is_finite() or abs(amount) > _LARGEST:
        raise ValueError(f"{value!r} is not an amount")
    return amount


def parse_flag(text: object) -> bool:
    """Booleans are spelt loosely: `true`, `True`, `TRUE`."""
    return str(text).strip().lower() == "true"


def places(currency: str) -> Decimal:
    """The smallest amount of a currency, ISO 4217: what amounts are rounded to."""
    return _CENT if currency not in _EXPONENTS else Decimal(1).scaleb(-_EXPONENTS[currency])


_CENT = Decimal("0.01")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half up, as an invoice is rounded on paper."""
    return amount.quantize(places(currency), ROUND_HALF_UP)


def text_of(source: Mapping[str, Any], key: str, longest: int = 4000) -> str:
    """A text field of a posted document. Raises ValueError where it is no text, or too long."""
    value = source.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} must be text")
    if len(value) > longest:
        raise ValueError(f"{key} must not be longer than {longest} characters")
    return value
