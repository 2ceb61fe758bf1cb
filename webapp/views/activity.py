"""Activity: what was done and what was left alone, with the reason for each, newest first; records set aside; and how
far our copy of the books agrees with the platform's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.reasons import RULES
from store import checks, views
from store import home as reads
from store.home import Entry
from webapp import access, sheets
from webapp.formatting import phrase, said
from webapp.language import in_reader_s_words, told_here
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
    wanted, number = _wanted(), page_number()
    with services().database.read() as reading:
        found = reads.activity(reading, access.company_id(), page=number, **wanted)
        set_asides = reads.set_asides(reading, access.company_id())
        rules = reads.rule_counts(reading, access.company_id())
        outcomes = reads.outcomes(reading, access.company_id())
        latest_checks = checks.latest(reading, access.company_id())
        kept = views.kept(reading, access.company_id(), "activity")
    return render_template(
        "activity.html",
        entries=found.entries,
        wanted=wanted,
        views=kept,
        outcomes=outcomes,
        states=STATES,
        rules={code: RULES.get(code, code) for code in sorted(rules, key=lambda code: RULES.get(code, code))},
        set_asides=set_asides,
        checks=latest_checks,
        platform_title=titles().get(access.current_company().platform, access.current_company().platform),
        is_filtered=any(wanted.values()),
        **pager_for("activity.show", number, found.has_more, **wanted),
    )


@pages.get("/activity.<any(csv, xlsx):kind>")
@access.for_company("viewer")
def export(kind: str) -> ResponseReturnValue:
    """All that the list shows, newest first, as a file."""
    with services().database.read() as reading:
        found = reads.activity(reading, access.company_id(), size=sheets.MOST_ROWS, **_wanted())
    heads = ("Day", "Customer", "Invoice", "What", "State", "Rule", "Reason", "Outcome")
    rows = (_row(entry) for entry in found.entries)
    return sheets.answer(kind, "activity", [str(told_here(head)) for head in heads], rows)


def _wanted() -> dict[str, Any]:
    return {name: request.args.get(name, "").strip()[:80] for name in ("search", "outcome", "rule")}


def _row(entry: Entry) -> sheets.Row:
    rule = in_reader_s_words(RULES.get(entry.rule, entry.rule))
    what, state = phrase(entry.kind), phrase(entry.state) if entry.state else ""
    return entry.on, entry.customer_name, entry.number, what, state, rule, said(entry.sentence), said(entry.outcome)
