"""The mail that invites somebody to look after a company together."""

from __future__ import annotations

from html import escape
from secrets import token_hex

import structlog
from flask import g

from connectors.errors import DunwellError
from connectors.ports import Mail
from engine.telling import catalogue
from store import policies
from store.team import INVITATION_LIFE
from webapp import access
from webapp.services import services

logger = structlog.get_logger(__name__)


def send(link: str, to: str, role: str) -> bool:
    """Whether the mail went out. The link is a secret: it goes into the mail and nowhere else."""
    mailer = services().mailer
    if mailer is None:
        return False
    try:
        mailer.send(_mail(link, to, role))
    except DunwellError as error:
        logger.warning("an invitation could not be sent", error=type(error).__name__)
        return False
    return True


def _mail(link: str, to: str, role: str) -> Mail:
    company = " ".join(access.current_company().name.split())
    host = " ".join((g.user.name or g.user.email or "The owner").split())
    said = (
        f"{host} asks you to look after the invoices of {company} in Dunwell, as {role}.",
        f"Open this link within {INVITATION_LIFE.days} days and sign in with your own accounting software:",
        link,
        "It works once. If you did not expect this, leave it alone: nothing happens until somebody opens it.",
    )
    with services().database.read() as reading:
        language = policies.current(reading, access.company_id()).notices.language
    lines = [line if line == link else catalogue(language).sentence(line) for line in said]
    marked = (escape(line) if line != link else f'<a href="{escape(link)}">{escape(link)}</a>' for line in lines)
    return Mail(
        key=f"invitation-{token_hex(16)}",
        to=(to,),
        subject=catalogue(language).sentence(f"Look after {company} in Dunwell"),
        text="\n\n".join(lines),
        html="".join(f"<p>{line}</p>" for line in marked),
        sender_name="Dunwell",
        reply_to=g.user.email or "",
    )
