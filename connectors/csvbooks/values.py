"""Single cells: dates, amounts, currencies and words, as exports write them. Pure.

Every failure is a SkipRecord that names the column's field, its value and what was expected.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from connectors.csvbooks.columns import Columns
from connectors.errors import SkipRecord
from engine.money import minor_units

LARGEST = 10**15
"""Minor units."""
LONGEST = 500
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
_AMOUNT = {
    ".": re.compile(r"-?(?:\d{1,3}(?:[,' ]\d{3})+|\d+)(?:\.\d+)?", re.ASCII),
    ",": re.compile(r"-?(?:\d{1,3}(?:[.' ]\d{3})+|\d+)(?:,\d+)?", re.ASCII),
}
_SIGNS = re.compile(r"^[^\d\-(]{0,4}\s*|\s*[^\d)]{0,4}$")
"""A currency's sign or code around an amount."""


class Row:
    """One line of a file by field, and where it stood, so that a complaint says which line it is about."""

    def __init__(self, entity: str, line: int, cells: dict[str, str], columns: Columns, flaw: str = "") -> None:
        """`flaw` is what is wrong with the line as a whole."""
        self.entity, self.line, self._cells, self._columns = entity, line, cells, columns
        self._flaw = flaw
        self.id = ""

    def name(self, id: str) -> None:
        """From now on a complaint names this id. Raises SkipRecord for a line that is flawed as a whole."""
        self.id = id
        if self._flaw:
            raise SkipRecord(self.entity, id, f"line {self.line}: {self._flaw}")

    def skip(self, field: str, expected: str) -> SkipRecord:
        shown = repr(self.text(field)[:80]) if self.text(field) else "missing"
        return SkipRecord(
            self.entity, self.id or f"line-{self.line}", f"line {self.line}: {field} is {shown}, expected {expected}"
        )

    def text(self, field: str) -> str:
        cell = self._cells.get(field, "")
        return "".join(letter for letter in cell if letter.isprintable()).strip()[:LONGEST]

    def needed(self, field: str) -> str:
        if not self.text(field):
            raise self.skip(field, "a value")
        return self.text(field)

    def day(self, field: str) -> date:
        text = self.needed(field)
        try:
            if found := _DAY.fullmatch(text):
                first, second, year = (int(part) for part in found.groups())
                is_day_first = self._columns.date_order == "day first"
                return date(year, second, first) if is_day_first else date(year, first, second)
            return date.fromisoformat(text[:10])
        except ValueError:
            raise self.skip(field, f"a date such as 2026-02-28, or with the {self._columns.date_order}") from None

    def amount(self, field: str, currency: str) -> int:
        """Minor units of `currency`. Brackets make it negative, as in ledgers."""
        text = _SIGNS.sub("", self.needed(field).replace("\u00a0", " "))
        is_negative = text.startswith("(") and text.endswith(")")
        text = text.strip("()")
        if not _AMOUNT[self._columns.decimal_mark].fullmatch(text):
            raise self.skip(field, f"an amount with {self._columns.decimal_mark!r} before its decimals")
        plain = re.sub(r"[^\d,.\-]", "", text).replace("," if self._columns.decimal_mark == "." else ".", "")
        try:
            minor = minor_units(Decimal(plain.replace(",", ".")), currency)
        except ArithmeticError:
            minor = LARGEST + 1
        if abs(minor) > LARGEST:
            raise self.skip(field, "an amount of a plausible size")
        return -minor if is_negative else minor

    def currency(self, usual: str) -> str:
        code = self.text("currency").upper() or usual
        if not re.fullmatch("[A-Z]{3}", code):
            raise self.skip("currency", "an ISO 4217 code")
        return code
