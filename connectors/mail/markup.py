"""From one template source to both twins of a message, plain text and HTML.

The markup is light: a blank line begins a paragraph, `**words**` are bold. Values never meet it: while the template is
rendered each value is put into a numbered slot, and only after the markup has been read are the slots filled, escaped
for the twin they go into. So nothing that a customer calls itself can be markup, a template or HTML.
"""

from __future__ import annotations

import re
from functools import lru_cache

from jinja2 import Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from connectors.mail.blocks import Piece, lay_out
from connectors.mail.context import Block, Fields, MessageContext, Value, Writer, fields_of
from connectors.mail.guard import environment

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters around a slot's number; `_without_slots` takes them out of templates first."""
SLOT = re.compile(f"{OPEN}([0-9]+){CLOSE}")
BOLD = re.compile(r"\*\*(?=\S)([^\n]+?)(?<=\S)\*\*")
_SLOTS_KEY = " slots"
"""A name that no template can write."""
DAILY = ("today", "overdue_for")
"""Fields whose value is another one tomorrow, though nothing has happened."""


class _Slots:
    """The values of one rendering, in the order they were met."""

    def __init__(self, context: MessageContext) -> None:
        self._context, self.writer = context, Writer(context.country, context.language)
        self.pieces: list[Piece] = []

    def put(self, value: Value) -> str:
        self.pieces.append(self._piece(value))
        return f"{OPEN}{len(self.pieces) - 1}{CLOSE}"

    def _piece(self, value: Value) -> Piece:
        if isinstance(value, Block):
            return lay_out(value, self._context, self.writer)
        text = self.writer.write(value)
        return Piece(text, escape(text))


class _Draft(_Slots):
    """Writes values where they were met, and leaves a field where what we lay out ourselves will stand."""

    def put(self, value: Value) -> str:
        if isinstance(value, Block):
            return f"{{{{ {value.name} }}}}"
        # What a customer calls itself is text, also to whoever reads the draft as a template again.
        return re.sub(r"\{(?=[{%#])", "{ ", self.writer.write(value))


@pass_context
def _into_slot(context: Context, value: Value) -> str:
    slots = context[_SLOTS_KEY]
    assert isinstance(slots, _Slots)  # noqa: S101  # put there by `fill`, below
    return slots.put(value)


_ENVIRONMENT = environment()
_ENVIRONMENT.finalize = _into_slot


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(re.sub(f"[{OPEN}{CLOSE}]", "", source))


def written_in(source: str, context: MessageContext) -> str:
    """A template for one message alone: conditions are decided and values written in, in the place of their fields.

    What we lay out ourselves and what changes with the day stay fields.
    """
    draft = _Draft(context)
    fields: Fields = {**fields_of(context, draft.writer), **{name: Block(name) for name in DAILY}}
    return _compiled(source.replace("\r\n", "\n")).render({**fields, _SLOTS_KEY: draft})


class Filled:
    """A template with its values in their slots, ready to be written as either twin."""

    def __init__(self, source: str, context: MessageContext) -> None:
        slots = _Slots(context)
        written = _compiled(source.replace("\r\n", "\n")).render(
            {**fields_of(context, slots.writer), _SLOTS_KEY: slots}
        )
        self._pieces = slots.pieces
        self._paragraphs = _paragraphs(written, slots.pieces)

    def text(self) -> str:
        written = [SLOT.sub(self._as_text, BOLD.sub(r"\1", paragraph)) for paragraph in self._paragraphs]
        return "\n\n".join(paragraph for paragraph in written if paragraph.strip())

    def html(self) -> Markup:
        return Markup("\n").join(self._paragraph_html(paragraph) for paragraph in self._paragraphs)

    def _paragraph_html(self, paragraph: str) -> Markup:
        alone = SLOT.fullmatch(paragraph)
        if alone and self._pieces[int(alone[1])].is_block:
            return self._pieces[int(alone[1])].html
        marked = BOLD.sub(r"<strong>\1</strong>", str(escape(paragraph))).replace("\n", "<br>\n")
        # The text was escaped above and each slot's HTML when it was made; nothing else is in here.
        return Markup("<p>" + SLOT.sub(self._as_html, marked) + "</p>")  # noqa: S704

    def _as_text(self, slot: re.Match[str]) -> str:
        return self._pieces[int(slot[1])].text

    def _as_html(self, slot: re.Match[str]) -> str:
        return str(self._pieces[int(slot[1])].html)


def _paragraphs(written: str, pieces: list[Piece]) -> list[str]:
    """Paragraphs of a rendered template; a block stands in one of its own, wherever it was written."""

    def apart(slot: re.Match[str]) -> str:
        return f"\n\n{slot[0]}\n\n" if pieces[int(slot[1])].is_block else slot[0]

    parts = re.split(r"\n\s*\n", SLOT.sub(apart, written))
    return [part.strip() for part in parts if part.strip()]
