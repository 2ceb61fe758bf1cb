"""Books that live elsewhere: a company made for them, their files uploaded, looked at with their columns, taken in."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

import msgspec
from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from connectors.uploads.columns import NEEDED, USUAL
from connectors.uploads.sheets import LARGEST_FILE
from engine.books import CompanyRecord
from store import companies, team, uploads
from webapp import access, uploading
from webapp.forms.uploads import DATE_ORDERS, DECIMAL_MARKS, FILES, LABELS, BooksForm, FreshForm, usual_columns
from webapp.limits import SIGN_IN, limiter
from webapp.services import now, services

pages = Blueprint("uploads", __name__)

LARGEST_REQUEST = len(FILES) * LARGEST_FILE + 64 * 1024
SHOWN_PROBLEMS = 25
SHOWN_UPLOADS = 10


@pages.url_value_preprocessor
def take_larger_requests(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form: the forgery check is the first to."""
    request.max_content_length = LARGEST_REQUEST


@pages.get("/connect/uploads")
@access.signed_in
def begin() -> ResponseReturnValue:
    """Asks what files do not tell: the company's name, country, currency and time zone."""
    form = BooksForm(formdata=None)
    form.email.data = g.user.email
    return render_template("uploads_begin.html", form=form)


@pages.post("/connect/uploads")
@limiter.limit(SIGN_IN)
@access.signed_in
def make() -> ResponseReturnValue:
    """Make the company, owned by whoever asks. It waits for its first files."""
    form = BooksForm()
    if uploads.PLATFORM not in services().platforms:
        abort(404)
    if not form.validate():
        return render_template("uploads_begin.html", form=form), 422
    with services().database.begin() as writing:
        session["company"] = _make(writing, form)
    return redirect(url_for("uploads.show"))


@pages.get("/uploads")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """What is there, and where to put files."""
    return _page(FreshForm(formdata=None, fresh_days=uploading.books().fresh_days), {})


@pages.post("/uploads")
@access.for_company("bookkeeper")
def upload() -> ResponseReturnValue:
    """Keep the files, sealed, until somebody has looked at them."""
    books = uploading.books()
    sent = {entity: request.files[entity] for entity in FILES if entity in request.files}
    chosen = {entity: file for entity, file in sent.items() if file.filename}
    troubles = {
        entity: uploading.keep(entity, file.filename or "", file.stream.read(LARGEST_FILE + 1))
        for entity, file in chosen.items()
    }
    troubles = {entity: trouble for entity, trouble in troubles.items() if trouble}
    if not chosen:
        troubles = {"customer": "Choose a file first."}
    if troubles:
        return _page(FreshForm(formdata=None, fresh_days=books.fresh_days), troubles), 422
    return redirect(url_for("uploads.check"))


@pages.get("/uploads/check")
@access.for_company("bookkeeper")
def check() -> ResponseReturnValue:
    """What the files say, row by row as far as they can be read, before anything is taken in."""
    columns = uploading.columns_of(uploading.books())
    files = uploading.waiting(columns)
    if not files:
        return redirect(url_for("uploads.show"))
    return render_template(
        "uploads_check.html",
        files=files,
        columns=columns,
        titles=FILES,
        labels=LABELS,
        fields=USUAL,
        needed=NEEDED,
        date_orders=DATE_ORDERS,
        decimal_marks=DECIMAL_MARKS,
        missing_means=uploading.missing_means,
        shown=SHOWN_PROBLEMS,
    )


@pages.post("/uploads/check")
@access.for_company("bookkeeper")
def answer() -> ResponseReturnValue:
    """Read again with other columns, take the files in, or let them go."""
    before, said = uploading.columns_of(uploading.books()), request.form.get("answer")
    if said not in ("read", "take", "discard"):
        abort(400)
    if said == "discard":
        with services().database.begin() as writing:
            uploads.discard(writing, access.company_id())
        flash("The files are gone. Nothing was changed.", "good")
        return redirect(url_for("uploads.show"))
    files = uploading.waiting(before)
    if not files:
        return redirect(url_for("uploads.show"))
    columns = uploading.chosen(request.form, files, before)
    if columns != before or said == "read":
        uploading.save(columns)
        flash("Read again with these columns. Look once more, then take it in.", "good")
        return redirect(url_for("uploads.check"))
    if not all(one.can_be_taken for one in files):
        flash("Nothing was taken in: a column is still to be chosen.", "warn")
        return redirect(url_for("uploads.check"))
    uploading.take_in(files, request.form)
    flash("Taken in. Dunwell reads it now.", "good")
    return redirect(url_for("home.show"))


@pages.post("/uploads/fresh")
@access.for_company("owner")
def save_fresh_days() -> ResponseReturnValue:
    """For how long after an upload anything goes out."""
    uploading.books()
    form = FreshForm()
    if not form.validate():
        return _page(form, {}), 422
    with services().database.begin() as writing:
        days = int(form.fresh_days.data)
        uploads.save_fresh_days(writing, access.company_id(), days, now(), access.actor())
    flash("Saved.", "good")
    return redirect(url_for("uploads.show"))


def _page(form: FreshForm, troubles: dict[str, str]) -> str:
    books = uploading.books()
    with services().database.read() as reading:
        taken = uploads.latest(reading, access.company_id(), SHOWN_UPLOADS)
        waits = uploads.waiting(reading, access.company_id())
    return render_template(
        "uploads.html", form=form, books=books, files=FILES, troubles=troubles, taken=taken, waits=waits
    )


def _make(writing: Session, form: BooksForm) -> int:
    company = companies.connect(
        writing,
        platform=uploads.PLATFORM,
        external_id=token_hex(8),
        name=str(form.name.data).strip(),
        mode=services().default_mode,
        now=now(),
    )
    facts = CompanyRecord(
        external_id=company.external_id,
        name=company.name,
        country=str(form.country.data),
        base_currency=form.chosen_currency,
        time_zone=form.chosen_zone,
        email=str(form.email.data),
    )
    companies.update_from_platform(writing, company.stored_id, facts)
    uploads.open_books(writing, company.stored_id)
    usual = msgspec.json.encode(usual_columns(facts.country)).decode()
    uploads.save_columns(writing, company.stored_id, usual)
    team.join(writing, company.stored_id, g.user.id, "owner", now())
    return company.stored_id
