"""Consents: what a company's connection allows, since when, and how long it holds. Tokens are read and never shown."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from connectors import oauth
from store import people, tokens
from store.secrets import SecretsLost
from store.tables import Company
from webapp.services import services

SCOPE_MEANS = {
    "com.intuit.quickbooks.accounting": "read and write the books",
    "accounting.invoices": "invoices and credit notes",
    "accounting.transactions": "invoices, credit notes and payments",
    "accounting.payments": "payments",
    "accounting.contacts": "customers, and the group of those on hold",
    "accounting.settings.read": "accounts, tax rates, time zone and lock dates, to read",
    "user:clients:read": "clients and what they have in credit, to read",
    "user:invoices:read": "invoices, to read",
    "user:invoices:write": "late-fee invoices, and sending an invoice",
    "user:payments:read": "payments, to read",
    "offline_access": "work while you are away",
}
"""The scopes that are about books; `openid`, `profile`, `email` and `user:profile:read` only tell who signed in."""


class Consent(Struct, frozen=True, kw_only=True):
    """One company's consent, as a page tells it."""

    connected_at: datetime
    connected_by: str
    means: tuple[str, ...]
    lapses_at: datetime | None
    """When it ends by itself if nothing is read until then: every run moves it on."""
    ends_at: datetime | None
    """When it ends whatever happens."""


def consent_of(company: Company) -> Consent | None:
    """None where there is no consent, or none that still works."""
    parts = services()
    with parts.database.read() as reading:
        connection = tokens.connection_of(reading, company.stored_id)
        actor = f"user {connection.connected_by_id}" if connection else ""
        name = people.names_of(reading, [actor]).get(actor, "")
    try:
        held = tokens.Vault(parts.database, parts.box, company.stored_id, parts.clock, "web").read()
    except SecretsLost:
        return None
    if connection is None or held is None:
        return None
    kept = oauth.decode(*held)
    return Consent(
        connected_at=connection.connected_at,
        connected_by=name,
        means=tuple(SCOPE_MEANS[scope] for scope in kept.scopes if scope in SCOPE_MEANS),
        lapses_at=kept.refresh_expires_at,
        ends_at=kept.hard_expires_at,
    )
