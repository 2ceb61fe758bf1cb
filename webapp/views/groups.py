"""Groups: customers who are treated by rules of their own, made and changed by form.

A customer belongs to the first group that fits, so their order counts.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.policy import Group, Policy
from store import companies, policies
from store import home as reads
from webapp import access, confirming, meanwhile
from webapp.formatting import local_today
from webapp.forms.groups import SECTIONS, GroupForm, shown_group
from webapp.forms.ladder import MOST_STEPS, is_reshaping, reshaped
from webapp.names import customer_names
from webapp.services import now, services
from webapp.views.settings import in_force

pages = Blueprint("groups", __name__)

MOST = 50
FOUND = 30
"""Customers offered for one search."""


@pages.get("/settings/groups")
@access.for_company("viewer")
def show_all() -> ResponseReturnValue:
    """Every group in its order, with what is different for it."""
    policy = in_force()
    return render_template("groups.html", policy=policy, sections=SECTIONS, most=MOST)


@pages.get("/settings/groups/<int:at>")
@access.for_company("viewer")
def show(at: int) -> ResponseReturnValue:
    """One group in a form; the place after the last one is a new group's."""
    policy = in_force()
    form = GroupForm(formdata=None, data=shown_group(_group(policy, at), policy))
    return _page(form, policy, at)


@pages.post("/settings/groups/<int:at>")
@meanwhile.retried
@access.for_company("owner")
def save(at: int) -> ResponseReturnValue:
    """Save the group, remove it or move it up, as the pressed button says, once it is confirmed."""
    policy = in_force()
    group = _group(policy, at)
    if request.form.get("version") != str(policy.version):
        flash("The settings were changed meanwhile, so nothing was saved. This is how they are now.", "warn")
        return redirect(url_for("groups.show_all"))
    if group is not None and ("remove" in request.form or "move_up" in request.form):
        return _propose(_without(policy, at) if "remove" in request.form else _moved_up(policy, at), policy)
    form = GroupForm(formdata=reshaped(request.form))
    if is_reshaping(request.form) or "look_up" in request.form:
        return _page(form, policy, at)
    changed = form.policy(policy, at) if form.makes_sense() else None
    if changed is None:
        return _page(form, policy, at), 422
    return _page(form, policy, at) if "edit" in request.form else _propose(changed, policy, may_edit=True)


def _propose(changed: Policy, policy: Policy, *, may_edit: bool = False) -> ResponseReturnValue:
    if not confirming.is_confirmed(changed, policy):
        return confirming.page(changed, policy, may_edit=may_edit)
    company_id, at = access.company_id(), now()
    with services().database.begin() as writing:
        policies.save(writing, company_id, changed, at, access.actor(), on=policy.version)
        companies.bring_forward(writing, company_id, at)
    flash("Saved. It applies from the next run, which starts within a minute.", "good")
    return redirect(url_for("groups.show_all"))


def _page(form: GroupForm, policy: Policy, at: int) -> str:
    searched = (form.find.data or "").strip()
    with services().database.read() as reading:
        names = customer_names(reading, access.company_id(), form.customers.data or ())
        if searched:
            found = reads.customers(reading, access.company_id(), searched, today=local_today()).customers[:FOUND]
            names |= {one.id: one.name for one in found}
    form.offer(names)
    return render_template(
        "group.html", form=form, policy=policy, at=at, sections=SECTIONS, most_steps=MOST_STEPS, searched=searched
    )


def _group(policy: Policy, at: int) -> Group | None:
    if at > len(policy.groups) or at >= MOST:
        abort(404)
    return policy.groups[at] if at < len(policy.groups) else None


def _without(policy: Policy, at: int) -> Policy:
    return policy.model_copy(update={"groups": (*policy.groups[:at], *policy.groups[at + 1 :])})


def _moved_up(policy: Policy, at: int) -> Policy:
    order = list(policy.groups)
    order.insert(max(0, at - 1), order.pop(at))
    return policy.model_copy(update={"groups": tuple(order)})
