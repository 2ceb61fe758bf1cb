"""What Dunwell writes to the owner of a company when something is not well: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from html import escape

from connectors.ports import Mail
from store.alerts import Trouble
from store.tables import Company

TITLES = {"quickbooks": "QuickBooks Online", "xero": "Xero"}


def owner_mail(company: Company, people: Sequence[str], troubles: Sequence[Trouble], home: str, now: datetime) -> Mail:
    """One mail about all that is wrong. `home` is the address of the web app."""
    platform = TITLES.get(company.platform, company.platform)
    lines = [_sentence(trouble, platform) for trouble in troubles]
    close = f"Look at it here: {home}"
    kinds = ",".join(trouble.kind for trouble in troubles)
    name = " ".join(company.name.split())
    return Mail(
        key=sha256(f"alert|{company.stored_id}|{kinds}|{now.isoformat()}".encode()).hexdigest()[:32],
        to=tuple(people),
        subject=f"{name}: Dunwell needs you",
        text="\n\n".join([f"About {name}:", *lines, close]),
        html="".join(f"<p>{escape(line)}</p>" for line in (f"About {name}:", *lines, close)),
        sender_name="Dunwell",
    )


def _sentence(trouble: Trouble, platform: str) -> str:
    if trouble.kind == "reconnect_needed":
        return (
            f"{platform} no longer lets Dunwell in ({trouble.detail or 'the permission has ended'}). Nothing is read"
            " and nothing goes out until you connect again: one click, and nothing is lost."
        )
    if trouble.kind == "sync_stale":
        return (
            f"The books have not been read for more than a day ({trouble.detail}). Nothing goes out on old figures;"
            " Dunwell keeps trying."
        )
    if trouble.kind == "held":
        return (
            f"{trouble.detail} message(s) may or may not have gone out: the connection broke at the wrong moment."
            " Dunwell does not send twice on a guess. Say in Tasks whether they went."
        )
    if trouble.kind == "nothing_sent":
        return (
            f"{trouble.detail} message(s) or notes should have gone out days ago and have not. Activity says what was"
            " tried and what came back."
        )
    if trouble.kind == "brake":
        return (
            f"Far more messages than usual: {trouble.detail} They wait. Home shows them, with one button to let them"
            " all go and one to drop them all."
        )
    raise ValueError(f"no words for the trouble {trouble.kind!r}")
