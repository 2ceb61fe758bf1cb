"""Where each platform lives and which keys we hold there: plain values, made once by the front door."""

from __future__ import annotations

from msgspec import Struct


class QuickBooksConfig(Struct, frozen=True, kw_only=True):
    """Keys and roots of QuickBooks Online. `api_url` is the root before `/v3/company/…`."""

    client_id: str = ""
    client_secret: str = ""
    webhook_token: str = ""
    discovery_url: str = "https://developer.api.intuit.com/.well-known/openid_configuration"
    api_url: str = "https://quickbooks.api.intuit.com"


class XeroConfig(Struct, frozen=True, kw_only=True):
    """Keys and roots of Xero: authorise under `login_url`, tokens under `identity_url`, the rest under `api_url`."""

    client_id: str = ""
    client_secret: str = ""
    webhook_key: str = ""
    login_url: str = "https://login.xero.com"
    identity_url: str = "https://identity.xero.com"
    api_url: str = "https://api.xero.com"
    calls_per_minute: int = 60
    """Xero's limit for one app and organisation."""


class FreshBooksConfig(Struct, frozen=True, kw_only=True):
    """Keys and roots of FreshBooks: authorise under `auth_url`, tokens and the rest under `api_url`.

    `redirect_uri` goes along with each refresh. Source: freshbooks-sdk 1.3.0, `client.py`.
    """

    client_id: str = ""
    client_secret: str = ""
    redirect_uri: str = ""
    auth_url: str = "https://auth.freshbooks.com"
    api_url: str = "https://api.freshbooks.com"


class MailConfig(Struct, frozen=True, kw_only=True):
    """`smtp_url` is smtp://user:password@host:port or smtps://…; empty means that no mail can go out."""

    smtp_url: str = ""
    mail_from: str = ""
