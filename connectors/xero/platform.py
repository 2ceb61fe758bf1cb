"""Xero as the product knows it. Everything specific stays behind this door; libraries are loaded when first needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from connectors.config import XeroConfig
from connectors.documents import Booking
from connectors.ports import Books, Budgets, Clock, Grant, SignedIn, TokenSet, TokenVault
from connectors.xero import webhook

if TYPE_CHECKING:
    from connectors.xero.oauth import XeroSignIn


class Xero:
    """Implements `connectors.ports.Platform`. `clock` dates new tokens and checks who signed in."""

    name = "xero"
    title = "Xero"
    token_owner = "person"  # noqa: S105  # says whose the tokens are; it is none
    has_drafts = True
    has_expected_dates = True
    has_notes = True
    sign_in_is_consent = False
    takes_writing = True
    takes_credits = True

    def __init__(self, config: XeroConfig, clock: Clock, budgets: Budgets | None = None) -> None:
        self._config, self._clock, self._budgets = config, clock, budgets

    @cached_property
    def _sign_in(self) -> XeroSignIn:
        from connectors.xero.oauth import XeroSignIn

        return XeroSignIn(self._config, self._clock)

    def is_configured(self) -> bool:
        return bool(self._config.client_id and self._config.client_secret)

    def missing_for_fees(self, booking: Booking, country: str) -> tuple[str, ...]:  # noqa: ARG002  # the same everywhere
        return () if booking.account else ("account",)

    def authorise_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:
        return self._sign_in.authorise_url(redirect_uri, state, nonce, code_verifier)

    def finish(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> Grant:
        return self._sign_in.finish(redirect_uri, callback_url, nonce, code_verifier)

    def sign_in_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:
        from connectors.xero.oauth import IDENTITY

        return self._sign_in.authorise_url(redirect_uri, state, nonce, code_verifier, IDENTITY)

    def signed_in(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> SignedIn:
        return self._sign_in.signed_in(redirect_uri, callback_url, nonce, code_verifier)

    def refresh(self, tokens: TokenSet) -> TokenSet:
        """A new token set for an old one. `connectors.oauth` lets one caller at a time do it, and stores the result."""
        return self._sign_in.refresh(tokens)

    def revoke(self, tokens: TokenSet, connection_id: str) -> None:
        """End one organisation's connection; without its id, all of this person's. The access token must be fresh:
        it cannot be refreshed here, for the person's other companies live on the refresh token in the vault.

        Raises RetryLater when Xero is away, ReconnectNeeded when the token is not accepted.
        """
        if connection_id:
            self._sign_in.disconnect(tokens.access_token, connection_id)
        else:
            self._sign_in.revoke_all(tokens.refresh_token)

    def books(self, external_id: str, vault: TokenVault, clock: Clock) -> Books:
        from connectors.oauth import KeptAccess
        from connectors.xero.books import XeroBooks
        from connectors.xero.client import XeroClient

        access = KeptAccess(vault, self.refresh, clock)
        return XeroBooks(XeroClient(self._config, external_id, access, self._sign_in, self._budgets), clock)

    def verify_webhook(self, body: bytes, signature: str) -> bool:
        return webhook.is_genuine(body, signature, self._config.webhook_key)

    def webhook_companies(self, body: bytes) -> tuple[str, ...]:
        return webhook.tenants(body)
