"""Single values out of Xero's JSON: dates in both their forms, amounts, currencies, words of a fixed list.

Every failure is a SkipRecord that names the field, its value and what was expected; `translate` adds which record it
was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import TypeVar

from babel.core import Locale, get_global

from connectors.errors import SkipRecord
from connectors.texts import is_id
from engine.money import minor_units

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/", re.ASCII)
DATE_FORMS = "a date such as /Date(1767571200000+0000)/ or 2026-01-05T00:00:00"
LARGEST = 10**15
"""Minor units. Xero takes line amounts up to 9,999,999,999.99; anything beyond this is a mistake."""

Meaning = TypeVar("Meaning")


def parse_instant(text: str) -> datetime | None:
    """An aware UTC instant from `/Date(ms±hhmm)/` or zone-less ISO; None for anything else.

    The suffix does not shift the instant: fields named …UTC have been seen with +1300 and still count from 1970 UTC.
    """
    if found := MS_DATE.fullmatch(text):
        try:
            return EPOCH + timedelta(0, 0, 0, int(found[1]))  # milliseconds; naming them takes as long again
        except OverflowError:
            return None
    try:
        parsed = datetime.fromisoformat(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def unfit(field: str, value: object, expected: str) -> SkipRecord:
    shown = "missing" if value is None else repr(value)[:80]
    return SkipRecord("", "", f"{field} is {shown}: expected {expected}")


def required(field: str, value: Meaning | None) -> Meaning:
    if value is None or value == "":
        raise unfit(field, value, "a value")
    return value


def checked_id(field: str, value: str | None) -> str:
    if value is not None and is_id(value):
        return value
    raise unfit(field, value, "an id")


def choice(field: str, value: str | None, meanings: Mapping[str, Meaning]) -> Meaning:
    if value is None or value not in meanings:
        raise unfit(field, value, "one of " + ", ".join(meanings))
    return meanings[value]


def currency_code(field: str, value: str | None) -> str:
    if value is None or value not in _currencies():
        raise unfit(field, value, "an ISO 4217 currency code")
    return value


def amount(field: str, value: Decimal | None, currency: str) -> int:
    """Minor units of `currency`."""
    if value is None:
        raise unfit(field, value, "a value")
    try:
        minor = minor_units(value, currency)
    except (DecimalException, OverflowError, ValueError):
        raise unfit(field, value, "an amount") from None
    if -LARGEST <= minor <= LARGEST:
        return minor
    raise unfit(field, value, "an amount of a plausible size")


def needed_day(field: str, value: str | None) -> date:
    found = _day(value) if value else None
    if found is None:
        raise unfit(field, value, DATE_FORMS if value else "a date")
    return found


def optional_day(field: str, value: str | None) -> date | None:
    """Calendar fields are midnight +0000 of a day in the company's own calendar: the UTC day, never converted."""
    return needed_day(field, value) if value else None


def optional_instant(field: str, value: str | None) -> datetime | None:
    if not value:
        return None
    if (instant := parse_instant(value)) is None:
        raise unfit(field, value, DATE_FORMS)
    return instant


def flag(field: str, value: bool | str | None) -> bool | None:
    """Booleans come as words now and then."""
    if value is None or isinstance(value, bool):
        return value
    return choice(field, value.lower(), {"true": True, "false": False})


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    """Remembered, for a few hundred days make up a whole book."""
    instant = parse_instant(text)
    return instant.date() if instant else None


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(get_global("all_currencies"))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").territories.items() if len(code) == 2}


def country_code(text: str | None) -> str:
    """ISO 3166 code of a country as people type it into an address ("New Zealand", "nz"); "" when it is not one."""
    typed = (text or "").strip()
    if len(typed) == 2 and typed.upper() in _countries().values():
        return typed.upper()
    return _countries().get(typed.casefold(), "")
