"""Runs: when the books were read and what was decided and done each time, newest first."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from msgspec import Struct

from store import runs as reads
from store.tables import Run
from webapp import access
from webapp.paging import page_number, pager_for
from webapp.services import services

pages = Blueprint("runs", __name__)

PAGE_SIZE = 50


class Line(Struct, frozen=True, kw_only=True):
    """One run as the page shows it."""

    run: Run
    took: timedelta | None
    read: int
    """Records that were new or changed."""
    decided: int
    done: dict[str, int]
    """Acts by kind."""
    calls: int


@pages.get("/runs")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """One page of runs."""
    number = page_number()
    with services().database.read() as reading:
        found = reads.latest(reading, access.company_id(), PAGE_SIZE + 1, (number - 1) * PAGE_SIZE)
    pager = pager_for("runs.show", number, len(found) > PAGE_SIZE)
    return render_template("runs.html", lines=[_line(run) for run in found[:PAGE_SIZE]], **pager)


def _line(run: Run) -> Line:
    told: dict[str, Any] = json.loads(run.summary)
    return Line(
        run=run,
        took=run.finished_at - run.started_at if run.finished_at else None,
        read=sum(told.get("synced", {}).values()),
        decided=sum(told.get("decided", {}).values()),
        done=told.get("performed", {}),
        calls=told.get("api_calls", 0),
    )
