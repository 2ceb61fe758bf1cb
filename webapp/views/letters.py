"""The text of the letter before claim: read, changed and approved by the owner before the first one is made."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from connectors.mail.guard import FIELDS, LONGEST, TemplateProblem
from connectors.mail.templates import Source, check_template
from connectors.paper.letters import LETTERS, Letter, house_text, letter_for, wording_name
from store import people, wordings
from webapp import access
from webapp.forms.words import source_sent
from webapp.services import now, services

pages = Blueprint("letters", __name__)

USED = ("letter", "customer", "company", "sender", "count", "first_due_date", "today", "signature")
"""Fields that make sense in a letter."""


@pages.get("/settings/letter")
@access.for_company("viewer")
def show_own() -> ResponseReturnValue:
    """The letter of the company's own country."""
    return redirect(url_for("letters.show", name=letter_for(access.current_company().country).name))


@pages.get("/settings/letters/<name>")
@access.for_company("viewer")
def show(name: str) -> ResponseReturnValue:
    """The text in force, or the one to start from, and what to know of it."""
    letter = _known(name)
    with services().database.read() as reading:
        own = wordings.in_force(reading, access.company_id()).get(wording_name(letter))
    return _page(letter, Source(own.subject, own.body) if own else house_text(letter))


@pages.post("/settings/letters/<name>")
@access.for_company("owner")
def save(name: str) -> ResponseReturnValue:
    """Approve the text as the company's own, or take the approval back."""
    letter = _known(name)
    if "withdraw" in request.form:
        with services().database.begin() as writing:
            wordings.give_back(writing, access.company_id(), wording_name(letter), now(), access.actor())
        flash("Withdrawn. No letter is made until a text is approved again.", "good")
        return redirect(url_for("letters.show", name=letter.name))
    source = source_sent()
    problems = check_template(source.subject, source.body)
    if problems:
        return _page(letter, source, problems), 422
    with services().database.begin() as writing:
        kept = wording_name(letter)
        wordings.save(writing, access.company_id(), kept, source.subject, source.body, now(), access.actor())
    flash("Approved. Letters are made with this text, from the file of a customer.", "good")
    return redirect(url_for("letters.show", name=letter.name))


def _page(letter: Letter, source: Source, problems: list[TemplateProblem] | None = None) -> str:
    with services().database.read() as reading:
        own = wordings.in_force(reading, access.company_id()).get(wording_name(letter))
        named = people.names_of(reading, {own.saved_by} if own else set())
    return render_template(
        "letter_text.html",
        letter=letter,
        letters=LETTERS.values(),
        source=source,
        own=own,
        named=named,
        problems=problems or [],
        fields={name: FIELDS[name] for name in USED},
        longest=LONGEST,
    )


def _known(name: str) -> Letter:
    return LETTERS.get(name) or abort(404)
