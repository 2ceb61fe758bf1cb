"""How a paper writes: its days and amounts, and the few words of ours that stand on it, in the language of its text."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency
from msgspec import Struct

from engine.money import Money

_GERMAN = {
    "To": "An",
    "Schedule": "Anlage: Forderungsaufstellung",
    "What is owed": "Offene Rechnungen",
    "Interest and charges up to {}": "Zinsen und Kosten bis {}",
    "Invoice": "Rechnung",
    "Issued": "Ausgestellt",
    "Due": "Fällig",
    "Days overdue": "Tage überfällig",
    "Billed": "Berechnet",
    "Still owed": "Offen",
    "Total": "Summe",
    "How it comes about": "Berechnung",
    "Amount": "Betrag",
    "Interest and charges": "Zinsen und Kosten",
    "Debt, interest and charges": "Forderung, Zinsen und Kosten",
    "Each day after that adds": "Jeder weitere Tag",
}
_WORDS = {"de": _GERMAN}


class Hand(Struct, frozen=True):
    """Who writes a paper: the locale of its days and amounts, such as `de_DE`."""

    locale: str

    def say(self, words: str) -> str:
        """Words of ours in the paper's language; as they are where nobody has translated them."""
        return _WORDS.get(self.locale[:2], {}).get(words, words)

    def day(self, value: date) -> str:
        return format_date(value, "medium", locale=self.locale)

    def amount(self, value: Money) -> str:
        # Rounded already: minor units are exact, so Babel has nothing left to round.
        return format_currency(value.amount, value.currency, locale=self.locale)
