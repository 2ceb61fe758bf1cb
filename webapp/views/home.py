"""Home: what is owed, what went out, what goes out next and why, and what needs a person. Signed out: what this is."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from store import home as reads
from store import runs, tokens, uploads, volume
from webapp import access
from webapp.ageing_picture import BUCKETS
from webapp.formatting import local_today
from webapp.services import now, services
from webapp.views.connect import configured, titles

pages = Blueprint("home", __name__)

COMING_DAYS = 7
SHOWN = 6
"""Lines in each of the two lists: the rest is a link away."""


@pages.get("/")
def show() -> ResponseReturnValue:
    """The landing page for a visitor, Home for somebody signed in."""
    if access.current_user() is None:
        takes_uploads = uploads.PLATFORM in services().platforms
        return render_template("landing.html", platforms=configured(), takes_uploads=takes_uploads)
    return _home()


@pages.get("/sync")
@access.for_company("viewer")
def sync() -> ResponseReturnValue:
    """How far the first reading of the books is: a fragment that Home asks for every few seconds.

    Once it is done, the whole page is loaded anew.
    """
    answer = make_response(render_template("_sync.html", **_sync_state()))
    if access.current_company().last_synced_at is not None:
        is_new = access.current_company().mode == "observe"
        answer.headers["HX-Redirect"] = url_for("start.show" if is_new else "home.show")
    return answer


@access.for_company("viewer")
def _home() -> ResponseReturnValue:
    company_id = access.company_id()
    with services().database.read() as reading:
        context = {
            "owed": reads.owed(reading, company_id, local_today()),
            "next_acts": reads.goes_next(reading, company_id, SHOWN),
            "coming": reads.upcoming(reading, company_id, local_today(), COMING_DAYS, SHOWN),
            "went_out": reads.went_out(reading, company_id, now() - timedelta(days=7), SHOWN),
            "set_aside_count": len(reads.set_asides(reading, company_id)),
            "answers": reads.new_answers(reading, company_id, SHOWN),
            "run": runs.last(reading, company_id),
            "held_back": volume.held_back(reading, company_id),
            "consent_ends_at": tokens.ends_at(reading, company_id, now()),
        }
    return render_template("home.html", buckets=BUCKETS, **_sync_state(), **context)


def _sync_state() -> dict[str, object]:
    company = access.current_company()
    with services().database.read() as reading:
        cursor = reads.sync_cursor(reading, access.company_id())
        holds_until = uploads.holds_until(reading, access.company_id())
    return {
        "cursor": cursor,
        "holds_until": holds_until,
        "is_first_sync": company.last_synced_at is None and company.status == "connected",
        "platform_title": titles().get(company.platform, company.platform),
        "present": now(),
    }
