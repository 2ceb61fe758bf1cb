"""Papers to take away: a customer's hand-over pack and letter before claim, and the receivables for a lender."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename

from connectors.mail.context import MissingFactError
from connectors.mail.templates import BadTemplateError, Source
from connectors.paper.letters import Letter, house_text, letter_for, wording_name
from engine.calendar import add_days
from engine.financing import Book, Criteria, books
from store import audit, lending, papers, wordings
from store.scope import Scope
from store.tables import Task
from store.wishes import Speaker
from webapp import access
from webapp.formatting import local_today
from webapp.papers import financing
from webapp.papers.letter import letter_pdf
from webapp.papers.making import Claimed, claimed, hand_over_pack, pack_of_task
from webapp.reckoning import financing_of
from webapp.services import now, services

pages = Blueprint("papers", __name__)

CRITERIA = Criteria()


@pages.get("/customers/<customer_id>/hand-over.zip")
@access.for_company("bookkeeper")
def hand_over(customer_id: str) -> ResponseReturnValue:
    """Everything that a collector or a lawyer asks for, as of now."""
    name, content = hand_over_pack(access.current_company(), customer_id) or abort(404)
    return _file(content, name, "application/zip")


@pages.get("/tasks/<int:task_id>/hand-over.zip")
@access.for_company("bookkeeper")
def kept_hand_over(task_id: int) -> ResponseReturnValue:
    """The same as of the day on which a task suggested it."""
    with services().database.read() as reading:
        task = Scope(reading, access.company_id()).get(Task, id=task_id, kind=papers.KIND) or abort(404)
    paper = pack_of_task(access.current_company(), task) or abort(404)
    return _file(paper.content, paper.name, "application/zip")


@pages.get("/customers/<customer_id>/letter")
@access.for_company("bookkeeper")
def letter(customer_id: str) -> ResponseReturnValue:
    """Before a letter is made: what it claims, until when it gives time, and whether its text is approved."""
    found = _claimed(customer_id)
    chosen = letter_for(access.current_company().country)
    return render_template(
        "letter.html",
        customer=found.customer,
        claims=found.claims,
        letter=chosen,
        is_approved=_own_text(chosen) is not None,
        reply_by=add_days(local_today(), chosen.reply_days),
    )


@pages.get("/customers/<customer_id>/letter.pdf")
@access.for_company("bookkeeper")
def preview_letter(customer_id: str) -> ResponseReturnValue:
    """How it would look. Marked across every page, so that it is not sent by mistake."""
    return _letter(_claimed(customer_id), is_final=False)


@pages.post("/customers/<customer_id>/letter")
@access.for_company("bookkeeper")
def make_letter(customer_id: str) -> ResponseReturnValue:
    """Make the letter, with an approved text alone, and leave the customer alone for as long as it gives time."""
    found = _claimed(customer_id)
    chosen = letter_for(access.current_company().country)
    if _own_text(chosen) is None:
        flash("Approve the text first: it goes out in your name.", "warn")
        return redirect(url_for("letters.show", name=chosen.name))
    made = _letter(found, is_final=True)
    until_on = add_days(local_today(), chosen.reply_days)
    with services().database.begin() as writing:
        told = {"customer": found.customer.id, "reply_by": until_on.isoformat()}
        told |= {"claim": ", ".join(str(claim.total) for claim in found.claims)}
        audit.append(writing, access.company_id(), now(), access.actor(), "letter before claim made", told)
        Speaker(writing, access.company_id(), now(), access.actor()).pause_customer(found.customer.id, True, until_on)
    return made


@pages.get("/financing")
@access.for_company("bookkeeper")
def show_financing() -> ResponseReturnValue:
    """The receivables as a lender looks at them."""
    job = financing_of(CRITERIA)
    return render_template("financing.html", job=job, criteria=CRITERIA, buckets=financing.BUCKETS)


@pages.get("/financing.zip")
@access.for_company("bookkeeper")
def take_financing() -> ResponseReturnValue:
    """The same as a PDF, with every invoice as a table."""
    content = financing.pack(access.current_company(), _books(), CRITERIA, local_today())
    return _file(content, f"financing {local_today()}.zip", "application/zip")


def _claimed(customer_id: str) -> Claimed:
    return claimed(access.current_company(), customer_id) or abort(404)


def _letter(found: Claimed, *, is_final: bool) -> ResponseReturnValue:
    if not found.claims:
        flash("Nothing is certainly owed and overdue today, so that there is nothing to claim.", "warn")
        return redirect(url_for("customers.show", customer_id=found.customer.id))
    chosen = letter_for(access.current_company().country)
    source = _own_text(chosen) or house_text(chosen)
    try:
        content = letter_pdf(
            chosen,
            source,
            access.current_company(),
            found.policy.sender,
            found.customer,
            found.claims,
            is_approved=is_final,
        )
    except (BadTemplateError, MissingFactError) as error:
        flash(f"The text cannot be used as it is: {error}", "warn")
        return redirect(url_for("letters.show", name=chosen.name))
    return _file(content, f"letter before claim {found.customer.name}.pdf", "application/pdf")


def _own_text(chosen: Letter) -> Source | None:
    with services().database.read() as reading:
        own = wordings.in_force(reading, access.company_id()).get(wording_name(chosen))
    return Source(own.subject, own.body) if own else None


def _books() -> tuple[Book, ...]:
    with services().database.read() as reading:
        found = lending.receivables(reading, access.company_id(), local_today())
    return books(found.debts, found.unapplied, found.sales, local_today(), CRITERIA)


def _file(content: bytes, name: str, kind: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), kind, as_attachment=True, download_name=secure_filename(name) or "download")
