"""Uploaded files as `connectors.ports.Platform`: nobody signs in through them, and we make no document there."""

from __future__ import annotations

from connectors.documents import Booking
from connectors.errors import StopRun
from connectors.ports import Books, Clock, Grant, SignedIn, TokenSet, TokenVault, UploadShelf
from connectors.uploads.books import UploadedBooks


class Uploads:
    """One per process; safe to share between threads."""

    name = "uploads"
    title = "Uploaded files"
    token_owner = "company"  # noqa: S105  # a word, not a secret: there are no tokens
    has_drafts = False
    has_expected_dates = False
    has_notes = False
    sign_in_is_consent = False
    takes_writing = False
    takes_credits = False

    def __init__(self, shelf: UploadShelf) -> None:
        self._shelf = shelf

    def is_configured(self) -> bool:
        """There is nothing to sign in to: companies are made on a page of our own."""
        return False

    def missing_for_fees(self, booking: Booking, country: str) -> tuple[str, ...]:  # noqa: ARG002  # booked by hand
        return ()

    def authorise_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:  # noqa: ARG002
        raise _nobody_signs_in()

    def finish(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> Grant:  # noqa: ARG002
        raise _nobody_signs_in()

    def sign_in_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:  # noqa: ARG002
        raise _nobody_signs_in()

    def signed_in(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> SignedIn:  # noqa: ARG002
        raise _nobody_signs_in()

    def revoke(self, tokens: TokenSet, connection_id: str) -> None:
        """There is no permission to end."""

    def books(self, external_id: str, vault: TokenVault, clock: Clock) -> Books:  # noqa: ARG002  # no tokens
        return UploadedBooks(external_id, self._shelf, clock)

    def verify_webhook(self, body: bytes, signature: str) -> bool:  # noqa: ARG002  # nobody sends any
        return False

    def webhook_companies(self, body: bytes) -> tuple[str, ...]:  # noqa: ARG002  # as above
        return ()


def _nobody_signs_in() -> StopRun:
    return StopRun("Nobody signs in through uploaded files.")
