"""Telling: a reason's sentence with its days and amounts written as the reader's locale writes them.

Pure. Reasons are kept in one canonical form (ISO days, plain digits before an ISO 4217 code), so that two decisions can
be compared and an old one still be read in another locale. Which locale it is, the one who shows it knows.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision, list_currencies

from engine.money import Money

_DAY = re.compile(r"(?<![\w/#-])(\d{4})-(\d{2})-(\d{2})(?![\w-])")
_SUM = re.compile(r"(?<![\w.,-])(-?\d+(?:\.(\d+))?) ([A-Z]{3})\b")


def localised(sentence: str, locale: str) -> str:
    """`1230.50 USD by 2026-03-01` is `US$1,230.50 by 1 Mar 2026` in en_GB. What is no day or amount stays as it is."""
    return _SUM.sub(lambda found: _amount(found, locale), _DAY.sub(lambda found: _day(found, locale), sentence))


def _day(found: re.Match[str], locale: str) -> str:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return found[0]
    return format_date(day, "medium", locale=locale)


def _amount(found: re.Match[str], locale: str) -> str:
    currency = found[3]
    if currency not in _currencies() or len(found[2] or "") != get_currency_precision(currency):
        return found[0]
    return format_currency(Money.of(found[1], currency).amount, currency, locale=locale)


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())
