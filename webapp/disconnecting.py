"""Letting a company go: its permission ended on the platform, then forgotten here.

Both app stores insist on the first part; a token left to lapse is not a disconnect.
"""

from __future__ import annotations

from contextlib import suppress

from connectors import oauth
from connectors.errors import ReconnectNeeded
from store import audit, companies, tokens
from store.tables import Company
from webapp.services import now, services


def disconnect(company: Company, by: str) -> None:
    """End our access to `company`. Raises RetryLater when the platform cannot be reached; then nothing has changed."""
    parts, company_id = services(), company.id or 0
    vault = tokens.Vault(parts.database, parts.box, company_id, parts.clock, "web")
    held = vault.read()
    platform = parts.platforms.get(company.platform)
    if held is not None and platform is not None:
        with parts.database.read() as reading:
            connection = tokens.connection_of(reading, company_id)
        with suppress(ReconnectNeeded):  # the permission was gone already: that is what was wanted
            platform.revoke(oauth.decode(*held), connection.connection_id if connection else "")
    with parts.database.begin() as writing:
        audit.append(writing, company_id, now(), by, "disconnect asked for", {"platform": company.platform})
        companies.disconnect(writing, company_id, "You disconnected it here.", now())
