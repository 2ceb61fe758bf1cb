"""What old debt is still worth: rules of thumb beside what the company's own books say, and a way to take that over."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.policy import Policy
from engine.policy.escalation import LostByAge
from engine.recovery import ENOUGH_FATES, OwnLoss, lost_percent, own_losses
from store import losses, policies
from webapp import access
from webapp.formatting import local_today
from webapp.services import services
from webapp.views import versions

pages = Blueprint("losses", __name__)


@pages.get("/settings/losses")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """By age: the share that is taken for lost, and the share that was."""
    policy, own = _experience()
    listed = tuple((each.days, each.percent) for each in policy.escalation.lost_by_age)
    lines = [(each, lost_percent(each.days, listed)) for each in own]
    can_take = any(each.is_enough and each.percent != used for each, used in lines)
    return render_template("losses.html", listed=listed, lines=lines, enough=ENOUGH_FATES, can_take=can_take)


@pages.post("/settings/losses")
@access.for_company("owner")
def take_over() -> ResponseReturnValue:
    """Put the company's own figures in the place of those it has enough experience for, once that is confirmed."""
    policy, own = _experience()
    used = {each.days: each.percent for each in policy.escalation.lost_by_age}
    used |= {each.days: each.percent for each in own if each.is_enough}
    by_age = tuple(LostByAge(days=days, percent=percent) for days, percent in sorted(used.items()))
    if by_age == policy.escalation.lost_by_age:
        flash("These are the figures in use already.", "good")
        return redirect(url_for("losses.show"))
    escalation = policy.escalation.model_copy(update={"lost_by_age": by_age})
    return versions.keep(policy.model_copy(update={"escalation": escalation}), may_edit=False)


def _experience() -> tuple[Policy, list[OwnLoss]]:
    """The policy, and what the books say for each age that it lists, in the company's own currency."""
    today = local_today()
    with services().database.read() as reading:
        policy = policies.current(reading, access.company_id())
        currency = policy.base_currency or access.current_company().base_currency
        known = losses.fates(reading, access.company_id(), currency, today)
    return policy, own_losses(known, today, [each.days for each in policy.escalation.lost_by_age])
