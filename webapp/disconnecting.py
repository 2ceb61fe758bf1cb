"""Letting a company go: its permission ended on the platform, then forgotten here.

Both app stores insist on the first part; a token left to lapse is not a disconnect.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from connectors import oauth
from connectors.errors import ReconnectNeeded
from connectors.ports import Platform
from store import audit, companies, tokens
from store.tables import Company
from webapp.services import now, services

ENOUGH = timedelta(minutes=2)


def disconnect(company: Company, by: str) -> None:
    """End our access to `company`. Raises RetryLater when the platform cannot be reached; then nothing has changed."""
    platform = services().platforms.get(company.platform)
    if platform is not None:
        with suppress(ReconnectNeeded):  # the permission was gone already: that is what was wanted
            _revoke(platform, company)
    company_id = company.id or 0
    with services().database.begin() as writing:
        audit.append(writing, company_id, now(), by, "disconnect asked for", {"platform": company.platform})
        companies.disconnect(writing, company_id, "You disconnected it here.", now())
        tokens.drop_unused(writing)


def _revoke(platform: Platform, company: Company) -> None:
    parts, company_id = services(), company.id or 0
    vault = tokens.Vault(parts.database, parts.box, company_id, parts.clock, "web")
    held = vault.read()
    if held is not None and oauth.decode(*held).expires_at - now() < ENOUGH:
        # Only a live token may end a permission. Any read through the vault gets one, and keeps it for the
        # other companies that the same consent opened.
        platform.books(company.external_id, vault, parts.clock).company()
        held = vault.read()
    if held is None:
        return
    with parts.database.read() as reading:
        connection = tokens.connection_of(reading, company_id)
        serves_others = tokens.are_shared(reading, company_id)
    if serves_others and not (connection and connection.connection_id):
        # One consent for all of a person's companies, and none can be named: it ends with the last of them.
        return
    platform.revoke(oauth.decode(*held), connection.connection_id if connection else "")
