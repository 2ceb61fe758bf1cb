"""Saved views: a list as it is narrowed now, kept under a name for everybody of the company, and forgotten."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from store import views
from webapp import access
from webapp.services import services

pages = Blueprint("saved_views", __name__)

LISTS = {
    "customers": ("customer_list.show", ("search", "state")),
    "activity": ("activity.show", ("search", "outcome", "rule")),
    "tasks": ("tasks.show", ("search", "kind")),
}
"""By the word under which a list's views are kept: its page, and what it may be narrowed by."""


@pages.post("/views/<listed>")
@access.for_company("bookkeeper")
def keep(listed: str) -> ResponseReturnValue:
    """Keep the list as it is narrowed now under a name, or forget a view."""
    endpoint, fields = LISTS.get(listed) or abort(404)
    forget, name = request.form.get("forget", 0, int), " ".join(request.form.get("name", "").split())[:60]
    wanted: dict[str, Any] = {field: found for field in fields if (found := request.form.get(field, "").strip()[:80])}
    with services().database.begin() as writing:
        if forget:
            views.forget(writing, access.company_id(), forget)
        elif not name:
            flash("Give the view a name.", "warn")
        elif not views.keep(writing, access.company_id(), listed, name, urlencode(wanted)):
            flash(f"There are {views.MOST} views already: forget one first.", "warn")
    return redirect(url_for(endpoint, **wanted))
