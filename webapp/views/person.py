"""What belongs to the person who looks, whatever the company: the language they read in."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.telling import LANGUAGES
from store import people
from webapp import access
from webapp.services import services

pages = Blueprint("person", __name__)


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
