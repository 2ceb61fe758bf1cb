"""Catalogues: one gettext file per language, whose messages may hold named slots, as in `{invoice} is a draft.`

A template knows its slots and asks for a message by name (`Catalogue.message`). A sentence that was written earlier, or
in another room, comes as it reads: `Catalogue.sentence` finds the message it was made from, and translates what stands
in the slots where that is a phrase of ours too. `tests/engine/test_catalogue.py` holds every sentence that our code
can say against the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files
from string import Formatter

from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "es": "Español"}
"""Languages that people can choose, each by its own name. English needs no catalogue."""
PAPERS = ("de",)
"""Languages in which nothing but papers is written: not offered to anybody."""
_DEPTH = 3
"""A phrase within a phrase within a sentence: nothing of ours goes deeper."""
_NUMBERS = ("n", "count")
"""Slots that hold a number and nothing else."""
_NAMES = ("customer", "company", "name", "names", "email", "numbers", "zone", "platform")
"""Slots that hold what somebody else wrote: a customer called Draft stays Draft."""


class Catalogue:
    """The messages of one language: English to theirs. An untranslated message stands for itself."""

    def __init__(self, messages: dict[str, str]) -> None:
        self._messages = messages
        slotted = (message for message in messages if "{" in message)
        # The wordiest first: of two messages that fit, the one that says more of the sentence itself is meant.
        ordered = sorted(slotted, key=lambda message: -len(re.sub(r"\{\w+\}", "", message)))
        self._patterns = [(_anchor(message), _pattern(message), messages[message]) for message in ordered]
        self.sentence = lru_cache(maxsize=4096)(self._sentence)

    def __contains__(self, message: str) -> bool:
        return message in self._messages

    @property
    def messages(self) -> Collection[str]:
        """All that is translated."""
        return self._messages.keys()

    def message(self, message: str) -> str:
        """The message in this language, its slots still open."""
        return self._messages.get(message, message)

    def _sentence(self, text: str, depth: int = 0) -> str:
        if not self._messages or text in self._messages:
            return self._messages.get(text, text)
        for anchor, pattern, translated in self._patterns if depth < _DEPTH else ():
            if anchor in text and (found := pattern.fullmatch(text)):
                facts = found.groupdict()
                return translated.format(**{name: self._in_slot(name, facts[name], depth + 1) for name in facts})
        return self._each(text, depth)

    def _in_slot(self, name: str, fact: str, depth: int) -> str:
        return fact if name in _NAMES else self._sentence(fact, depth)

    def _each(self, text: str, depth: int) -> str:
        """Several sentences in a row, each by itself."""
        parts = re.split(r"(?<=[.!?:]) +(?=[A-Z0-9“])", text)
        if len(parts) == 1 or depth >= _DEPTH:
            return text
        return " ".join(self._sentence(part, depth + 1) for part in parts)


@lru_cache(maxsize=len(LANGUAGES) + len(PAPERS))
def catalogue(language: str) -> Catalogue:
    """The catalogue of one of `LANGUAGES` or `PAPERS`; an empty one for English and for what nobody speaks here."""
    if language == "en" or language not in (*LANGUAGES, *PAPERS):
        return Catalogue({})
    with files(__package__).joinpath(f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    return Catalogue({str(one.id): str(one.string) for one in read if one.id and one.string and not one.fuzzy})


def slots(message: str) -> list[str]:
    """The names of a message's slots, in order."""
    return [name for _, name, _, _ in Formatter().parse(message) if name]


def _pattern(message: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for words, name, _, _ in Formatter().parse(message):
        parts.append(re.escape(words))
        if name:
            kind = r"\d+" if name in _NUMBERS else ".+?"
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{kind})")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _anchor(message: str) -> str:
    """The longest run of words outside the slots: what a sentence must hold to be worth the closer look."""
    return max((words for words, _, _, _ in Formatter().parse(message)), key=len, default="")
