"""Text from outside, made fit for a line of a message: nothing in it can break out of its place."""

from __future__ import annotations

import unicodedata

# Marks that turn the reading direction around can make one text look like another.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNWANTED = frozenset({"Cc", "Co", "Cs"})
"""Unicode categories: control characters, private use, lone surrogates."""


def one_line(text: str, longest: int = 500) -> str:
    """`text` on one line, without control characters, at most `longest` characters."""
    kept = "".join(
        letter
        for letter in " ".join(text.split())
        if letter not in DIRECTION_MARKS and unicodedata.category(letter) not in UNWANTED
    )
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"
