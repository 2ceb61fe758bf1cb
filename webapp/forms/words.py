"""The words of a message as a form sends them: a subject, and a text in the lines that its writer gave it."""

from __future__ import annotations

from flask import request

from connectors.mail.guard import LONGEST
from connectors.mail.templates import Source


def source_sent() -> Source:
    """What the form says. One character more than is allowed is kept, so that what is too long is told."""
    return Source(_field("subject"), _field("body"))


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")[: LONGEST[name] + 1].strip()
