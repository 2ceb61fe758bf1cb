"""Words: every text in a template is a message, looked up in the reader's language. Nothing needs to be marked.

What stands between two tags or statements is one message; an expression within it becomes a named slot:

    <p>Due {{ invoice.due_on | day }}</p>      is the message    Due {due_on}

So with what assistive technology reads out (`aria-label`, `alt`, `title`, `placeholder`), and with words that an
expression chooses between ("day" if one else "days", in double quotes), and with what a form field carries: its label,
its hint, its errors. `messages_of` lists a template's messages, for the catalogue (`engine/telling/es.po`) and for the
test that nothing in it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2.ext import Extension

_JINJA = r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
_QUOTED = rf'"(?:{_JINJA}|[^"])*"'
_TAG = rf"<(?:{_JINJA}|'[^']*'|{_QUOTED}|[^<>'\"])*>"
_SILENT = r"<(?P<element>script|style|svg|code)\b.*?</(?P=element)>|\{% block width %\}.*?\{% endblock %\}"
_PARTS = re.compile(rf"(?P<silent>{_SILENT})|(?P<statement>\{{%.*?%\}}|\{{#.*?#\}})|(?P<tag>{_TAG})", re.DOTALL)
_READ_OUT = re.compile(rf'(?P<head>\s(?:aria-label|alt|title|placeholder)=")(?P<value>(?:{_JINJA}|[^"])*)"', re.DOTALL)
_EXPRESSION = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
_WORDS = r'"([^"{}]*[^\W\d_][^"{}]*)"'
_CHOSEN = re.compile(rf"{_WORDS}(?= if )|(?<=else ){_WORDS}|(?<= or ){_WORDS}")
_OF_A_FIELD = re.compile(r"\.label\.text\s*$|\.description\s*$|\.errors \| join\(\" \"\)\s*$")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?!\w*\s*\()")
_ATTRIBUTES = re.compile(r"[\w-]+=\"")
"""A piece of a tag, set aside for later."""
_LETTER = re.compile(r"[^\W\d_]")
_NOT_NAMES = {"if", "else", "not", "and", "or", "in", "is", "length", "loop"}


class Words(Extension):
    """Turns a template's texts into look-ups before Jinja reads it. The function it calls is named `told_here`."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  # Jinja's
        return rewritten(source)


def rewritten(source: str) -> str:
    """A template with its texts as look-ups. Lines stay where they were, so that errors name the right place."""
    return "".join(_rewritten(kind, text) for kind, text in _split(source))


def messages_of(source: str) -> list[str]:
    """The messages of one template, in order."""
    found = re.findall(r'told_here\("((?:[^"\\]|\\.)*)"', rewritten(source))
    return [one.replace('\\"', '"') for one in found]


def _split(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    for found in _PARTS.finditer(source):
        yield "text", source[at : found.start()]
        yield "tag" if found["tag"] else "", found[0]
        at = found.end()
    yield "text", source[at:]


def _rewritten(kind: str, text: str) -> str:
    if kind == "text":
        return _look_up(text)
    if kind == "tag":
        return _READ_OUT.sub(lambda found: f'{found["head"]}{_look_up(found["value"])}"', text)
    return text


def _look_up(run: str) -> str:
    """One text run as a look-up; untouched where it holds no word of ours."""
    if not _LETTER.search(_EXPRESSION.sub("", run)) or _ATTRIBUTES.match(run.strip()):
        return _EXPRESSION.sub(lambda found: "{{" + _choose(found[1]) + "}}", run)
    message = run.strip()
    facts: dict[str, str] = {}
    for found in _EXPRESSION.finditer(message):
        name = _name(found[1], facts)
        facts[name] = _choose(found[1])
    names = iter(facts)
    text = " ".join(_EXPRESSION.sub(lambda _: "{" + next(names) + "}", message).split()).replace('"', '\\"')
    given = "".join(f", {name}=({fact.strip()})" for name, fact in facts.items())
    head, tail = run[: len(run) - len(run.lstrip())], run[len(run.rstrip()) :]
    lines = "\n" * message.count("\n")
    return f'{head}{{{{ told_here("{text}"{given}){lines} }}}}{tail}'


def _choose(expression: str) -> str:
    """The words between which an expression chooses, each looked up; and a form field's own words."""
    if _OF_A_FIELD.search(expression):
        return f"{expression.rstrip()} | said "
    return _CHOSEN.sub(lambda found: f'told_here("{found[1] or found[2] or found[3]}")', expression)


def _name(expression: str, taken: dict[str, str]) -> str:
    """A slot's name: the fact that the expression begins with."""
    plain = re.sub(r'"[^"]*"', "", expression)
    paths = (path.split(".")[-1] for path in _PATH.findall(plain.split("|")[0]))
    name = next((path for path in paths if path not in _NOT_NAMES), "value")
    known, number = name, 2
    while name in taken:
        name, number = f"{known}_{number}", number + 1
    return name
