"""The logo in messages: uploaded by the owner, shown to anybody whose mail program asks for it.

Messages carry its address and not the picture: a mail stays small, is not taken for one with an attachment, and a
program that shows no pictures shows the name instead. The address changes with the picture, and never stops working.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from store import companies, logos, policies
from webapp import access, meanwhile
from webapp.limits import UPLOADS, limiter
from webapp.pictures import LARGEST_FILE, UnfitPicture, logo_from
from webapp.services import now, services

pages = Blueprint("logos", __name__)

FOREVER = "public, max-age=31536000, immutable"


@pages.get("/settings/logo")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """The picture in use, and a form to upload another."""
    return _page()


@pages.post("/settings/logo")
@access.for_company("owner")
@limiter.limit(UPLOADS)
def save() -> ResponseReturnValue:
    """Take the uploaded picture into use, or take the one in use out."""
    if "remove" in request.form:
        _use("")
        flash("Removed. Messages show your name again.", "good")
        return redirect(url_for("logos.show"))
    sent = request.files.get("picture")
    try:
        picture = logo_from(sent.stream.read(LARGEST_FILE + 1) if sent else b"")
    except UnfitPicture as unfit:
        return _page(str(unfit)), 422
    with services().database.begin() as writing:
        fingerprint = logos.put(writing, access.company_id(), picture, now(), access.actor())
    _use(fingerprint)
    flash("Saved. Messages show it from now on, those that wait included.", "good")
    return redirect(url_for("logos.show"))


@pages.get("/logos/<int:company_id>/<string(length=32):fingerprint>.png")
def picture(company_id: int, fingerprint: str) -> ResponseReturnValue:
    """The picture itself. It is on every message, so it is nobody's secret."""
    with services().database.read() as reading:
        content = logos.content_of(reading, company_id, fingerprint) or abort(404)
    headers = {"Cache-Control": FOREVER, "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(content, mimetype="image/png", headers=headers)


@meanwhile.retried
def _use(fingerprint: str) -> None:
    company_id, at = access.company_id(), now()
    with services().database.begin() as writing:
        policy = policies.current(writing, company_id)
        sender = policy.sender.model_copy(update={"logo": fingerprint})
        changed = policy.model_copy(update={"sender": sender})
        policies.save(writing, company_id, changed, at, access.actor(), on=policy.version)
        companies.bring_forward(writing, company_id, at)


def _page(problem: str = "") -> str:
    with services().database.read() as reading:
        sender = policies.current(reading, access.company_id()).sender
    return render_template("logo.html", sender=sender, problem=problem, base=services().base_url)
