"""For machines that watch over us: is the process up, can it work, and its numbers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from webapp.services import services

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> ResponseReturnValue:
    """200 as long as the process answers; touches nothing."""
    return jsonify(status="ok")


@pages.get("/readyz")
def ready() -> ResponseReturnValue:
    """200 when every part is ready, else 503; names each part."""
    parts = services().is_ready()
    return jsonify(status="ok" if all(parts.values()) else "not ready", parts=parts), 200 if all(
        parts.values()
    ) else 503


@pages.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Prometheus text. Counts only: no names, no amounts of single customers."""
    return Response(services().metrics(), mimetype="text/plain; version=0.0.4")
