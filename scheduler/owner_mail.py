"""What Dunwell writes to the owner of a company when something is not well: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from html import escape

from connectors.mail.context import locale_of
from connectors.ports import Mail
from engine.telling import told
from store import uploads
from store.alerts import Trouble
from store.tables import Company

TITLES = {"quickbooks": "QuickBooks Online", "xero": "Xero", "freshbooks": "FreshBooks"}

SENTENCES = {
    "reconnect_needed": (
        "{platform} no longer lets Dunwell in ({detail}). Nothing is read and nothing goes out until you connect again:"
        " one click, and nothing is lost."
    ),
    "consent_ends": (
        "{platform} ends every connection after some years, and this one on {detail}. Connect again before that day:"
        " one click, and nothing is lost. Otherwise nothing is read and nothing goes out from then on."
    ),
    "upload_ends": (
        "Your latest upload holds until {detail}. Upload your files again by then: after that nothing goes out, so that"
        " nobody is reminded who has paid meanwhile."
    ),
    "read_only": (
        "{platform} says that its subscription for this company has ended: it can be read, and nothing can be written"
        " there. Messages by email still go out; notes, fees, credits and holds wait until it is renewed."
    ),
    "sync_stale": (
        "The books have not been read for more than a day ({detail}). Nothing goes out on old figures; Dunwell keeps"
        " trying."
    ),
    "held": (
        "{detail} message(s) may or may not have gone out: the connection broke at the wrong moment. Dunwell does not"
        " send twice on a guess. Say in Tasks whether they went."
    ),
    "nothing_sent": (
        "{detail} message(s) or notes should have gone out days ago and have not. Activity says what was tried and what"
        " came back."
    ),
    "brake": (
        "Far more messages than usual: {detail} They wait. Home shows them, with one button to let them all go and one"
        " to drop them all."
    ),
}
"""What is wrong, by the trouble's kind, and what to do about it."""
FILES_WANTED = "{detail} Nothing goes out until then, so that nobody is reminded who has paid meanwhile."
"""In the place of `reconnect_needed`, where books are uploaded."""


def owner_mail(
    company: Company,
    people: Sequence[str],
    troubles: Sequence[Trouble],
    home: str,
    now: datetime,
    language: str = "en",
) -> Mail:
    """One mail about all that is wrong, in that language. `home` is the address of the web app."""
    locale = str(locale_of(company.country, language))
    kinds = ",".join(trouble.kind for trouble in troubles)
    name = " ".join(company.name.split())
    said = (f"About {name}:", *(_sentence(one, company.platform) for one in troubles), f"Look at it here: {home}")
    lines = [told(line, language, locale) for line in said]
    return Mail(
        key=sha256(f"alert|{company.stored_id}|{kinds}|{now.isoformat()}".encode()).hexdigest()[:32],
        to=tuple(people),
        subject=told(f"{name}: Dunwell needs you", language, locale),
        text="\n\n".join(lines),
        html="".join(f"<p>{escape(line)}</p>" for line in lines),
        sender_name="Dunwell",
    )


def _sentence(trouble: Trouble, platform: str) -> str:
    if trouble.kind == "reconnect_needed" and platform == uploads.PLATFORM:
        return FILES_WANTED.format(detail=trouble.detail)
    detail = trouble.detail or ("the permission has ended" if trouble.kind == "reconnect_needed" else "")
    return SENTENCES[trouble.kind].format(platform=TITLES.get(platform, platform), detail=detail)
