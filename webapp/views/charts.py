"""Pictures, as images of their own: the page that shows them stays free of inline style."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from engine.money import Money
from store import home as reads
from webapp import access
from webapp.ageing_picture import BUCKETS, SIZES, draw
from webapp.formatting import local_today
from webapp.language import in_reader_s_words
from webapp.services import services

pages = Blueprint("charts", __name__)

STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


@pages.get("/charts/ageing/<currency>-<size>.svg")
@access.for_company("viewer")
def ageing(currency: str, size: str) -> ResponseReturnValue:
    """The ageing picture of one currency."""
    with services().database.read() as reading:
        owed = {one.currency: one for one in reads.owed(reading, access.company_id(), local_today())}
    if currency not in owed or size not in SIZES:
        abort(404)
    buckets = [Money(minor, currency) for minor in owed[currency].buckets]
    picture = draw(buckets, size, [in_reader_s_words(name) for name in BUCKETS])
    answer = Response(picture, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = _picture_policy(picture)
    return answer


def _picture_policy(picture: str) -> str:
    """A picture brings its own style, known by its hash; opened by itself it runs and loads nothing."""
    digests = (b64encode(sha256(found.encode()).digest()).decode() for found in STYLE.findall(picture))
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; style-src {allowed}; frame-ancestors 'none'; sandbox"
