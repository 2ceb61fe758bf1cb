"""Other programs: the keys with which they read the company's books here and speak for a person."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from store import api_keys, people
from webapp import access
from webapp.forms.programs import KeyForm
from webapp.services import now, services

pages = Blueprint("programs", __name__)


@pages.get("/settings/programs")
@access.for_company("owner")
def show() -> ResponseReturnValue:
    """Every key, who made it, and when it was last used."""
    return _page(KeyForm(formdata=None))


@pages.post("/settings/programs/keys")
@access.for_company("owner")
def make_key() -> ResponseReturnValue:
    """Make a key and show it: this once, as only its hash is kept. So there is no redirect."""
    form = KeyForm()
    if not form.validate():
        return _page(form), 422
    try:
        with services().database.begin() as writing:
            key = api_keys.make(writing, access.company_id(), form.name.data, form.scope.data, now(), access.actor())
    except api_keys.TooManyKeysError:
        form.name.errors = [*form.name.errors, f"There are {api_keys.MOST} keys already: revoke one first."]
        return _page(form), 422
    return _page(KeyForm(formdata=None), new_key=key)


@pages.post("/settings/programs/keys/<int:key_id>/revoke")
@access.for_company("owner")
def revoke_key(key_id: int) -> ResponseReturnValue:
    """From now on it opens nothing."""
    with services().database.begin() as writing:
        if not api_keys.revoke(writing, access.company_id(), key_id, now(), access.actor()):
            abort(404)
    flash("Revoked. The program that used it gets no more answers.", "good")
    return redirect(url_for("programs.show"))


def _page(form: KeyForm, new_key: str = "") -> str:
    with services().database.read() as reading:
        keys = api_keys.all_of(reading, access.company_id())
        named = people.names_of(reading, {key.created_by for key in keys})
    return render_template("programs.html", form=form, keys=keys, named=named, new_key=new_key)
