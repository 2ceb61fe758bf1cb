"""Settings: the one small page an owner needs. It saves a new version of the policy, in force from the next run.

A change of the policy is tried on a real invoice while it is being made, and shown with what it would do otherwise
tonight before it is saved.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from wtforms.fields.choices import SelectChoice

from engine.policy import Policy
from store import companies, policies
from webapp import access, confirming, meanwhile
from webapp.forms.choices import MESSAGES, MODE_MEANS, ZONES
from webapp.forms.ladder import MOST_STEPS, is_reshaping, reshaped
from webapp.forms.settings import SettingsForm, present
from webapp.services import now, services
from webapp.trying import trial

pages = Blueprint("settings", __name__)


@pages.get("/settings")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """The present settings, in a form."""
    company, policy = access.current_company(), in_force()
    form = SettingsForm(formdata=None, data=present(policy, company))
    return _page(form, policy, policy)


@pages.post("/settings")
@meanwhile.retried
@access.for_company("owner")
def save() -> ResponseReturnValue:
    """Save, or show the form again with what is wrong beside each field. Other buttons only reshape or try the form."""
    former = in_force()
    shown = meanwhile.base(former)
    form = SettingsForm(formdata=reshaped(request.form))
    _offer_zone(form, shown)
    if is_reshaping(request.form):
        return _page(form, former, None)
    mine = form.policy(shown) if form.validate() else None
    stands_otherwise = form.stands_otherwise(access.current_company())
    if mine is None or form.mode.errors:
        return _page(form, former, None), 422
    if "edit" in request.form or "try" in request.form:
        return _page(form, former, mine)
    try:
        policy = meanwhile.merged(shown, mine, former)
    except ValueError:
        flash("What you changed does not go with what somebody else saved meanwhile. Nothing was saved.", "bad")
        return redirect(url_for("settings.show"))
    if not confirming.is_confirmed(policy, former):
        return confirming.page(policy, former, shown)
    with services().database.begin() as writing:
        _store(writing, form if stands_otherwise else None, policy, former)
    flash("Saved. It applies from the next run, which starts within a minute.", "good")
    return redirect(url_for("settings.show"))


@pages.post("/settings/try")
@access.for_company("viewer")
def try_out() -> ResponseReturnValue:
    """The settings as they stand in the form, tried on an invoice: a fragment that follows every change."""
    former = in_force()
    form = SettingsForm(formdata=request.form)
    _offer_zone(form, former)
    policy = form.policy(former) if form.validate() else None
    return render_template("settings_trial.html", trial=trial(policy) if policy else None, titles=MESSAGES)


def in_force() -> Policy:
    """The company's present policy."""
    with services().database.read() as reading:
        return policies.current(reading, access.company_id())


def _store(writing: Session, form: SettingsForm | None, policy: Policy, former: Policy) -> None:
    """Keep the policy; `form` says how the company stands from now on, where that is another way."""
    company_id, at, by = access.company_id(), now(), access.actor()
    if confirming.differs(policy, former) or former.version == 0:
        policies.save(writing, company_id, policy, at, by, on=former.version)
    if form is not None:
        companies.insist_it_stands(writing, access.current_company())
        companies.set_mode(writing, company_id, str(form.mode.data), at, by)
        companies.set_paused(writing, company_id, bool(form.is_paused.data), at, by, form.paused_until_on.data)
    companies.bring_forward(writing, company_id, at)


def _page(form: SettingsForm, former: Policy, tried: Policy | None) -> str:
    """The page; `tried` is what the form says, as far as it makes sense."""
    _offer_zone(form, former)
    return render_template(
        "settings.html",
        form=form,
        policy=former,
        trial=trial(tried) if tried else None,
        titles=MESSAGES,
        mode_means=MODE_MEANS,
        most_steps=MOST_STEPS,
    )


def _offer_zone(form: SettingsForm, policy: Policy) -> None:
    """A zone that a platform gave under an old name stays selectable."""
    own = policy.calendar.time_zone
    is_listed = own in {choice.value for choice in ZONES}
    form.time_zone.choices = ZONES if is_listed else [*ZONES, SelectChoice(own)]
