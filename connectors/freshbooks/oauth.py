"""Connecting to FreshBooks: the authorisation code flow, who consented, and its end.

One token set belongs to one person and serves every business of theirs. Access lives twelve hours; a refresh token
lives for ever, and works once. FreshBooks offers no OpenID Connect that its pages or its SDK would describe: who
somebody is, it tells at `users/me` to whoever holds their token.
"""

from __future__ import annotations

import requests
from requests_oauthlib import OAuth2Session

from connectors.config import FreshBooksConfig
from connectors.errors import ReconnectNeeded, RetryLater
from connectors.freshbooks import shapes
from connectors.freshbooks.faults import TITLE
from connectors.freshbooks.fields import checked_id
from connectors.oauth import AWAY, TIMEOUT, TokenEndpoint, insist_on_https, token_set
from connectors.ports import Clock, SignedIn, TokenSet

SCOPES = (
    # Who consented, and which businesses are theirs.
    "user:profile:read",
    # Customers, and what they have in credit.
    "user:clients:read",
    "user:invoices:read",
    # Late-fee invoices, and FreshBooks' own mail of an invoice.
    "user:invoices:write",
    "user:payments:read",
)
"""Source: FreshBooks, "Scopes". Each object's own page names the scope that reading it needs."""


class SignIn:
    """FreshBooks' sign-in and token service for our app."""

    def __init__(self, config: FreshBooksConfig, clock: Clock) -> None:
        self._config, self._clock = config, clock
        self._authorise = f"{insist_on_https(config.auth_url).rstrip('/')}/oauth/authorize"
        self._api = insist_on_https(config.api_url).rstrip("/")

    def authorise_url(self, redirect_uri: str, state: str) -> str:
        session = OAuth2Session(self._config.client_id, redirect_uri=redirect_uri, scope=SCOPES)
        url, _ = session.authorization_url(self._authorise, state=state)
        return url

    def exchange(self, code: str, redirect_uri: str) -> TokenSet:
        return token_set(self._endpoint().exchange(code, redirect_uri), self._clock(), scopes=SCOPES)

    def refresh(self, tokens: TokenSet) -> TokenSet:
        """Every refresh brings a new refresh token, and ends the old one at once."""
        answer = self._endpoint().refresh(tokens.refresh_token)
        return token_set(answer, self._clock(), scopes=tokens.scopes)

    def revoke(self, tokens: TokenSet) -> None:
        """Ends this person's consent, for all their businesses. One that is gone already is none to end."""
        keys = {"client_id": self._config.client_id, "client_secret": self._config.client_secret}
        try:
            response = requests.post(
                f"{self._api}/auth/oauth/revoke", data=keys | {"token": tokens.refresh_token}, timeout=TIMEOUT
            )
        except requests.RequestException:
            raise RetryLater(TITLE, AWAY, "it did not answer to a disconnect") from None
        if response.status_code >= 500 or response.status_code == requests.codes.too_many:
            raise RetryLater(TITLE, AWAY, f"it answered {response.status_code} to a disconnect")

    def _endpoint(self) -> TokenEndpoint:
        url = f"{self._api}/auth/oauth/token"
        form = {"redirect_uri": self._config.redirect_uri} if self._config.redirect_uri else {}
        keys = self._config.client_id, self._config.client_secret
        return TokenEndpoint(TITLE, url, *keys, keys_in_form=True, form=form)


def person_of(me: shapes.Me) -> SignedIn:
    """Raises ReconnectNeeded for somebody whose address FreshBooks has not confirmed: it proves nothing about them."""
    if not me.confirmed_at:
        raise ReconnectNeeded(f"{TITLE} has not confirmed your email address yet. Do that in {TITLE} first.")
    name = " ".join(filter(None, (me.first_name, me.last_name)))
    return SignedIn(subject=checked_id("identity_id", me.identity_id), email=me.email or "", name=name)
