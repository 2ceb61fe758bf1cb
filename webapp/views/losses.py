"""What old debt is still worth: rules of thumb beside what the company's own books say, and a way to take that over."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.policy import Policy
from engine.policy.escalation import LostByAge
from engine.recovery import ENOUGH_FATES, lost_percent
from store import policies
from webapp import access
from webapp.jobs import Job
from webapp.reckoning import losses_of
from webapp.services import services
from webapp.views import versions

pages = Blueprint("losses", __name__)


@pages.get("/settings/losses")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """By age: the share that is taken for lost, and the share that was."""
    policy, job = _experience()
    listed = _listed(policy)
    lines = [(each, lost_percent(each.days, listed)) for each in job.result or ()]
    can_take = any(each.is_enough and each.percent != used for each, used in lines)
    return render_template("losses.html", listed=listed, lines=lines, enough=ENOUGH_FATES, can_take=can_take, job=job)


@pages.post("/settings/losses")
@access.for_company("owner")
def take_over() -> ResponseReturnValue:
    """Put the company's own figures in the place of those it has enough experience for, once that is confirmed."""
    policy, job = _experience()
    if job.result is None:
        return redirect(url_for("losses.show"))
    used = dict(_listed(policy))
    used |= {each.days: each.percent for each in job.result if each.is_enough}
    by_age = tuple(LostByAge(days=days, percent=percent) for days, percent in sorted(used.items()))
    if by_age == policy.escalation.lost_by_age:
        flash("These are the figures in use already.", "good")
        return redirect(url_for("losses.show"))
    escalation = policy.escalation.model_copy(update={"lost_by_age": by_age})
    return versions.keep(policy.model_copy(update={"escalation": escalation}), may_edit=False)


def _listed(policy: Policy) -> tuple[tuple[int, Decimal], ...]:
    return tuple((each.days, each.percent) for each in policy.escalation.lost_by_age)


def _experience() -> tuple[Policy, Job]:
    """The policy, and what the books say for each age that it lists, in the company's own currency."""
    with services().database.read() as reading:
        policy = policies.current(reading, access.company_id())
    currency = policy.base_currency or access.current_company().base_currency
    return policy, losses_of(currency, tuple(days for days, _ in _listed(policy)))
