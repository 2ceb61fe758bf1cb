"""A message that waits for approval: read as it would go, put into one's own words, and approved or turned down."""

from __future__ import annotations

import msgspec
from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from connectors.mail.context import MissingFactError
from connectors.mail.guard import LONGEST, TemplateProblem
from connectors.mail.message import SendMail, draft_of, edited, unedited
from connectors.mail.templates import BadTemplateError, Source
from store import companies, ledger, people
from store.scope import Scope
from store.tables import Action
from webapp import access
from webapp.forms.words import source_sent
from webapp.names import customer_names
from webapp.services import now, services

pages = Blueprint("messages", __name__)

SETTLED = "Somebody else has settled it already."
FIELDS = ("invoice_table", "how_to_pay", "signature", "overdue_for", "today")
"""What a person may leave to Dunwell in a message of their own words."""
_MESSAGE = msgspec.json.Decoder(SendMail)


@pages.get("/tasks/messages/<key>")
@access.for_company("viewer")
def show(key: str) -> ResponseReturnValue:
    """The message as it would go, and its words to change."""
    with services().database.read() as reading:
        act = _act(reading, key)
    if act.state != "planned":
        flash(SETTLED, "warn")
        return redirect(url_for("tasks.show"))
    message = _message(act)
    return _page(act, message, draft_of(message))


@pages.post("/tasks/messages/<key>")
@access.for_company("bookkeeper")
def change(key: str) -> ResponseReturnValue:
    """Preview, save, save and approve, or go back to the message as it was written, as the pressed button says."""
    with services().database.read() as reading:
        act = _act(reading, key)
    message, source = _message(act), source_sent()
    if draft_of(message) is None:
        abort(404)
    if "reset" in request.form:
        return _keep(act, unedited(message), "The message is again as Dunwell wrote it.", words="as written")
    is_half_written = "preview" in request.form and "HX-Request" in request.headers
    try:
        anew = edited(message, source, access.actor())
    except (BadTemplateError, MissingFactError) as error:
        return _page(act, message, source, _problems(error)), 200 if is_half_written else 422
    if "preview" in request.form:
        return _page(act, anew, source)
    if source == draft_of(message):
        anew = message  # nothing was changed: that is no wording of one's own
    told = "Approved. It goes out in these words at the next run within your hours."
    said = "Saved. It goes out in these words once it is approved."
    words = {"subject": source.subject, "text": source.body}
    return _keep(act, anew, told if "approve" in request.form else said, **words)


def _keep(act: Action, message: SendMail, said: str, **told: str) -> ResponseReturnValue:
    company_id, at, by = access.company_id(), now(), access.actor()
    body = msgspec.json.encode(message).decode()
    with services().database.begin() as writing:
        is_kept = body == act.body or ledger.reword(writing, company_id, act.key, act.body, body, at, by, **told)
        if is_kept and "approve" in request.form:
            is_kept = ledger.approve(writing, company_id, act.key, at, by)
            companies.bring_forward(writing, company_id, at)
    flash(said if is_kept else SETTLED, "good" if is_kept else "warn")
    return redirect(url_for("tasks.show"))


def _page(act: Action, message: SendMail, source: Source | None, problems: list[TemplateProblem] | None = None) -> str:
    with services().database.read() as reading:
        names = customer_names(reading, access.company_id(), (act.customer_id,))
        named = people.names_of(reading, {message.edited_by} - {""})
    return render_template(
        "message.html",
        act=act,
        mail=message.mail,
        source=source,
        problems=problems or [],
        customer=names.get(act.customer_id, act.customer_id),
        edited_by=named.get(message.edited_by, message.edited_by),
        fields=FIELDS,
        longest=LONGEST,
        may_change=source is not None and g.role != "viewer",
    )


def _problems(error: BadTemplateError | MissingFactError) -> list[TemplateProblem]:
    return error.problems if isinstance(error, BadTemplateError) else [TemplateProblem("body", 1, str(error))]


def _act(session: Session, key: str) -> Action:
    return Scope(session, access.company_id()).get(Action, key=key) or abort(404)


def _message(act: Action) -> SendMail:
    try:
        return _MESSAGE.decode(act.body)
    except msgspec.DecodeError:
        abort(404)  # a fee, a hold: no message
