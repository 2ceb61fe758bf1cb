"""Wordings: what each message says, with a preview on a real customer before anything is saved."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from connectors.errors import DunwellError
from connectors.mail.context import MissingFactError
from connectors.mail.guard import FIELDS, LONGEST, TemplateProblem
from connectors.mail.templates import NAMES, BadTemplateError, Rendered, Source, check_template, template
from engine.telling import LANGUAGES
from store import home as reads
from store import people, wishes
from store import wordings as kept
from webapp import access
from webapp.forms.choices import MESSAGES
from webapp.forms.words import source_sent
from webapp.limits import TEST_MAILS, limiter
from webapp.names import customer_names
from webapp.sample import as_test, preview
from webapp.services import now, services

pages = Blueprint("wordings", __name__)

OFFERED = 30
"""Customers to choose from for the preview: those who owe most."""


@pages.get("/settings/wordings")
@access.for_company("viewer")
def show_all() -> ResponseReturnValue:
    """Every message, and whether its words are the company's own."""
    with services().database.read() as reading:
        own = kept.in_force(reading, access.company_id())
        named = people.names_of(reading, {one.saved_by for one in own.values()})
    kept_in = {name: [(code, own.get(kept.name_in(name, code))) for code in LANGUAGES] for name in NAMES}
    return render_template("wordings.html", names=NAMES, titles=MESSAGES, kept=kept_in, named=named)


@pages.get("/settings/wordings/<name>")
@access.for_company("viewer")
def show(name: str) -> ResponseReturnValue:
    """The words in force, the fields that may be used, and how it reads."""
    with services().database.read() as reading:
        own = kept.in_force(reading, access.company_id()).get(_kept_name(name))
    words = Source(own.subject, own.body) if own else template(name, _language())
    return _page(name, words, is_own=own is not None)


@pages.post("/settings/wordings/<name>")
@access.for_company("owner")
def save(name: str) -> ResponseReturnValue:
    """Save, preview, send a test to oneself, or go back to the house's own words, as the pressed button says."""
    if "give_back" in request.form:
        return _give_back(_known(name))
    source = source_sent()
    problems = _problems(_known(name), source)
    if "preview" in request.form and "HX-Request" in request.headers:
        return _page(name, source, problems)  # the words are half-written: what is wrong with them is no error yet
    if problems or "preview" in request.form:
        return _page(name, source, problems), 422 if problems else 200
    if "test" in request.form:
        return _send_test(name, source)
    with services().database.begin() as writing:
        kept.save(writing, access.company_id(), _kept_name(name), source.subject, source.body, now(), access.actor())
    flash("Saved. Messages use these words from now on, those that wait included.", "good")
    return _back_to(name)


def _give_back(name: str) -> ResponseReturnValue:
    with services().database.begin() as writing:
        kept.give_back(writing, access.company_id(), _kept_name(name), now(), access.actor())
    flash("Back to the words that Dunwell came with.", "good")
    return _back_to(name)


@limiter.limit(TEST_MAILS)
def _send_test(name: str, source: Source) -> ResponseReturnValue:
    mailer = services().mailer
    rendered, problems = _preview(name, source)
    if mailer is None or not g.user.email or rendered is None:
        why = "your sign-in tells no address." if mailer else "no mail server is set up."
        flash(f"No test was sent: {why}", "warn")
        return _page(name, source, problems)
    try:
        mailer.send(as_test(rendered, g.user.email))
    except DunwellError as error:
        flash(f"No test was sent: {error}", "warn")
    else:
        flash(f"A test is on its way to {g.user.email}. Nothing was saved.", "good")
    return _page(name, source)


def _page(name: str, source: Source, problems: list[TemplateProblem] | None = None, *, is_own: bool = False) -> str:
    with services().database.read() as reading:
        offered, is_theirs = _readers(reading)
        history = kept.history(reading, access.company_id(), _kept_name(name))
        named = people.names_of(reading, {one.saved_by for one in history})
    rendered, missing = (None, []) if problems else _preview(name, source, offered)
    return render_template(
        "wording.html",
        name=name,
        title=MESSAGES[name],
        source=source,
        problems=[*(problems or []), *missing],
        rendered=rendered,
        customers=offered,
        is_theirs=is_theirs,
        spoken=_language(),
        chosen=request.values.get("customer", ""),
        fields=FIELDS,
        longest=LONGEST,
        history=history,
        named=named,
        is_own=is_own,
    )


def _problems(name: str, source: Source) -> list[TemplateProblem]:
    """What is wrong with the words in themselves, else with what they say in this message."""
    return check_template(source.subject, source.body) or _preview(name, source)[1]


def _preview(
    name: str, source: Source, offered: Sequence[tuple[str, str]] = ()
) -> tuple[Rendered | None, list[TemplateProblem]]:
    """For the customer that was chosen, else for the first of those offered; for a made-up one where there are none."""
    customer = request.values.get("customer", "") or next((id for id, _ in offered), "")
    try:
        return preview(name, source, customer, _language()), []
    except BadTemplateError as bad:
        return None, bad.problems
    except MissingFactError as missing:
        return None, [TemplateProblem("body", 1, str(missing))]


def _readers(reading: Session) -> tuple[list[tuple[str, str]], bool]:
    """(id, name) of customers to preview with, and whether they are written to in this language.

    Where nobody is, those who owe most stand in for them.
    """
    company_id, language = access.company_id(), _language()
    noted = wishes.languages(reading, company_id)
    theirs = sorted(id for id, one in noted.items() if one == language)[:OFFERED]
    if language != "en" and theirs:
        names = customer_names(reading, company_id, theirs)
        return sorted(names.items(), key=lambda one: one[1].casefold()), True
    found = reads.heaviest(reading, company_id, 2 * OFFERED)
    if language == "en":
        found = [(id, name) for id, name in found if noted.get(id, "en") == "en"]
    return found[:OFFERED], language == "en"


def _back_to(name: str) -> ResponseReturnValue:
    return redirect(url_for("wordings.show", name=name, language=None if _language() == "en" else _language()))


def _language() -> str:
    """The language whose words are looked at."""
    asked = request.values.get("language", "en")
    return asked if asked in LANGUAGES else abort(404)


def _kept_name(name: str) -> str:
    return kept.name_in(_known(name), _language())


def _known(name: str) -> str:
    return name if name in NAMES else abort(404)
