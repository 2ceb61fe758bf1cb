"""The finer print of the settings, on a page of its own: saved like the settings, once what it changes is confirmed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from store import companies, policies
from webapp import access, confirming, meanwhile
from webapp.forms.choices import MESSAGES
from webapp.forms.finer import FinerForm, present
from webapp.services import now, services
from webapp.views.settings import in_force

pages = Blueprint("finer", __name__)


@pages.get("/settings/finer")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """The finer print as it is in force."""
    return _page(FinerForm(formdata=None, data=present(in_force())))


@pages.post("/settings/finer")
@meanwhile.retried
@access.for_company("owner")
def save() -> ResponseReturnValue:
    """Save once it is confirmed, or show the form again with what is wrong beside each field."""
    former = in_force()
    shown = meanwhile.base(former)
    form = FinerForm(formdata=request.form)
    mine = form.policy(shown) if form.validate() else None
    if mine is None or "edit" in request.form:
        return _page(form), 422 if mine is None else 200
    policy = meanwhile.merged(shown, mine, former)
    if not confirming.is_confirmed(policy, former):
        return confirming.page(policy, former, shown)
    company_id, at = access.company_id(), now()
    with services().database.begin() as writing:
        policies.save(writing, company_id, policy, at, access.actor(), on=former.version)
        companies.bring_forward(writing, company_id, at)
    flash("Saved. It applies from the next run, which starts within a minute.", "good")
    return redirect(url_for("finer.show"))


def _page(form: FinerForm) -> str:
    said = {str(step.number): MESSAGES.get(step.template, step.template) for step in in_force().ladder}
    return render_template("finer.html", form=form, said_at=said)
