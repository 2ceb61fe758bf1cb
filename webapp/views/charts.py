"""Pictures, as images of their own: the page that shows them stays free of inline style."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from engine.money import Money
from store import home as reads
from webapp import access
from webapp.ageing_picture import SIZES, draw
from webapp.formatting import local_today
from webapp.services import services

pages = Blueprint("charts", __name__)

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A picture carries its own style and nothing else: opened by itself it runs no script and loads nothing."""


@pages.get("/charts/ageing/<currency>-<size>.svg")
@access.for_company("viewer")
def ageing(currency: str, size: str) -> ResponseReturnValue:
    """The ageing picture of one currency."""
    with services().database.read() as reading:
        owed = {one.currency: one for one in reads.owed(reading, access.company_id(), local_today())}
    if currency not in owed or size not in SIZES:
        abort(404)
    buckets = [Money(minor, currency) for minor in owed[currency].buckets]
    answer = Response(draw(buckets, size), mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    return answer
