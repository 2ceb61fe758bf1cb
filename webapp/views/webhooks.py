"""Webhooks in: verified on the raw bytes, kept, and answered in milliseconds. The work is left to the next run."""

from __future__ import annotations

import structlog
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from store.webhooks import receive
from webapp.limits import WEBHOOK, limiter
from webapp.security import csrf
from webapp.services import now, services

pages = Blueprint("webhooks", __name__)
logger = structlog.get_logger(__name__)

SIGNATURE_HEADERS = {"quickbooks": "intuit-signature", "xero": "x-xero-signature"}


@pages.post("/webhooks/<platform>")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf carries no types; the signature is what proves the sender
@limiter.limit(WEBHOOK)
def deliver(platform: str) -> ResponseReturnValue:
    """200 with an empty body for a good signature, 401 for a bad one: Xero's handshake sends both to see."""
    sender = services().platforms.get(platform)
    if sender is None or not sender.is_configured():
        abort(404)
    body = request.get_data(cache=False)
    if not sender.verify_webhook(body, request.headers.get(SIGNATURE_HEADERS.get(platform, ""), "")):
        logger.warning("webhook refused", platform=platform, bytes=len(body))
        return "", 401
    with services().database.begin() as writing:
        is_new = receive(writing, platform, body, sender.webhook_companies(body), now())
    logger.info("webhook kept", platform=platform, bytes=len(body), is_new=is_new)
    return "", 200
