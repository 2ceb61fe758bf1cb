"""Words: what a company wants its messages to say, and in which language each of its customers is written to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from connectors.mail.context import locale_of
from connectors.mail.templates import Source
from engine.plan import FeeLine
from engine.statutory import BY_LAW
from engine.telling import LANGUAGES, calculated, catalogue, told
from store import wishes, wordings


@dataclass(frozen=True)
class Words:
    """The words of one company. Who is written to in a language in which it has none of its own gets ours."""

    own: Mapping[str, Source]
    """By the name that `wordings.name_in` gives a message in a language."""
    languages: Mapping[str, str]
    """By customer; one who is missing is written to in English."""

    def language_of(self, customer_id: str) -> str:
        found = self.languages.get(customer_id, "en")
        return found if found in LANGUAGES else "en"

    def own_in(self, language: str, name: str) -> Source | None:
        return self.own.get(wordings.name_in(name, language))


@dataclass(frozen=True)
class Reader:
    """Who reads a document of ours: in which language, and how their country writes days and figures."""

    language: str
    country: str

    @property
    def _locale(self) -> str:
        return str(locale_of(self.country, self.language))

    def say(self, message: str, **facts: str) -> str:
        """A message of the catalogue, its slots filled with what nobody translates."""
        return catalogue(self.language).message(message).format(**facts)

    def clause(self, clause: str) -> str:
        """What allows a charge: the name of a law behind words of ours; a company's own words stay as they are."""
        return told(clause, self.language, self._locale) if clause.startswith(BY_LAW) else clause

    def line(self, line: FeeLine) -> str:
        """One line of a calculation, behind the invoice that it is about."""
        return f"{line.number}: {calculated(line.calculation, self.language, self._locale)}"


def words_for(session: Session, company_id: int, customer_ids: Collection[str] | None = None) -> Words:
    """The words of a company, for all its customers or for these."""
    own = {name: Source(one.subject, one.body) for name, one in wordings.in_force(session, company_id).items()}
    return Words(own, wishes.languages(session, company_id, customer_ids))
