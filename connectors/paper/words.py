"""How a paper writes: its days, amounts and calculations, and the few words of ours, in the language of its text."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency
from msgspec import Struct

from engine.money import Money
from engine.plan import FeeLine
from engine.statutory import BY_LAW
from engine.telling import PAPERS, calculated, catalogue


class Hand(Struct, frozen=True):
    """Who writes a paper: the locale of its days and amounts, such as `de_DE`."""

    locale: str

    @property
    def language(self) -> str:
        """English but where papers are written in the locale's own language."""
        return self.locale[:2] if self.locale[:2] in PAPERS else "en"

    def say(self, words: str) -> str:
        """Words of ours in the paper's language; as they are where nobody has translated them."""
        return catalogue(self.language).sentence(words)

    def clause(self, clause: str) -> str:
        """What allows a charge: a law is named in the paper's language, a company's own words stay as they are."""
        return self.say(clause) if clause.startswith(BY_LAW) else clause

    def calculation(self, line: FeeLine) -> str:
        """One line of a calculation, behind the invoice that it is about."""
        return f"{line.number}: {calculated(line.calculation, self.language, self.locale)}"

    def day(self, value: date) -> str:
        return format_date(value, "medium", locale=self.locale)

    def amount(self, value: Money) -> str:
        # Rounded already: minor units are exact, so Babel has nothing left to round.
        return format_currency(value.amount, value.currency, locale=self.locale)
