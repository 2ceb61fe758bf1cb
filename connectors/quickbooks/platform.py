"""QuickBooks Online as `connectors.ports.Platform`. SDK and web libraries are loaded when first needed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from connectors.config import QuickBooksConfig
from connectors.documents import Booking
from connectors.ports import Books, Budgets, Clock, Grant, GrantedCompany, SignedIn, TokenSet, TokenVault
from connectors.quickbooks import webhook

if TYPE_CHECKING:
    from connectors.oauth import Access
    from connectors.quickbooks.client import Client
    from connectors.quickbooks.oauth import SignIn


class QuickBooks:
    """One per process; safe to share between threads."""

    name = "quickbooks"
    title = "QuickBooks Online"
    token_owner = "company"  # noqa: S105  # whose tokens they are, not a token
    has_drafts = False
    has_expected_dates = False
    has_notes = True
    sign_in_is_consent = False
    takes_writing = True
    takes_credits = True

    def __init__(self, config: QuickBooksConfig, clock: Clock, budgets: Budgets | None = None) -> None:
        self._config, self._clock, self._budgets = config, clock, budgets
        self._lock = threading.Lock()
        self._made: SignIn | None = None

    def is_configured(self) -> bool:
        return bool(self._config.client_id and self._config.client_secret)

    def missing_for_fees(self, booking: Booking, country: str) -> tuple[str, ...]:
        item = () if booking.item else ("item",)
        return item if booking.tax or country == "US" else (*item, "tax")

    def authorise_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:  # noqa: ARG002  # no PKCE there
        return self._sign_in().authorise_url(redirect_uri, state, nonce)

    def finish(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> Grant:  # noqa: ARG002  # no PKCE there
        from connectors.oauth import GivenAccess, callback_code
        from connectors.quickbooks.company import read_company
        from connectors.quickbooks.oauth import realm_of

        code, answers = callback_code(callback_url, self.title)
        realm = realm_of(answers)
        tokens, id_token = self._sign_in().exchange(code, redirect_uri)
        # The realm came through the browser, where anybody can write another: theirs is what the tokens open.
        company = read_company(self._client(realm, GivenAccess(tokens.access_token)), realm).record
        person = self._sign_in().person(tokens, id_token, nonce, realm)
        return Grant(tokens=tokens, person=person, companies=(GrantedCompany(external_id=realm, name=company.name),))

    def sign_in_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:  # noqa: ARG002  # no PKCE there
        from connectors.quickbooks.oauth import IDENTITY

        return self._sign_in().authorise_url(redirect_uri, state, nonce, IDENTITY)

    def signed_in(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> SignedIn:  # noqa: ARG002  # no PKCE there
        from connectors.oauth import callback_code

        return self._sign_in().signed_in(callback_code(callback_url, self.title)[0], redirect_uri, nonce)

    def revoke(self, tokens: TokenSet, connection_id: str) -> None:  # noqa: ARG002  # the token says which company
        self._sign_in().revoke(tokens)

    def books(self, external_id: str, vault: TokenVault, clock: Clock) -> Books:
        from connectors.oauth import KeptAccess
        from connectors.quickbooks.books import Books

        access = KeptAccess(vault, self._sign_in().refresh, clock)
        return Books(self._client(external_id, access), external_id, clock)

    def verify_webhook(self, body: bytes, signature: str) -> bool:
        return webhook.verify(body, signature, self._config.webhook_token)

    def webhook_companies(self, body: bytes) -> tuple[str, ...]:
        return webhook.companies(body)

    def _client(self, realm: str, access: Access) -> Client:
        from connectors.pace import pace_for
        from connectors.quickbooks.client import Client

        pace, batches = (pace_for(name, realm, budgets=self._budgets) for name in ("quickbooks", "quickbooks/batch"))
        return Client(self._config.api_url, self._config.client_id, realm, access, pace, batches)

    def _sign_in(self) -> SignIn:
        """Made once: it keeps Intuit's addresses."""
        from connectors.quickbooks.oauth import SignIn

        with self._lock:
            if self._made is None:
                self._made = SignIn(self._config, self._clock)
            return self._made
