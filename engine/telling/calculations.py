"""Calculations as a reader knows them: the words of one line in their language, its figures and days in their locale.

Pure. A line is kept as `1,500.00 × 11.75 % a year × 45/365 = 21.73`, plain figures without a currency. Whose invoice it
is about stands before it and is never translated: to an owner's own numbering a comma may be part of a number.
"""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import format_decimal

from engine.telling.catalogue import catalogue
from engine.telling.locale import localised

_FIGURE = re.compile(r"(?<![\w.,])-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\w,])")


def calculated(line: str, language: str, locale: str) -> str:
    """One line of a calculation. What the catalogue does not have stays English: readable beats missing."""
    return localised(catalogue(language).sentence(_FIGURE.sub(lambda found: _figure(found[0], locale), line)), locale)


def _figure(text: str, locale: str) -> str:
    """`1,500.00` with as many decimals as it has."""
    value = Decimal(text.replace(",", ""))
    places = -int(value.as_tuple().exponent)
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    return format_decimal(value, format=pattern, locale=locale)
