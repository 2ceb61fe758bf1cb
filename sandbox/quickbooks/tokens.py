"""Codes, access tokens and refresh tokens, and the grants behind them. No HTTP here.

A grant is one consent: app, person, scopes and, with the accounting scope, one realm. All on the sandbox's clock.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.quickbooks.settings import App, Person

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(seconds=3600)
ROTATION = timedelta(hours=24)
"""The refresh token's value changes about this often."""


class GrantRefused(Exception):
    """The token endpoint's `invalid_grant`, with the description that goes out."""


@dataclass
class Grant:
    """One consent and its present refresh token."""

    app: App
    person: Person
    scopes: tuple[str, ...]
    realm: str
    consented_at: datetime
    nonce: str = ""
    refresh_token: str = field(default="", repr=False)
    refresh_made_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    is_alive: bool = True

    @property
    def hard_expires_at(self) -> datetime:
        """However often it is refreshed, a consent ends here."""
        return self.consented_at + self.app.hard_lifetime


@dataclass
class Code:
    """An authorisation code on its way through the browser."""

    grant: Grant
    redirect_uri: str
    expires_at: datetime
    is_used: bool = False


@dataclass(frozen=True)
class Issued:
    """What the token endpoint hands out."""

    grant: Grant
    access_token: str = field(repr=False)


class TokenBook:
    """All codes and tokens of the sandbox."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._codes: dict[str, Code] = {}
        self._access: dict[str, tuple[Grant, datetime]] = {}
        self._refresh: dict[str, Grant] = {}
        """Every value ever issued, so that a stale one is known for what it is."""
        self.grants: list[Grant] = []

    def code_for(self, grant: Grant, redirect_uri: str, now: datetime) -> str:
        code = f"XAB{secrets.token_urlsafe(30)}"
        with self._lock:
            self._codes[code] = Code(grant, redirect_uri, now + CODE_LIFE)
        return code

    def exchange(self, app: App, code: str, redirect_uri: str, now: datetime) -> Issued:
        """Tokens for a code, once. Raises GrantRefused for a used, expired or foreign one, or another address."""
        with self._lock:
            found = self._codes.get(code)
            if found is None or found.grant.app is not app or found.expires_at <= now:
                raise GrantRefused("Token invalid")
            if found.is_used:
                if app.second_exchange_revokes:
                    found.grant.is_alive = False
                raise GrantRefused("Token invalid")
            if found.redirect_uri != redirect_uri:
                raise GrantRefused("Invalid redirect URI")
            found.is_used = True
            self.grants.append(found.grant)
            self._rotate(found.grant, now)
            return self._issue(found.grant, now)

    def refresh(self, app: App, token: str, now: datetime) -> Issued:
        """New tokens for a refresh token. Raises GrantRefused for one that is unknown, rotated, expired or revoked."""
        with self._lock:
            grant = self._refresh.get(token)
            if grant is None or grant.app is not app or not grant.is_alive:
                raise GrantRefused("Incorrect or invalid refresh token")
            if token != grant.refresh_token:
                if app.stale_refresh_revokes:
                    grant.is_alive = False
                raise GrantRefused("Incorrect or invalid refresh token")
            assert grant.refresh_expires_at is not None and grant.refresh_made_at is not None  # noqa: S101, PT018 - set by _rotate
            if now >= min(grant.refresh_expires_at, grant.hard_expires_at):
                raise GrantRefused("Token has been expired or revoked")
            if now - grant.refresh_made_at >= ROTATION:
                self._rotate(grant, now)
            return self._issue(grant, now)

    def _rotate(self, grant: Grant, now: datetime) -> None:
        grant.refresh_token = f"AB{secrets.token_urlsafe(36)}"
        grant.refresh_made_at = now
        self._refresh[grant.refresh_token] = grant

    def _issue(self, grant: Grant, now: datetime) -> Issued:
        grant.refresh_expires_at = min(now + grant.app.refresh_lifetime, grant.hard_expires_at)
        access = f"eyJlbmMi.{secrets.token_urlsafe(600)}"
        self._access[access] = (grant, now + ACCESS_LIFE)
        return Issued(grant, access)

    def grant_of(self, access_token: str, now: datetime) -> Grant | None:
        """The living grant behind an access token; None for one that is unknown, expired or revoked."""
        with self._lock:
            grant, expires_at = self._access.get(access_token, (None, now))
        return grant if grant is not None and grant.is_alive and now < expires_at else None

    def revoke(self, app: App, token: str) -> bool:
        """End the app's permission for the token's company, by either token. False for a token that is not valid."""
        with self._lock:
            grant = self._refresh.get(token) or self._access.get(token, (None, None))[0]
        if grant is None or grant.app is not app or not grant.is_alive:
            return False
        self.disconnect(grant.realm, app) if grant.realm else self._end([grant])
        return True

    def disconnect(self, realm: str, app: App | None = None) -> None:
        """What the owner does inside the platform: nobody is told, the tokens are simply dead."""
        self._end([one for one in self.grants if one.realm == realm and app in (None, one.app)])

    def expire_access_tokens(self) -> None:
        """Have every access token be out of date at once, refresh tokens still good."""
        with self._lock:
            self._access.clear()

    def _end(self, grants: list[Grant]) -> None:
        with self._lock:
            for grant in grants:
                grant.is_alive = False

    def apps_of(self, realm: str) -> list[App]:
        """The apps connected to a company now."""
        apps = {id(grant.app): grant.app for grant in self.grants if grant.realm == realm and grant.is_alive}
        return list(apps.values())
