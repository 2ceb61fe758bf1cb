"""What belongs to the person who looks, whatever the company: the language they read in, and the ways they sign in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.telling import LANGUAGES
from store import companies, identities, people
from store.tables import User
from webapp import access, authorising
from webapp.limits import SIGN_IN, limiter
from webapp.services import now, services

pages = Blueprint("person", __name__)

ALSO_LASTS = 600
"""Seconds in which a further sign-in that was shown can be said to be one's own."""


@pages.post("/language")
@access.signed_in
def choose_language() -> ResponseReturnValue:
    """Read in this language from now on, on every device; empty goes by the browser."""
    wanted, person = request.form.get("language", ""), access.current_user()
    if person is None or person.id is None or (wanted and wanted not in LANGUAGES):
        abort(400)
    with services().database.begin() as writing:
        people.choose_language(writing, person.id, wanted)
    return redirect(url_for("home.show"))


@pages.get("/sign-in/<platform>/too")
@access.signed_in
@limiter.limit(SIGN_IN)
def begin_also(platform: str) -> ResponseReturnValue:
    """Send the browser to a platform to show another sign-in of the person who is here."""
    chosen, person = authorising.platform_named(platform), access.current_user()
    if not access.has_just_signed_in():
        flash("Sign out and in again first: only who has just signed in may add another way in.", "warn")
        return redirect(url_for("connect.show"))
    return authorising.send_away(chosen, only_identity=True, adds_to=person.id if person else None)


@pages.get("/me/also")
@access.signed_in
def also() -> ResponseReturnValue:
    """Whose sign-in it is that was shown, what it opens, and the one button."""
    shown = _shown() or abort(404)
    with services().database.read() as reading:
        other = people.get_user(reading, shown)
        opened = companies.companies_of(reading, other.id or 0) if other else []
    title = services().platforms[other.platform].title if other and other.platform in services().platforms else ""
    return render_template("also.html", other=other, opened=opened, title=title, user=access.current_user())


@pages.post("/me/also")
@access.signed_in
def say_also() -> ResponseReturnValue:
    """It is their own: from now on both lead to the same person."""
    shown, person = _shown(), access.current_user()
    session.pop("also", None)
    if shown is None or person is None:
        abort(404)
    if "yes" in request.form:
        with services().database.begin() as writing:
            identities.join(writing, person.id or 0, shown, now())
        flash("Added. Whichever way you sign in, you see the same companies.", "good")
    return redirect(url_for("connect.show"))


@pages.post("/me/sign-ins/<int:user_id>/remove")
@access.signed_in
def part(user_id: int) -> ResponseReturnValue:
    """It opens nothing any more, in whatever browser it is signed in."""
    person = access.current_user()
    with services().database.begin() as writing:
        was_theirs = identities.part(writing, person.id or 0, user_id) if person else False
    if not was_theirs:
        abort(404)
    flash("Removed. It opens none of your companies any more.", "good")
    return redirect(url_for("connect.show"))


def sign_ins(user: User) -> list[User]:
    """Every way in which the person signs in."""
    with services().database.read() as reading:
        return identities.ways(reading, user.id or 0)


def _shown() -> int | None:
    """The sign-in that this very person has just shown in this browser."""
    kept, person = session.get("also"), access.current_user()
    if not isinstance(kept, dict) or person is None or kept.get("user") != person.id:
        return None
    return int(kept["way"]) if now().timestamp() - kept["at"] < ALSO_LASTS else None
