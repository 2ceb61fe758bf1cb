"""Activity: what was done and what was left alone, with the reason for each, newest first; records set aside; and how
far our copy of the books agrees with the platform's."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from store import checks
from store import home as reads
from webapp import access
from webapp.paging import page_number, pager_for
from webapp.services import services
from webapp.views.connect import titles

pages = Blueprint("activity", __name__)

STATES = ("done", "held", "failed", "cancelled", "planned", "approved")
"""Where an act can stand; the filter takes these beside the outcomes."""


@pages.get("/activity")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """One page of entries, filtered by outcome, reason and words."""
    wanted = {name: request.args.get(name, "").strip()[:80] for name in ("search", "outcome", "rule")}
    number = page_number()
    with services().database.read() as reading:
        found = reads.activity(reading, access.company_id(), page=number, **wanted)
        set_asides = reads.set_asides(reading, access.company_id())
        rules = reads.rule_counts(reading, access.company_id())
        outcomes = reads.outcomes(reading, access.company_id())
        latest_checks = checks.latest(reading, access.company_id())
    return render_template(
        "activity.html",
        entries=found.entries,
        wanted=wanted,
        outcomes=outcomes,
        states=STATES,
        rules=sorted(rules),
        set_asides=set_asides,
        checks=latest_checks,
        platform_title=titles().get(access.current_company().platform, access.current_company().platform),
        is_filtered=any(wanted.values()),
        **pager_for("activity.show", number, found.has_more, **wanted),
    )
