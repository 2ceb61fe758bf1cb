"""Consents and what they give: codes, access tokens, refresh tokens and connections. Knows no HTTP.

Rules kept: a code works once, within five minutes; an access token lives half an hour; a refresh token dies after sixty
days unused and is replaced at every refresh, the previous one staying good for half an hour; revoking ends everything
that the user connected to the app. Source: Xero, OAuth 2.0, "Token types", and the FAQ.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sandbox.clock import SandboxClock
from sandbox.xero.apps import App, Connection, User
from sandbox.xero.values import new_id

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=30)
REFRESH_LIFE = timedelta(days=60)
GRACE = timedelta(minutes=30)


class Denied(Exception):
    """The identity endpoint says no; the text is its error code."""


@dataclass(frozen=True)
class Consent:
    """One person's yes to one app."""

    app: App
    user: User
    scopes: tuple[str, ...]
    auth_event_id: str
    authenticated_at: datetime


@dataclass
class Code:
    """An authorisation code on its way back to the app."""

    consent: Consent
    redirect_uri: str
    challenge: str
    nonce: str
    expires_at: datetime
    is_used: bool = False


@dataclass
class Family:
    """The refresh tokens that came of one consent, one after the other."""

    consent: Consent
    current: str = field(default="", repr=False)
    issued_at: datetime | None = None
    replaced: dict[str, datetime] = field(default_factory=dict, repr=False)
    """When each earlier token was first exchanged."""
    is_dead: bool = False


@dataclass(frozen=True)
class Tokens:
    """What a token answer is made of. `refresh` is empty without `offline_access`."""

    consent: Consent
    access_id: str
    refresh: str = field(repr=False)
    issued_at: datetime
    nonce: str = ""


class Grants:
    """All consents of the sandbox."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._codes: dict[str, Code] = {}
        self._families: dict[str, Family] = {}
        self._scopes: dict[tuple[str, str], set[str]] = {}
        self._access: dict[str, tuple[Consent, datetime]] = {}
        self.connections: dict[str, Connection] = {}

    def consent(
        self,
        app: App,
        user: User,
        tenant_ids: Collection[str],
        scopes: Collection[str],
        redirect_uri: str,
        challenge: str = "",
        nonce: str = "",
    ) -> str:
        """Connect these organisations and return the code for the redirect. Scopes only ever add up."""
        now = self._clock.now()
        with self._lock:
            granted = self._scopes.setdefault((app.client_id, user.id), set())
            granted.update(scopes)
            consent = Consent(app, user, tuple(sorted(granted)), new_id(), now)
            for tenant_id in tenant_ids:
                self._connect(consent, tenant_id, now)
            code = secrets.token_urlsafe(32)
            self._codes[code] = Code(consent, redirect_uri, challenge, nonce, now + CODE_LIFE)
        return code

    def _connect(self, consent: Consent, tenant_id: str, now: datetime) -> None:
        for connection in self.of(consent.app.client_id, consent.user.id):
            if connection.tenant_id == tenant_id:
                connection.auth_event_id, connection.updated_at = consent.auth_event_id, now
                return
        connection_id = new_id()
        self.connections[connection_id] = Connection(
            connection_id, consent.app.client_id, consent.user.id, tenant_id, consent.auth_event_id, now, now
        )

    def exchange(self, app: App, code: str, redirect_uri: str, verifier: str, *, is_secret_shown: bool) -> Tokens:
        """Tokens for a code. Raises Denied("invalid_grant")."""
        with self._lock:
            found = self._codes.get(code)
            if found is None or found.is_used or found.consent.app is not app or found.redirect_uri != redirect_uri:
                raise Denied("invalid_grant")
            if self._clock.now() > found.expires_at or not _proves(verifier, found.challenge, is_secret_shown):
                raise Denied("invalid_grant")
            found.is_used = True
            if app.switches.one_token_set_per_user:
                self._supersede(found.consent)
            return replace(self._issue(Family(found.consent)), nonce=found.nonce)

    def _supersede(self, consent: Consent) -> None:
        for family in _each_once(self._families.values()):
            same_user = (family.consent.app is consent.app) and family.consent.user.id == consent.user.id
            if same_user and family.current:
                family.replaced.setdefault(family.current, self._clock.now())

    def refresh(self, app: App, token: str) -> Tokens:
        """A new pair. Raises Denied("invalid_grant") for a dead, foreign or long superseded token."""
        now = self._clock.now()
        with self._lock:
            family = self._families.get(token)
            if family is None or family.is_dead or family.consent.app is not app:
                raise Denied("invalid_grant")
            replaced_at = family.replaced.get(token)
            if replaced_at is not None and now > replaced_at + GRACE:
                raise Denied("invalid_grant")
            if family.issued_at is None or now > family.issued_at + REFRESH_LIFE:
                raise Denied("invalid_grant")
            if replaced_at is not None and app.switches.grace_refresh == "same_pair":
                return self._tokens(family, now)
            return self._issue(family)

    def _issue(self, family: Family) -> Tokens:
        now = self._clock.now()
        if family.current:
            family.replaced.setdefault(family.current, now)
        if "offline_access" in family.consent.scopes:
            family.current = secrets.token_urlsafe(32)
            self._families[family.current] = family
        family.issued_at = now
        return self._tokens(family, now)

    def _tokens(self, family: Family, now: datetime) -> Tokens:
        self._access = {key: access for key, access in self._access.items() if access[1] > now}
        access_id = new_id()
        self._access[access_id] = (family.consent, now + ACCESS_LIFE)
        return Tokens(family.consent, access_id, family.current, now)

    def holder(self, access_id: str) -> Consent | None:
        """Whose access token this is; None when it never was one or has expired."""
        found = self._access.get(access_id)
        if found is None or self._clock.now() >= found[1]:
            return None
        return found[0]

    def revoke(self, app: App, token: str) -> None:
        """End all that the token's user connected to this app. An unknown token changes nothing."""
        with self._lock:
            found = self._families.get(token)
            if found is None or found.consent.app is not app:
                return
            user_id = found.consent.user.id
            for family in _each_once(self._families.values()):
                if family.consent.app is app and family.consent.user.id == user_id:
                    family.is_dead = True
            for connection in list(self.of(app.client_id, user_id)):
                del self.connections[connection.id]
            self._scopes.pop((app.client_id, user_id), None)

    def of(self, app_id: str, user_id: str) -> Iterator[Connection]:
        """This user's live connections to this app."""
        return (c for c in tuple(self.connections.values()) if c.app_id == app_id and c.user_id == user_id)

    def is_connected(self, consent: Consent, tenant_id: str) -> bool:
        return any(c.tenant_id == tenant_id for c in self.of(consent.app.client_id, consent.user.id))

    def disconnect(self, tenant_id: str, app_id: str = "") -> int:
        """What a user does inside Xero: cut a tenant off (from one app, or all). Returns how many connections went."""
        with self._lock:
            gone = [c.id for c in self.connections.values() if c.tenant_id == tenant_id and app_id in ("", c.app_id)]
            for connection_id in gone:
                del self.connections[connection_id]
        return len(gone)

    def cut(self, consent: Consent, connection_id: str) -> bool:
        """Remove one connection of this user and app. Whether there was such a one."""
        with self._lock:
            found = any(c.id == connection_id for c in self.of(consent.app.client_id, consent.user.id))
            if found:
                del self.connections[connection_id]
        return found

    def app_ids(self, tenant_id: str) -> set[str]:
        return {c.app_id for c in tuple(self.connections.values()) if c.tenant_id == tenant_id}


def _each_once(families: Collection[Family]) -> list[Family]:
    """Each family once: several tokens lead to the same one."""
    return list({id(family): family for family in families}.values())


def _proves(verifier: str, challenge: str, is_secret_shown: bool) -> bool:
    """PKCE with S256; a client without a secret must use it."""
    if not challenge:
        return is_secret_shown
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
