"""Notes in the books: what is left on an invoice or a customer over there, in the language of those who keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from connectors.mail.context import locale_of
from engine import keys
from engine.telling import told
from scheduler.doing import WriteNote, encode
from store.ledger import PlannedAct


@dataclass(frozen=True)
class Notes:
    """Writes the notes of one company. What its language has no words for stays English."""

    language: str
    country: str

    def after(self, act: PlannedAct, entity: str, id: str, *sentences: str) -> PlannedAct:
        """A note that is written once `act` is done."""
        return PlannedAct(
            kind="note",
            key=keys.note_key(act.key, entity, id),
            after_key=act.key,
            body=encode(WriteNote(entity, id, self.text(*sentences))),
        )

    def text(self, *sentences: str) -> str:
        """Sentences in our English, told anew."""
        if self.language == "en":
            return " ".join(sentences)
        locale = str(locale_of(self.country, self.language))
        return " ".join(told(sentence, self.language, locale) for sentence in sentences)

    def day(self, day: date) -> str:
        """A day for such a sentence: as English writes it, or in the form that is told anew in another language."""
        return format_date(day, format="long", locale="en_GB") if self.language == "en" else day.isoformat()
