"""For machines that watch over us: is the process up, can it work, and its numbers."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, jsonify
from flask.typing import ResponseReturnValue

from webapp.services import now, services

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


@pages.get("/.well-known/security.txt")
def security_txt() -> ResponseReturnValue:
    """Whom to tell about a hole (RFC 9116); not there until whoever runs this installation has said."""
    contact = services().security_contact
    if not contact:
        abort(404)
    expires = now().replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {services().base_url}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@pages.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Prometheus text. Counts only: no names, no amounts of single customers."""
    return Response(services().metrics(), mimetype="text/plain; version=0.0.4")
