"""A message that waits to go: the mail, what it was written from, and the words of a person who changed it meanwhile.

What a person changes is a template like any other, made for this one message: figures are written in it, and what
Dunwell lays out itself, or what changes with the day, stays a field. Such words hold for the figures they were written
about and for no others: `holds_for` says whether those are still the same.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from connectors.mail.context import MessageContext
from connectors.mail.markup import written_in
from connectors.mail.templates import Source, render_source
from connectors.ports import Mail


class SendMail(Struct, frozen=True, tag="mail", omit_defaults=True):
    """An email to the customer, rendered. The rest is there while a person may still change it."""

    mail: Mail
    invoice_ids: tuple[str, ...]
    facts: MessageContext | None = None
    """What it was written from."""
    words: Source | None = None
    """The template it was written with."""
    edited: Source | None = None
    """What a person put in place of those words."""
    edited_by: str = ""
    owners: dict[str, str] = {}
    """The customer of each invoice that is not the addressee's own: a sub-customer's."""


def draft_of(message: SendMail) -> Source | None:
    """What a person finds to change: their own words where they have changed it, else the message as it was written.

    None for a message that nobody may change.
    """
    if message.facts is None or message.words is None:
        return None
    if message.edited is not None:
        return message.edited
    return Source(written_in(message.words.subject, message.facts), written_in(message.words.body, message.facts))


def edited(message: SendMail, words: Source, by: str) -> SendMail:
    """The message in a person's own words. Raises BadTemplateError, or MissingFactError, for words that cannot be
    used in it, and ValueError for a message that nobody may change."""
    if message.facts is None:
        raise ValueError("what this message was written from is not known any more")
    return replace(_worded(message, words, message.facts), edited=words, edited_by=by)


def unedited(message: SendMail) -> SendMail:
    """The message as Dunwell wrote it."""
    if message.facts is None or message.words is None:
        raise ValueError("what this message was written from is not known any more")
    return replace(_worded(message, message.words, message.facts), edited=None, edited_by="")


def holds_for(message: SendMail, anew: SendMail) -> bool:
    """Whether a person's words may still go out: what they were written about is as it was."""
    return message.edited is None or _figures(message.facts) == _figures(anew.facts)


def as_worded(message: SendMail, anew: SendMail) -> SendMail:
    """What goes out: the message as of now, in the words of the person who changed it, if one did."""
    if message.edited is None or anew.facts is None:
        return anew
    worded = _worded(anew, message.edited, anew.facts)
    return replace(worded, edited=message.edited, edited_by=message.edited_by)


def _worded(message: SendMail, words: Source, facts: MessageContext) -> SendMail:
    text = render_source(words, facts)
    return replace(message, mail=replace(message.mail, subject=text.subject, text=text.text, html=text.html))


def _figures(facts: MessageContext | None) -> object:
    """What a text may have written in it. How many days late something is stays a field, so that it may change."""
    if facts is None:
        return None
    bills = tuple((due.invoice_id, due.number, due.due_on, due.balance) for due in facts.invoices)
    return facts.customer_name, facts.language, bills, facts.discount
