"""FreshBooks as `connectors.ports.Platform`. SDK and web libraries are loaded when first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.config import FreshBooksConfig
from connectors.documents import Booking
from connectors.ports import Books, Budgets, Clock, Grant, SignedIn, TokenSet, TokenVault

if TYPE_CHECKING:
    from connectors.freshbooks.client import Client
    from connectors.freshbooks.oauth import SignIn
    from connectors.oauth import Access


class FreshBooks:
    """One per process; safe to share between threads."""

    name = "freshbooks"
    title = "FreshBooks"
    token_owner = "person"  # noqa: S105  # whose tokens they are, not a token
    has_drafts = True
    has_expected_dates = False
    has_notes = False
    sign_in_is_consent = True
    takes_writing = True
    takes_credits = False

    def __init__(self, config: FreshBooksConfig, clock: Clock, budgets: Budgets | None = None) -> None:
        self._config, self._clock, self._budgets = config, clock, budgets

    def is_configured(self) -> bool:
        return bool(self._config.client_id and self._config.client_secret)

    def missing_for_fees(self, booking: Booking, country: str) -> tuple[str, ...]:  # noqa: ARG002  # a line stands by itself
        return ()

    def authorise_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:  # noqa: ARG002  # neither is offered there
        return self._sign_in().authorise_url(redirect_uri, state)

    def finish(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> Grant:  # noqa: ARG002  # neither is offered there
        from connectors.freshbooks.company import granted
        from connectors.freshbooks.oauth import person_of
        from connectors.oauth import GivenAccess, callback_code

        code, _ = callback_code(callback_url, self.title)
        tokens = self._sign_in().exchange(code, redirect_uri)
        me = self._client("", GivenAccess(tokens.access_token)).me()
        return Grant(tokens=tokens, person=person_of(me), companies=granted(me))

    def sign_in_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:
        return self.authorise_url(redirect_uri, state, nonce, code_verifier)

    def signed_in(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> SignedIn:
        return self.finish(redirect_uri, callback_url, nonce, code_verifier).person

    def revoke(self, tokens: TokenSet, connection_id: str) -> None:  # noqa: ARG002  # the token says whose consent
        self._sign_in().revoke(tokens)

    def books(self, external_id: str, vault: TokenVault, clock: Clock) -> Books:
        from connectors.freshbooks.books import Books
        from connectors.oauth import KeptAccess

        access = KeptAccess(vault, self._sign_in().refresh, clock)
        return Books(self._client(external_id, access), external_id, clock)

    def verify_webhook(self, body: bytes, signature: str) -> bool:  # noqa: ARG002  # see docs/platforms.md
        """Nothing is genuine: FreshBooks signs with a secret of each registration, and we register none."""
        return False

    def webhook_companies(self, body: bytes) -> tuple[str, ...]:  # noqa: ARG002  # none is ever verified
        return ()

    def _client(self, account: str, access: Access) -> Client:
        from connectors.freshbooks.client import Client
        from connectors.pace import pace_for

        pace = pace_for("freshbooks", account, budgets=self._budgets)
        return Client(self._config.api_url, self._config.client_id, account, access, pace)

    def _sign_in(self) -> SignIn:
        from connectors.freshbooks.oauth import SignIn

        return SignIn(self._config, self._clock)
