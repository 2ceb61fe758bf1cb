"""Single cells: dates, amounts, currencies and words, as exports write them. Pure.

Every failure is a BadCell that names the column, its value and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale

from connectors.errors import SkipRecord
from connectors.uploads.columns import Columns
from connectors.uploads.sheets import Cell, Line
from engine.money import minor_units

LARGEST = 10**15
"""Minor units."""
LONGEST = 500
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T].*)?", re.ASCII)
_AMOUNT = {
    ".": re.compile(r"-?(?:\d{1,3}(?:[,' ]\d{3})+|\d+)(?:\.\d+)?", re.ASCII),
    ",": re.compile(r"-?(?:\d{1,3}(?:[.' ]\d{3})+|\d+)(?:,\d+)?", re.ASCII),
}
_SIGNS = re.compile(r"^[^\d\-(]{0,4}\s*|\s*[^\d)]{0,4}$")
"""A currency's sign or code around an amount."""
A_DATE = {
    "day first": "a date such as 28/02/2026, or as year-month-day",
    "month first": "a date such as 02/28/2026, or as year-month-day",
}
AN_AMOUNT = {".": "an amount such as 1,234.50", ",": "an amount such as 1.234,50"}


@cache
def _countries() -> dict[str, str]:
    """Name in small letters → code, of every country."""
    found = (pair for language in ("es", "en") for pair in Locale(language).territories.items())
    return {name.casefold(): code for code, name in found if len(code) == 2 and code.isalpha()}


class BadCell(SkipRecord):
    """One cell makes no sense: where it stands, what is in it, and what was expected."""

    def __init__(self, entity: str, record_id: str, line: int, column: str, value: str, expected: str) -> None:
        shown = f"“{value}”" if value else "empty"
        super().__init__(entity, record_id, f"Row {line}: {column} is {shown}, expected {expected}.")
        self.line, self.column, self.value, self.expected = line, column, value, expected


class Row:
    """One line of a file by field, and where it stood, so that a complaint says which line it is about."""

    def __init__(
        self, entity: str, line: Line, places: Mapping[str, int], headings: tuple[str, ...], columns: Columns
    ) -> None:
        self.entity, self.line, self.id = entity, line.number, ""
        self._cells, self._places, self._headings, self._columns = line.cells, places, headings, columns

    def name(self, id: str) -> None:
        """From now on a complaint names this id. Raises BadCell for a line that is flawed as a whole."""
        self.id = id
        extra = [cell for cell in self._cells[len(self._headings) :] if cell != ""]
        if extra:
            # 1,234.50 without quotes would otherwise be read as 1.
            expected = f"{len(self._headings)} cells as in the headings: does one of them need quotes?"
            raise BadCell(self.entity, id, self.line, "The row", f"{len(self._cells)} cells", expected)

    def bad(self, field: str, expected: str) -> BadCell:
        column = self._headings[self._places[field]] if field in self._places else field
        return BadCell(
            self.entity, self.id or f"row-{self.line}", self.line, column[:80], self.text(field)[:80], expected
        )

    def text(self, field: str) -> str:
        cell = self._cell(field)
        shown = f"{cell.normalize():f}" if isinstance(cell, Decimal) else str(cell)
        return "".join(letter for letter in shown if letter.isprintable()).strip()[:LONGEST]

    def needed(self, field: str) -> str:
        if not self.text(field):
            raise self.bad(field, "a value")
        return self.text(field)

    def day(self, field: str) -> date:
        cell, text, order = self._cell(field), self.needed(field), self._columns.date_order
        if isinstance(cell, date):
            return cell
        try:
            if found := _DAY.fullmatch(text):
                first, second, year = (int(part) for part in found.groups())
                return date(year, second, first) if order == "day first" else date(year, first, second)
            return date.fromisoformat(text[:10])
        except ValueError:
            raise self.bad(field, A_DATE[order]) from None

    def amount(self, field: str, currency: str) -> int:
        """Minor units of `currency`. Brackets make it negative, as in ledgers."""
        cell = self._cell(field)
        try:
            minor = minor_units(cell if isinstance(cell, Decimal) else self._written(field), currency)
        except ArithmeticError:
            minor = LARGEST + 1
        if abs(minor) > LARGEST:
            raise self.bad(field, "an amount of a plausible size")
        return minor

    def _written(self, field: str) -> Decimal:
        mark = self._columns.decimal_mark
        text = _SIGNS.sub("", self.needed(field).replace("\u00a0", " "))
        is_negative = text.startswith("(") and text.endswith(")")
        text = text.strip("()")
        if not _AMOUNT[mark].fullmatch(text):
            raise self.bad(field, AN_AMOUNT[mark])
        plain = re.sub(r"[^\d,.\-]", "", text).replace("," if mark == "." else ".", "")
        amount = Decimal(plain.replace(",", "."))
        return -amount if is_negative else amount

    def currency(self, usual: str) -> str:
        code = self.text("currency").upper() or usual
        if not re.fullmatch("[A-Z]{3}", code):
            raise self.bad("currency", "a currency's three letters, such as EUR")
        return code

    def country(self) -> str:
        """ISO 3166, from the code itself or a name in English or Spanish; "" for what is neither."""
        text = self.text("country")
        code = text.upper()
        return code if code in _countries().values() else _countries().get(text.casefold(), "")

    def _cell(self, field: str) -> Cell:
        place = self._places.get(field, -1)
        return self._cells[place] if 0 <= place < len(self._cells) else ""
