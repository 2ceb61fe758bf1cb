"""Codes, access tokens and refresh tokens, and the consents behind them. No HTTP here.

A consent is one person's, for every business of theirs. A refresh token never expires and works once: each refresh
brings another. Source: FreshBooks, "Get Authenticated On The FreshBooks API".
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.freshbooks.settings import App, Person

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(hours=12)


class GrantRefused(Exception):
    """The token endpoint's `invalid_grant`, with the description that goes out."""


@dataclass
class Grant:
    """One person's consent to one app, and its present refresh token."""

    app: App
    person: Person
    scopes: tuple[str, ...]
    refresh_token: str = field(default="", repr=False)
    is_alive: bool = True


@dataclass
class Code:
    """An authorisation code on its way through the browser."""

    grant: Grant
    redirect_uri: str
    expires_at: datetime
    is_used: bool = False


class TokenBook:
    """Everything issued so far. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._codes: dict[str, Code] = {}
        self._access: dict[str, tuple[Grant, datetime]] = {}
        self._grants: list[Grant] = []

    def code_for(self, grant: Grant, redirect_uri: str, now: datetime) -> str:
        code = secrets.token_hex(32)
        with self._lock:
            self._codes[code] = Code(grant, redirect_uri, now + CODE_LIFE)
        return code

    def exchange(self, app: App, code: str, redirect_uri: str, now: datetime) -> tuple[Grant, str]:
        """The consent and an access token, once. Raises GrantRefused for a used, late or foreign code."""
        with self._lock:
            found = self._codes.get(code)
            if found is None or found.is_used or found.expires_at <= now or found.grant.app is not app:
                raise GrantRefused("The provided authorization grant is invalid, expired, or revoked.")
            if found.redirect_uri != redirect_uri:
                raise GrantRefused("The redirect URI does not match the one of the authorization request.")
            found.is_used = True
            if app.one_consent_at_a_time:
                self._end(app, found.grant.person)
            self._grants.append(found.grant)
            return found.grant, self._issue(found.grant, now)

    def refresh(self, app: App, token: str, now: datetime) -> tuple[Grant, str]:
        """Raises GrantRefused for a refresh token that is unknown, used before, or ended."""
        with self._lock:
            for grant in self._grants:
                if grant.app is app and grant.is_alive and grant.refresh_token == token:
                    return grant, self._issue(grant, now)
        raise GrantRefused("The provided authorization grant is invalid, expired, or revoked.")

    def grant_of(self, access_token: str, now: datetime) -> Grant | None:
        """The living consent behind an access token; None for one that is unknown, expired or revoked."""
        with self._lock:
            grant, expires_at = self._access.get(access_token, (None, now))
        return grant if grant is not None and grant.is_alive and now < expires_at else None

    def revoke(self, app: App, token: str) -> None:
        """End the consent that either of its tokens belongs to. A token that is none ends nothing."""
        with self._lock:
            by_access = self._access.get(token, (None, None))[0]
            for grant in self._grants:
                if grant.app is app and (grant is by_access or grant.refresh_token == token):
                    grant.is_alive = False

    def end_all(self) -> None:
        """The owner removes every app on the platform's own pages: nobody is told, the tokens are simply dead."""
        with self._lock:
            for grant in self._grants:
                grant.is_alive = False

    def _end(self, app: App, person: Person) -> None:
        for grant in self._grants:
            if grant.app is app and grant.person == person:
                grant.is_alive = False

    def _issue(self, grant: Grant, now: datetime) -> str:
        grant.refresh_token = secrets.token_hex(32)
        access = secrets.token_urlsafe(300)
        self._access[access] = (grant, now + ACCESS_LIFE)
        return access
