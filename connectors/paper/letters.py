"""The letter before claim, country by country: its text, how long the customer has to reply, and what to know of it.

The texts are a start, not legal advice: nothing is made of one before the owner has read it and approved it as the
company's own. They are templates like those of messages, with the figures of a claim besides. What the notes say of the
law was written from general knowledge and not read at its source: whoever approves a text checks it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from msgspec import Struct

from connectors.mail.context import MessageContext
from connectors.mail.markup import Filled
from connectors.mail.templates import BadTemplateError, Source, check_template
from engine.statutory.eu import EU_LAWS


class Letter(Struct, frozen=True, kw_only=True):
    """One country's letter."""

    name: str
    """As files and kept wordings call it."""
    place: str
    language: str = "en"
    """In which its text is written, and its days and amounts with it."""
    reply_days: int
    note: str
    """What its owner should know before approving it."""


_NOT_ADVICE = "Have it read by somebody who knows the law where your customers are."

LETTERS: dict[str, Letter] = {
    letter.name: letter
    for letter in (
        Letter(
            name="GB",
            place="England and Wales",
            reply_days=14,
            note="Between businesses 14 days are usual (Practice Direction – Pre-Action Conduct). Individuals and sole "
            "traders have 30 days, and the Information Sheet and Reply Form of the Pre-Action Protocol for Debt "
            "Claims must be enclosed. Scotland and Northern Ireland have rules of their own.",
        ),
        Letter(
            name="IE",
            place="Ireland",
            reply_days=14,
            note="Between businesses interest and compensation rest on S.I. No. 580 of 2012.",
        ),
        Letter(
            name="US",
            place="the United States",
            reply_days=14,
            note="States differ. Write in your own name: a creditor who writes as if he were a collector is treated as "
            "one, and consumers' debts have rules of their own.",
        ),
        Letter(
            name="CA",
            place="Canada",
            reply_days=14,
            note="Courts are the provinces'. Interest must be stated as a yearly rate. Quebec may ask for French.",
        ),
        Letter(
            name="AU",
            place="Australia",
            reply_days=14,
            note="Enclose copies of the invoices. Say nothing that you do not intend to do.",
        ),
        Letter(
            name="NZ",
            place="New Zealand",
            reply_days=14,
            note="Costs of collection can be claimed where your terms of trade say so.",
        ),
        Letter(
            name="DE",
            place="Germany",
            language="de",
            reply_days=14,
            note="In German. The customer must be in default (§ 286 BGB); the lump sum of § 288 (5) BGB is for "
            "businesses alone.",
        ),
        Letter(
            name="EU",
            place="the European Union",
            reply_days=14,
            note="Member states differ in form and language; interest rests on the national law.",
        ),
        Letter(name="general", place="other countries", reply_days=14, note="No country's form is known for this one."),
    )
}
_MEMBERS = frozenset(law.country for law in EU_LAWS)


def letter_for(country: str) -> Letter:
    """The letter for debts in a country, by its ISO 3166 code."""
    if country in LETTERS and len(country) == 2:
        return LETTERS[country]
    return LETTERS["EU" if country in _MEMBERS else "general"]


def wording_name(letter: Letter) -> str:
    """Under what name the company's own, approved text is kept."""
    return f"letter_{letter.name}"


@lru_cache(maxsize=len(LETTERS))
def house_text(letter: Letter) -> Source:
    """The text to start from."""
    subject, body = files(__package__).joinpath("texts", f"{letter.name}.txt").read_text("utf-8").split("\n\n", 1)
    return Source(subject.removeprefix("Subject: "), body)


def written(source: Source, context: MessageContext) -> tuple[str, tuple[str, ...]]:
    """A letter's title and its paragraphs. Raises BadTemplateError, and MissingFactError without a claim."""
    if problems := check_template(source.subject, source.body):
        raise BadTemplateError(problems)
    title = Filled(source.subject, context).text()
    return title, tuple(Filled(source.body, context).text().split("\n\n"))
