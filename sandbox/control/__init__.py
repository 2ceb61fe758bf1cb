"""The control API: what a test or a demo may do to the sandbox from outside, as JSON over HTTP.

`/control/…` moves the clock, breaks things by name, works in the books, and shows what was seen and sent. What is wrong
with a request is said in a 400, `{"error": …}`. The README of the sandbox lists the calls; `bodies` has what they take.
Bodies must be sent as application/json, which also keeps other people's web pages from calling.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException, NotFound

from sandbox.control.asking import AskedWronglyError, add_rule, as_json
from sandbox.control.trouble import clock, faults, webhooks
from sandbox.control.working import books, platforms, seen, world_rules

if TYPE_CHECKING:
    from sandbox.server import Sandbox

__all__ = ["control"]


def control(sandbox: Sandbox) -> Blueprint:
    """The blueprint, with one function of rules per subject."""
    blueprint = Blueprint("control", __name__, url_prefix="/control")
    for add in (clock, faults, webhooks, platforms, books, world_rules, seen):
        add(sandbox, partial(add_rule, blueprint))
    # A wrong address is answered here as well, or it would be told in HTML.
    blueprint.add_url_rule("/<path:rest>", "nowhere", _nowhere, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    blueprint.register_error_handler(AskedWronglyError, lambda error: as_json({"error": str(error)}, 400))
    blueprint.register_error_handler(HTTPException, _http_error)
    return blueprint


def _nowhere(rest: str) -> Response:
    raise NotFound(f"/control/{rest} is no call of the control API")


def _http_error(error: HTTPException) -> Response:
    return as_json({"error": error.description or error.name}, error.code or 500)
