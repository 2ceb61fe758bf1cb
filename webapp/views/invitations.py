"""Invitations, as whoever was invited sees them: what is offered, by whom, and one button once they have signed in.

Opening the link changes nothing. It is good once, for some days, and for nothing but the role that it names.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from store import team
from webapp import access
from webapp.forms.people import ROLE_MEANS
from webapp.limits import SIGN_IN, limiter
from webapp.services import now, services
from webapp.views.connect import configured

pages = Blueprint("invitations", __name__)


@pages.get("/invitation/<token>")
@limiter.limit(SIGN_IN)
def show(token: str) -> ResponseReturnValue:
    """What the invitation offers. Somebody who is not signed in is asked to do that first, and comes back here."""
    user = access.current_user()
    with services().database.read() as reading:
        offer = team.offer_of(reading, token, now())
    if offer is None:
        return _void()
    if user is None:
        session["invitation"] = token
    return render_template(
        "invitation.html", offer=offer, token=token, role_means=ROLE_MEANS, platforms=configured(), user=user
    )


@pages.post("/invitation/<token>")
@access.signed_in
@limiter.limit(SIGN_IN)
def accept(token: str) -> ResponseReturnValue:
    """Take it up as the person signed in."""
    user = access.current_user()
    with services().database.begin() as writing:
        company_id = team.accept(writing, token, user.id or 0, now()) if user else None
    if company_id is None:
        return _void()
    session.pop("invitation", None)
    session["company"] = company_id
    flash("Welcome. This is what customers owe, and what is done about it.", "good")
    return redirect(url_for("home.show"))


def _void() -> ResponseReturnValue:
    session.pop("invitation", None)
    page = render_template(
        "problem.html",
        title="This invitation no longer holds",
        message="It was taken up or withdrawn, or is too old. Ask whoever sent it for another.",
    )
    return page, 404
