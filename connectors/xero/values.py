"""Single values out of Xero's JSON: dates in both their forms, amounts, currencies, words of a fixed list.

Every failure is a SkipRecord that names the field, its value and what was expected.
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


class RecordReader:
    """Reads the values of one record and knows its name, so that a complaint says which record it is about."""

    __slots__ = ("entity", "id")

    def __init__(self, entity: str, record_id: str) -> None:
        self.entity, self.id = entity, record_id

    def skip(self, field: str, value: object, expected: str) -> SkipRecord:
        shown = "missing" if value is None else repr(value)[:80]
        return SkipRecord(self.entity, self.id, f"{field} is {shown}: expected {expected}")

    def required(self, field: str, value: Meaning | None) -> Meaning:
        if value is None or value == "":
            raise self.skip(field, value, "a value")
        return value

    def checked_id(self, field: str, value: str | None) -> str:
        if value is None or not is_id(value):
            raise self.skip(field, value, "an id")
        return value

    def choice(self, field: str, value: str | None, meanings: Mapping[str, Meaning]) -> Meaning:
        if value is None or value not in meanings:
            raise self.skip(field, value, "one of " + ", ".join(meanings))
        return meanings[value]

    def currency(self, field: str, value: str | None) -> str:
        if value is None or value not in _currencies():
            raise self.skip(field, value, "an ISO 4217 currency code")
        return value

    def amount(self, field: str, value: Decimal | None, currency: str) -> int:
        """Minor units of `currency`."""
        if value is None:
            raise self.skip(field, value, "a value")
        try:
            minor = minor_units(value, currency)
        except (DecimalException, OverflowError, ValueError):
            raise self.skip(field, value, "an amount") from None
        if not -LARGEST <= minor <= LARGEST:
            raise self.skip(field, value, "an amount of a plausible size")
        return minor

    def day(self, field: str, value: str | None) -> date:
        found = self.optional_day(field, value)
        if found is None:
            raise self.skip(field, value, "a date")
        return found

    def optional_day(self, field: str, value: str | None) -> date | None:
        """Calendar fields are midnight +0000 of a day in the company's own calendar: the UTC day, never converted."""
        day = _day(value) if value else None
        if value and day is None:
            raise self.skip(field, value, DATE_FORMS)
        return day

    def optional_instant(self, field: str, value: str | None) -> datetime | None:
        instant = parse_instant(value) if value else None
        if value and instant is None:
            raise self.skip(field, value, DATE_FORMS)
        return instant

    def flag(self, field: str, value: bool | str | None) -> bool | None:
        """Booleans come as words now and then."""
        if value is None or isinstance(value, bool):
            return value
        return self.choice(field, value.lower(), {"true": True, "false": False})


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
