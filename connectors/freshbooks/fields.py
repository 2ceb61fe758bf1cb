"""Single fields of FreshBooks' objects: checked, and turned into our kinds of values.

Pure. Every value is taken as hostile. What does not fit raises SkipRecord with a sentence that names the field, its
value and what was expected; `translate` adds which record it was.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale

from connectors.errors import SkipRecord
from connectors.freshbooks.shapes import Amount, Id
from connectors.texts import is_id
from engine.money import minor_units

EASTERN = ZoneInfo("America/New_York")
"""The zone of accounting times, which do not say it. Source: freshbooks-sdk 1.3.0, `models.py`."""
LARGEST = 10**15
_CURRENCY = re.compile(r"[A-Z]{3}")


def unfit(field: str, value: object, expected: str) -> SkipRecord:
    found = "missing" if value is None else repr(str(value)[:60])
    return SkipRecord("", "", f"{field} is {found}, expected {expected}")


def checked_id(field: str, value: Id) -> str:
    id = str(value) if value is not None else None
    if id is None or not is_id(id):
        raise unfit(field, value, "an id")
    return id


def currency_of(field: str, money: Amount | None) -> str:
    code = money.code if money else None
    if code is None or not _CURRENCY.fullmatch(code):
        raise unfit(f"{field}.code", code, "an ISO 4217 code")
    return code


def amount(field: str, money: Amount | None, currency: str) -> int:
    """In minor units of `currency`."""
    value = money.amount if money else None
    if value is None or not value.is_finite() or abs(value) >= LARGEST:
        raise unfit(field, value, "an amount of at most 15 digits")
    if money is not None and money.code not in (None, currency):
        raise unfit(f"{field}.code", money.code, currency)
    return minor_units(value, currency)


def needed_day(field: str, value: date | None) -> date:
    if value is None:
        raise unfit(field, None, "a date")
    return value


def updated_at(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=EASTERN).astimezone(UTC)
    except ValueError:
        raise unfit("updated", value, "a time like 2026-03-04 10:20:30") from None


def country_code(name: str | None) -> str:
    """FreshBooks writes countries out, in English. Empty for one that nobody knows by that name."""
    return _countries().get((name or "").strip().casefold(), "")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    names = Locale("en").territories
    known = {str(name).casefold(): code for code, name in names.items() if re.fullmatch("[A-Z]{2}", code)}
    return known | {"usa": "US", "united states of america": "US"}
