"""Connecting to Xero: the authorisation code flow with PKCE, who signed in, which organisations it opened, and its end.

One token set belongs to one person and serves every organisation that person connected. Refreshing under a lock and
storing before use are `connectors.oauth`'s job.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import jwt
import msgspec
import requests
from oauthlib.oauth2 import WebApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from connectors.config import XeroConfig
from connectors.errors import ReconnectNeeded, RetryLater
from connectors.identity import check_id_token
from connectors.oauth import TIMEOUT, TokenEndpoint, callback_code, insist_on_https, token_set
from connectors.pace import retry_after
from connectors.ports import Clock, Grant, GrantedCompany, SignedIn, TokenSet

IDENTITY = ("openid", "profile", "email")
SCOPES = (
    *IDENTITY,
    "offline_access",
    "accounting.invoices",
    "accounting.payments",
    # Writing too: the credit hold is a contact group.
    "accounting.contacts",
    "accounting.settings.read",
)
REFRESH_DAYS = 60
"""A refresh token dies when it has not been used for this long."""
AWAY = timedelta(seconds=60)
GONE_ALREADY = (400, 403, 404)


class _Connection(msgspec.Struct, rename="camel"):
    id: str
    tenant_id: str
    tenant_type: str | None = None
    tenant_name: str | None = None


_CONNECTIONS = msgspec.json.Decoder(list[_Connection])


class XeroSignIn:
    """Everything that happens at Xero's identity and connections addresses, for one app."""

    def __init__(self, config: XeroConfig, clock: Clock) -> None:
        self._config, self._clock = config, clock
        self._identity = config.identity_url.rstrip("/")
        self._api = config.api_url.rstrip("/")

    def authorise_url(
        self, redirect_uri: str, state: str, nonce: str, code_verifier: str, scopes: tuple[str, ...] = SCOPES
    ) -> str:
        insist_on_https(self._config.login_url)
        client = WebApplicationClient(self._config.client_id)
        session = OAuth2Session(client=client, redirect_uri=redirect_uri, scope=list(scopes))
        url, _ = session.authorization_url(
            f"{self._config.login_url.rstrip('/')}/identity/connect/authorize",
            state=state,
            nonce=nonce,
            code_challenge=client.create_code_challenge(code_verifier, "S256"),
            code_challenge_method="S256",
        )
        return str(url)

    def finish(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> Grant:
        """Raises ReconnectNeeded when the code is refused or opened nothing, RetryLater when Xero is away."""
        code, _ = callback_code(callback_url, "Xero")
        answer = self._endpoint().exchange(code, redirect_uri, code_verifier)
        tokens = token_set(answer, self._clock(), refresh_days=REFRESH_DAYS, scopes=SCOPES)
        with requests.Session() as http:
            person = self._person(answer, nonce, http)
        companies = self._opened(tokens.access_token)
        if not companies:
            raise ReconnectNeeded("Xero opened no organisation. Connect again and choose one.")
        return Grant(tokens=tokens, person=person, companies=companies)

    def signed_in(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> SignedIn:
        """Who signed in, and nothing else: the tokens that come along are thrown away."""
        code, _ = callback_code(callback_url, "Xero")
        answer = self._endpoint().exchange(code, redirect_uri, code_verifier)
        with requests.Session() as http:
            return self._person(answer, nonce, http)

    def refresh(self, tokens: TokenSet) -> TokenSet:
        """Every refresh brings a new refresh token; should the answer be lost, the old one works for 30 minutes yet."""
        answer = self._endpoint().refresh(tokens.refresh_token)
        return token_set(answer, self._clock(), refresh_days=REFRESH_DAYS, scopes=tokens.scopes)

    def is_connected(self, access_token: str, tenant_id: str) -> bool:
        """Whether this person's consent still covers the organisation. Only asking tells: no webhook does."""
        return any(company.external_id == tenant_id for company in self._connections(access_token))

    def disconnect(self, access_token: str, connection_id: str) -> None:
        """End one organisation's connection; the person's tokens go on serving the others."""
        url = f"{self._api}/connections/{quote(connection_id, safe='')}"
        self._ask("DELETE", url, headers={"Authorization": f"Bearer {access_token}"}, tolerated=GONE_ALREADY)

    def revoke_all(self, refresh_token: str) -> None:
        """End all of this person's connections to the app."""
        auth = HTTPBasicAuth(self._config.client_id, self._config.client_secret)
        url = f"{self._identity}/connect/revocation"
        self._ask("POST", url, auth=auth, data={"token": refresh_token}, tolerated=GONE_ALREADY)

    def _endpoint(self) -> TokenEndpoint:
        url = f"{self._identity}/connect/token"
        return TokenEndpoint("Xero", url, self._config.client_id, self._config.client_secret)

    def _person(self, answer: dict[str, Any], nonce: str, http: requests.Session) -> SignedIn:
        id_token = answer.get("id_token")
        if not isinstance(id_token, str):
            raise ReconnectNeeded("Xero did not say who signed in. Connect again.")
        about = self._discovered(http)
        claims = check_id_token(
            id_token,
            issuer=str(about.get("issuer") or self._identity),
            audience=self._config.client_id,
            nonce=nonce,
            jwks_url=str(about.get("jwks_uri") or f"{self._identity}/.well-known/openid-configuration/jwks"),
            now=self._clock(),
            http=http,
        )
        subject = claims.get("xero_userid") or claims["sub"]
        return SignedIn(subject=str(subject), email=str(claims.get("email", "")), name=str(claims.get("name", "")))

    def _discovered(self, http: requests.Session) -> dict[str, Any]:
        """The discovery document, or nothing: it is a convenience, and its absence must not keep anybody out."""
        try:
            url = insist_on_https(f"{self._identity}/.well-known/openid-configuration")
            found = http.get(url, timeout=TIMEOUT).json()
        except (requests.RequestException, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _opened(self, access_token: str) -> tuple[GrantedCompany, ...]:
        """What this very consent opened; where it opened nothing new, whatever the person has connected before."""
        event = _authentication_event(access_token)
        opened = self._connections(access_token, event) if event else ()
        return opened or self._connections(access_token)

    def _connections(self, access_token: str, auth_event: str = "") -> tuple[GrantedCompany, ...]:
        response = self._ask(
            "GET",
            f"{self._api}/connections",
            headers={"Authorization": f"Bearer {access_token}", "Accept": "application/json"},
            params={"authEventId": auth_event} if auth_event else {},
        )
        try:
            found = _CONNECTIONS.decode(response.content)
        except msgspec.DecodeError:
            raise RetryLater("Xero", AWAY, "its list of connections cannot be read") from None
        return tuple(
            GrantedCompany(external_id=each.tenant_id, name=each.tenant_name or "", connection_id=each.id)
            for each in found
            if each.tenant_type == "ORGANISATION"
        )

    def _ask(self, method: str, url: str, tolerated: tuple[int, ...] = (), **arguments: Any) -> requests.Response:
        try:
            response = requests.request(method, insist_on_https(url), timeout=TIMEOUT, **arguments)
        except requests.RequestException:
            raise RetryLater("Xero", AWAY, "its connections did not answer") from None
        if response.ok or response.status_code in tolerated:
            return response
        if response.status_code == requests.codes.unauthorized:
            raise ReconnectNeeded("Xero no longer accepts this consent. Connect the company again.")
        wait = retry_after(response.headers, AWAY)
        raise RetryLater("Xero", wait, f"its connections answered {response.status_code}")


def _authentication_event(access_token: str) -> str:
    """The consent that this access token came from, by its own word. It was just received from Xero itself over TLS."""
    try:
        claims = jwt.decode(access_token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return ""
    return str(claims.get("authentication_event_id") or "")
