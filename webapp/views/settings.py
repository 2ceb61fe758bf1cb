"""Settings: the one small page an owner needs. It saves a new version of the policy, in force from the next run.

A change of the policy is shown with what it would do otherwise tonight before it is saved.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import ImmutableMultiDict
from wtforms.fields.choices import SelectChoice

from engine.policy import Policy
from store import companies, policies
from webapp import access, confirming
from webapp.forms.choices import MODE_MEANS, ZONES
from webapp.forms.settings import MOST_STEPS, SettingsForm, shown
from webapp.services import now, services

pages = Blueprint("settings", __name__)


@pages.get("/settings")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """The present settings, in a form."""
    company, policy = access.current_company(), _policy()
    form = SettingsForm(formdata=None, data=shown(policy, company))
    return _page(form, policy)


@pages.post("/settings")
@access.for_company("owner")
def save() -> ResponseReturnValue:
    """Save, or show the form again with what is wrong beside each field. The two step buttons only reshape the form."""
    former = _policy()
    form = SettingsForm(formdata=_reshaped())
    _offer_zone(form, former)
    if "add_step" in request.form or "remove_step" in request.form:
        return _page(form, former)
    policy = form.policy(former) if form.validate() else None
    if policy is None:
        return _page(form, former), 422
    if "edit" in request.form:
        return _page(form, former)
    if not confirming.is_confirmed(policy, former):
        return confirming.page(policy, former)
    with services().database.begin() as writing:
        _store(writing, form, policy, former)
    flash("Saved. It applies from the next run, which starts within a minute.", "good")
    return redirect(url_for("settings.show"))


def _store(writing: Session, form: SettingsForm, policy: Policy, former: Policy) -> None:
    company_id, at, by = access.company_id(), now(), access.actor()
    if confirming.differs(policy, former) or former.version == 0:
        policies.save(writing, company_id, policy, at, by)
    companies.set_mode(writing, company_id, str(form.mode.data), at, by)
    companies.set_paused(writing, company_id, bool(form.is_paused.data), at, by, form.paused_until_on.data)
    companies.bring_forward(writing, company_id, at)


def _policy() -> Policy:
    with services().database.read() as reading:
        return policies.current(reading, access.company_id())


def _page(form: SettingsForm, policy: Policy) -> str:
    _offer_zone(form, policy)
    return render_template("settings.html", form=form, policy=policy, mode_means=MODE_MEANS, most_steps=MOST_STEPS)


def _offer_zone(form: SettingsForm, policy: Policy) -> None:
    """A zone that a platform gave under an old name stays selectable."""
    own = policy.calendar.time_zone
    is_listed = own in {choice.value for choice in ZONES}
    form.time_zone.choices = ZONES if is_listed else [*ZONES, SelectChoice(own)]


def _reshaped() -> ImmutableMultiDict[str, str]:
    """The form as posted, with a step more or less where one of those two buttons was pressed.

    Done on the server, so that it works without any script.
    """
    fields = request.form.copy()
    if "remove_step" in fields:
        gone = f"ladder-{fields['remove_step']}-"
        for name in [name for name in fields if name.startswith(gone)]:
            del fields[name]
    elif "add_step" in fields:
        numbers = [int(name.split("-")[1]) for name in fields if _is_days(name)]
        days = [int(fields[name]) for name in fields if _is_days(name) and fields[name].lstrip("-").isdigit()]
        place = max(numbers, default=-1) + 1
        fields[f"ladder-{place}-days"] = str(min(max(days, default=-7) + 10, 365))
        fields[f"ladder-{place}-unit"] = "calendar"
        fields[f"ladder-{place}-template"] = "reminder_1" if place == 0 else "final_notice"
    return ImmutableMultiDict(fields)


def _is_days(name: str) -> bool:
    parts = name.split("-")
    return len(parts) == 3 and parts[0] == "ladder" and parts[1].isdigit() and parts[2] == "days"
