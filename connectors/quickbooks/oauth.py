"""Connecting to QuickBooks Online: Intuit's addresses, the code flow, refreshing, revoking, and who signed in.

Intuit offers no PKCE; the state, which the caller binds to the browser, is the defence. One consent opens one company.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import msgspec
import requests
from msgspec import Struct
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from connectors.config import QuickBooksConfig
from connectors.errors import ReconnectNeeded, RetryLater
from connectors.identity import check_id_token
from connectors.oauth import AWAY, TIMEOUT, TokenEndpoint, insist_on_https, token_set
from connectors.ports import Clock, SignedIn, TokenSet
from connectors.quickbooks.faults import TITLE

IDENTITY = ("openid", "profile", "email")
SCOPES = ("com.intuit.quickbooks.accounting", *IDENTITY)
FRESH_FOR = timedelta(days=1).total_seconds()
SHOW_HARD_EXPIRY = {"x-include-refresh-token-hard-expires-in": "true"}
"""Asks for the day, five years after consent at most, on which no refresh helps any more."""


class Endpoints(Struct, frozen=True):
    """The part of the discovery document that we use."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    revocation_endpoint: str
    jwks_uri: str


class UserInfo(Struct, frozen=True, rename="camel"):
    sub: str
    email: str | None = None
    email_verified: bool | None = None
    given_name: str | None = None
    family_name: str | None = None


class Discovery:
    """Intuit's addresses by its discovery document: read once a day, the last good copy kept through outages."""

    def __init__(self, url: str) -> None:
        self._url = insist_on_https(url)
        self._lock = threading.Lock()
        self._endpoints: Endpoints | None = None
        self._stale_from = 0.0

    def endpoints(self) -> Endpoints:
        """Raises RetryLater when there was never a good copy."""
        with self._lock:
            if self._endpoints is None or time.monotonic() >= self._stale_from:
                self._read()
            if self._endpoints is None:
                raise RetryLater(TITLE, AWAY, "its sign-in addresses cannot be read")
            return self._endpoints

    def _read(self) -> None:
        try:
            response = requests.get(self._url, timeout=TIMEOUT)
            response.raise_for_status()
            endpoints = msgspec.json.decode(response.content, type=Endpoints)
        except (requests.RequestException, ValueError):
            self._stale_from = time.monotonic() + AWAY.total_seconds()
            return
        for name in Endpoints.__struct_fields__[1:]:
            insist_on_https(getattr(endpoints, name))
        self._endpoints, self._stale_from = endpoints, time.monotonic() + FRESH_FOR


class SignIn:
    """Intuit's sign-in and token service for our app."""

    def __init__(self, config: QuickBooksConfig, clock: Clock) -> None:
        self._config, self._clock = config, clock
        self._discovery = Discovery(config.discovery_url)

    def authorise_url(self, redirect_uri: str, state: str, nonce: str, scopes: tuple[str, ...] = SCOPES) -> str:
        session = OAuth2Session(self._config.client_id, redirect_uri=redirect_uri, scope=scopes)
        url, _ = session.authorization_url(self._discovery.endpoints().authorization_endpoint, state=state, nonce=nonce)
        return url

    def exchange(self, code: str, redirect_uri: str) -> tuple[TokenSet, str]:
        """Tokens and the ID token, "" where none came."""
        answer = self._token_endpoint().exchange(code, redirect_uri)
        return token_set(answer, self._clock(), scopes=SCOPES), str(answer.get("id_token") or "")

    def refresh(self, tokens: TokenSet) -> TokenSet:
        answer = self._token_endpoint().refresh(tokens.refresh_token)
        return token_set(answer, self._clock(), scopes=tokens.scopes)

    def revoke(self, tokens: TokenSet) -> None:
        """Ends our permission for the company. A token that is no longer good has none left to end."""
        url = self._discovery.endpoints().revocation_endpoint
        auth = HTTPBasicAuth(self._config.client_id, self._config.client_secret)
        try:
            response = requests.post(url, json={"token": tokens.refresh_token}, auth=auth, timeout=TIMEOUT)
        except requests.RequestException:
            raise RetryLater(TITLE, AWAY, "it did not answer to a disconnect") from None
        if response.status_code >= 500 or response.status_code == requests.codes.too_many:
            raise RetryLater(TITLE, AWAY, f"it answered {response.status_code} to a disconnect")

    def person(self, tokens: TokenSet, id_token: str, nonce: str, realm: str) -> SignedIn:
        """Who connected the company: by the ID token, else by userinfo, else known as whoever connected this company.

        Raises ReconnectNeeded when the proof does not hold, or when Intuit has not verified the person's email yet.
        """
        claims = self._claims(id_token, nonce) if id_token else {}
        if claims.get("realmid", realm) != realm:
            raise ReconnectNeeded("The company that came back is not the one that was chosen. Connect it again.")
        return self._introduced(str(claims.get("sub", "")), tokens.access_token, f"company:{realm}")

    def signed_in(self, code: str, redirect_uri: str, nonce: str) -> SignedIn:
        """Who signed in, and nothing else: the tokens that come along are thrown away. Raises what `person` raises."""
        answer = self._token_endpoint().exchange(code, redirect_uri)
        id_token = str(answer.get("id_token") or "")
        if not id_token:
            raise ReconnectNeeded("Intuit did not say who signed in. Try again.")
        return self._introduced(str(self._claims(id_token, nonce)["sub"]), str(answer.get("access_token") or ""), "")

    def _introduced(self, subject: str, access_token: str, otherwise: str) -> SignedIn:
        """The person with the address and name that userinfo tells, where it tells of the same one."""
        info = self._userinfo(access_token)
        if info is None or (subject and info.sub != subject):
            return SignedIn(subject=subject or otherwise)
        if info.email and not info.email_verified:
            raise ReconnectNeeded(
                "Intuit has not verified your email address yet. Do that in your Intuit account first."
            )
        name = " ".join(filter(None, (info.given_name, info.family_name)))
        return SignedIn(subject=info.sub, email=info.email or "", name=name)

    def _claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        endpoints = self._discovery.endpoints()
        with requests.Session() as http:
            return check_id_token(
                id_token,
                issuer=endpoints.issuer,
                audience=self._config.client_id,
                nonce=nonce,
                jwks_url=endpoints.jwks_uri,
                now=self._clock(),
                http=http,
                # Intuit's list of claims has no nonce. One that does come must be ours.
                must_have_nonce=False,
            )

    def _userinfo(self, access_token: str) -> UserInfo | None:
        url = self._discovery.endpoints().userinfo_endpoint
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        try:
            response = requests.get(url, headers=headers, timeout=TIMEOUT)
            response.raise_for_status()
            return msgspec.json.decode(response.content, type=UserInfo, strict=False)
        except (requests.RequestException, ValueError):
            return None

    def _token_endpoint(self) -> TokenEndpoint:
        url = self._discovery.endpoints().token_endpoint
        return TokenEndpoint(TITLE, url, self._config.client_id, self._config.client_secret, SHOW_HARD_EXPIRY)


def realm_of(answers: dict[str, Any]) -> str:
    """The company that the callback names. Raises ReconnectNeeded where it names none."""
    realm = str(answers.get("realmId", ""))
    if not (realm.isascii() and realm.isdecimal() and len(realm) <= 32):
        raise ReconnectNeeded("Intuit did not say which company was chosen. Connect again and choose one.")
    return realm
