"""Before switching on: what the last year would have looked like, what tonight would do, how firm, and one button."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.policy import Policy
from engine.policy.presets import PRESETS, with_preset
from store import companies, policies
from webapp import access, meanwhile
from webapp.forms.choices import PRESET_MEANS
from webapp.reckoning import MONTHS, backtest_of, next_sending_day, tonight_of
from webapp.services import now, services

pages = Blueprint("start", __name__)

SHOWN = 8
"""Lines of what tonight would do."""
SWITCHED_ON = {
    "approve": "Dunwell is on. It prepares each message and waits for you under Tasks.",
    "automatic": "Dunwell is on. It goes by your hours and limits, and asks when a person is needed.",
}


@pages.get("/start")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """The last twelve months and tonight, for a preset or for the settings as they are."""
    policy, chosen = chosen_policy()
    return render_template(
        "start.html",
        presets=PRESET_MEANS,
        chosen=chosen,
        months=12,
        job=backtest_of(policy, 12),
        tonight=tonight_of(policy),
        sends_on=next_sending_day(policy),
        shown=SHOWN,
    )


@pages.post("/start")
@meanwhile.retried
@access.for_company("owner")
def switch_on() -> ResponseReturnValue:
    """Save the preset that was looked at, and let Dunwell act."""
    mode = request.form.get("mode", "")
    if mode not in SWITCHED_ON:
        abort(400)
    policy, _ = chosen_policy()
    company_id, at, by = access.company_id(), now(), access.actor()
    with services().database.begin() as writing:
        policies.save(writing, company_id, policy, at, by, on=policy.version)
        companies.set_mode(writing, company_id, mode, at, by)
        companies.bring_forward(writing, company_id, at)
    flash(SWITCHED_ON[mode], "good")
    return redirect(url_for("home.show"))


@pages.post("/observe")
@access.for_company("owner")
def only_watch() -> ResponseReturnValue:
    """Back to watching: nothing more goes out; what was done stays on record."""
    with services().database.begin() as writing:
        companies.set_mode(writing, access.company_id(), "observe", now(), access.actor())
    flash("Dunwell only watches now. Nothing more goes out until you switch it on again.", "good")
    return redirect(url_for("home.show"))


@pages.get("/backtest")
@access.for_company("viewer")
def backtest() -> ResponseReturnValue:
    """The whole backtest: months, worst days, and single messages with their reasons."""
    policy, chosen = chosen_policy()
    asked = request.args.get("months", 12, int)
    months = asked if asked in MONTHS else 12
    only_crossed = request.args.get("only") == "crossed"
    return render_template(
        "backtest.html",
        presets=PRESET_MEANS,
        chosen=chosen,
        months=months,
        all_months=MONTHS,
        only_crossed=only_crossed,
        job=backtest_of(policy, months),
    )


def chosen_policy() -> tuple[Policy, str]:
    """The policy asked about, and the preset's name; "" for the settings as they are."""
    with services().database.read() as reading:
        policy = policies.current(reading, access.company_id())
    asked = request.values.get("preset", "")
    for name in PRESETS:
        with_it = with_preset(policy, name)
        if name == asked or (not asked and with_it == policy):
            return with_it, name
    return policy, ""
