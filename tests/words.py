"""Every sentence of ours that a reader may see, gathered from the sources, and which of them a catalogue lacks.

python -m tests.words es      prints what is missing, ready to be translated and added to engine/telling/es.po
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.telling import Catalogue, catalogue
from webapp.words import messages_of

HOUSE = Path(__file__).parent.parent
TEMPLATES = "webapp/templates/**/*.html"
REASONS = ("engine/reasons/*.py",)
"""Whatever is written in these is said to a reader: phrases of two words as well as sentences."""
SAID = (
    *("webapp/views/*.py", "webapp/forms/*.py", "webapp/app.py", "webapp/security.py", "webapp/pictures.py"),
    *("store/answers.py", "engine/questions.py", "store/acts.py", "store/ledger.py", "store/effects.py"),
    *("scheduler/booking.py", "scheduler/by_hand.py", "scheduler/performing.py", "scheduler/fresh.py"),
    *("scheduler/acts.py", "scheduler/messages.py", "scheduler/fees.py", "scheduler/discounts.py"),
    *("scheduler/owner_mail.py", "store/alerts.py", "webapp/invitation_mail.py"),
)
"""In these a sentence is told from other text by its capital letter or its full stop."""
_NOT_SAID = re.compile(
    r"/|default-src|max-age|text/|inline:|Preferred-|Permissions-|Cache-|Content-|Contact:|Expires:|Canonical:|HX-"
    r"|Value error,|the facts of|Callable\["
)
_SENTENCE = re.compile(r"^(?:[A-Z0-9].* .*|.* .*[.?!:])$", re.DOTALL)


def missing(language: str) -> list[str]:
    """What the catalogue of a language lacks, each once, a slot of any kind as `{}`."""
    known = catalogue(language)
    return list(dict.fromkeys([*_in_templates(known), *_in_sources(known)]))


def _in_templates(known: Catalogue) -> Iterator[str]:
    for path in sorted(HOUSE.glob(TEMPLATES)):
        source = path.read_text("utf-8")
        yield from (message for message in messages_of(source) if message not in known)
        for statement in re.findall(r"\{% (?:for|set) .*?%\}", source, re.DOTALL):
            yield from (text for text in re.findall(r'"([A-Z][^"]*)"', statement) if text not in known)


def _in_sources(known: Catalogue) -> Iterator[str]:
    for patterns, is_all in ((REASONS, True), (SAID, False)):
        for path in sorted(path for pattern in patterns for path in HOUSE.glob(pattern)):
            for text in _texts(ast.parse(path.read_text("utf-8")), is_all):
                filled = text.replace("{}", "7").strip()
                if known.sentence(filled) == filled and filled not in known:
                    yield text


def _texts(tree: ast.Module, is_all: bool) -> Iterator[str]:
    """Constants and f-strings, docstrings left out, a value within as `{}`."""
    silent = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.JoinedStr):
            silent |= (
                {id(part) for whole in one.values for part in ast.walk(whole)} if not is_all else _plain_parts(one)
            )
    for one in ast.walk(tree):
        text = _text(one)
        if text and id(one) not in silent and _is_said(text, is_all):
            yield text


def _plain_parts(joined: ast.JoinedStr) -> set[int]:
    """The words of an f-string and its formats: part of it, and no text of their own."""
    formats = [one.format_spec for one in joined.values if isinstance(one, ast.FormattedValue) and one.format_spec]
    return {id(one) for one in joined.values} | {id(part) for spec in formats for part in ast.walk(spec)}


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return ""


def _is_said(text: str, is_all: bool) -> bool:
    words = text.replace("{}", "")
    if not re.search(r"[^\W\d_]{2}", words) or _NOT_SAID.match(text) or " " not in text.strip():
        return False
    return is_all or bool(_SENTENCE.match(text))


if __name__ == "__main__":
    for message in missing(sys.argv[1]):
        print(message)  # noqa: T201  # a command
