"""Webhooks: the addresses of other programs that are told what happens here, and what each was told."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from store import endpoints, outbox
from webapp import access
from webapp.forms.programs import EndpointForm
from webapp.services import now, services

pages = Blueprint("endpoints", __name__)


@pages.get("/settings/webhooks")
@access.for_company("owner")
def show_all() -> ResponseReturnValue:
    """Every address, and whether it takes what it is told."""
    return _page(EndpointForm(formdata=None))


@pages.post("/settings/webhooks")
@access.for_company("owner")
def add() -> ResponseReturnValue:
    """Add an address, and show the secret that its messages are signed with: this once. So there is no redirect."""
    form = EndpointForm()
    if not form.validate():
        return _page(form), 422
    try:
        with services().database.begin() as writing:
            secret = endpoints.add(
                writing, access.company_id(), services().box, form.url.data, form.kinds.data, now(), access.actor()
            )
    except endpoints.TooManyEndpointsError:
        form.url.errors = [*form.url.errors, f"There are {endpoints.MOST} addresses already: remove one first."]
        return _page(form), 422
    return _page(EndpointForm(formdata=None), secret=secret)


@pages.get("/settings/webhooks/<int:endpoint_id>")
@access.for_company("owner")
def show(endpoint_id: int) -> ResponseReturnValue:
    """What one address was told, what it answered, and what waits."""
    with services().database.read() as reading:
        found = next((one for one in endpoints.all_of(reading, access.company_id()) if one.id == endpoint_id), None)
        messages = endpoints.messages(reading, access.company_id(), endpoint_id)
    return render_template("endpoint.html", endpoint=found or abort(404), messages=messages, kinds=outbox.KINDS)


@pages.post("/settings/webhooks/<int:endpoint_id>/test")
@access.for_company("owner")
def test(endpoint_id: int) -> ResponseReturnValue:
    """Send it a message that tells nothing."""
    return _done(
        endpoint_id,
        lambda writing: outbox.put_test(writing, access.company_id(), endpoint_id, now()) > 0,
        "A test is on its way. Reload in a few seconds to see what was answered.",
    )


@pages.post("/settings/webhooks/<int:endpoint_id>/on")
@access.for_company("owner")
def switch_on(endpoint_id: int) -> ResponseReturnValue:
    """Send there again, beginning with what has waited."""
    return _done(
        endpoint_id,
        lambda writing: endpoints.switch_on(writing, access.company_id(), endpoint_id, now(), access.actor()),
        "It is told again what happens, beginning with what has waited.",
    )


@pages.post("/settings/webhooks/<int:endpoint_id>/remove")
@access.for_company("owner")
def remove(endpoint_id: int) -> ResponseReturnValue:
    """Tell it nothing more."""
    with services().database.begin() as writing:
        if not endpoints.remove(writing, access.company_id(), endpoint_id, now(), access.actor()):
            abort(404)
    flash("Removed. It is told nothing more.", "good")
    return redirect(url_for("endpoints.show_all"))


def _done(endpoint_id: int, work: Callable[[Session], bool], said: str) -> ResponseReturnValue:
    with services().database.begin() as writing:
        if not work(writing):
            abort(404)
    flash(said, "good")
    return redirect(url_for("endpoints.show", endpoint_id=endpoint_id))


def _page(form: EndpointForm, secret: str = "") -> str:
    with services().database.read() as reading:
        found = endpoints.all_of(reading, access.company_id())
    return render_template("endpoints.html", form=form, endpoints=found, secret=secret)
