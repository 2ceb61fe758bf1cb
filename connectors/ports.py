"""What a run needs of the outside world, as small protocols that each platform fits without inheriting anything.

`scheduler` and `webapp` know only these; which platform is behind one is decided in `connectors.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from connectors.documents import Booking, DocumentWriter
from connectors.errors import DunwellError
from engine.books import CompanyRecord, Page
from engine.uploads import Shelf, UploadedRow

Clock = Callable[[], datetime]
"""Now, as an aware UTC instant."""


def always() -> None:
    """Nothing stands in the way of a call."""


class NoteTarget(Struct, frozen=True):
    """What a note hangs on: `entity` is "invoice" or "customer"."""

    entity: str
    id: str


class Note(Struct, frozen=True):
    """One note to be written, with the key of its act."""

    target: NoteTarget
    text: str
    key: str


class NoteBatch(Protocol):
    """Notes that go out together in one call, and stand or fall each alone."""

    most: int
    """As many as one call takes."""

    def write(self, notes: Sequence[Note]) -> list[str | DunwellError]:
        """For each note, in order, what `Books.write_note` returns, or the error that it raises.

        Raises what is true of all of them: RetryLater or ReconnectNeeded where none was written, OutcomeUnknown where
        no answer came.
        """
        ...


class Books(Protocol):
    """One connected company's books. One instance per company and run; `api_calls` counts what it cost.

    Every method may raise RetryLater or ReconnectNeeded.
    """

    before_call: Callable[[], None]
    """Called right before each call goes out, after any wait for its turn; what it raises leaves the call unmade."""

    @property
    def api_calls(self) -> int: ...

    @property
    def documents(self) -> DocumentWriter | None:
        """What makes documents of ours in these books; None where they can only be read."""
        ...

    @property
    def note_batch(self) -> NoteBatch | None:
        """None where each note is a call of its own."""
        ...

    def company(self) -> CompanyRecord: ...

    def changes(self, cursor: str) -> Iterator[Page]:
        """Pages of what changed since `cursor`; everything when it is empty.

        Each page is stored with its cursor before the next is asked for, so a killed sync goes on where it stopped.
        One bad record is set aside in its page.
        """
        ...

    def reread(self, accounts: Mapping[str, Sequence[str]]) -> Page:
        """Re-read documents a moment before acting: customer id → ids of the invoices that an act names.

        Returns these invoices, and the named customers' payments and credits that have something unapplied or have
        changed since the last sync, as a page that the store takes like any other (`cursor` "": it does not move).
        Invoices that the platform no longer has are in `deleted`. One call for the whole batch where the platform can
        (QuickBooks Online: one batch of queries; Xero: `IDs=` 40 at a time, and one delta per kind of credit).
        """
        ...

    def read_again(self, records: Sequence[tuple[str, str]]) -> Page:
        """Re-read records that came damaged: (kind, id) as they were set aside, the longest waiting first.

        As many of them as a few calls bring, as a page with no cursor; those that are no more are in `deleted`. What it
        says nothing of was not asked for. What `changes` brings anew each day, damaged or not, need not come here.
        """
        ...

    def write_note(self, target: NoteTarget, text: str, key: str) -> str:
        """Put a note on a document, once per `key` as far as the platform can promise that.

        Returns the platform's id of the note, or "" where it has none. Raises Refused, or OutcomeUnknown when no
        answer came.
        """
        ...

    def has_note(self, target: NoteTarget, key: str) -> bool:
        """Whether the note with this key is there: how an unknown outcome is settled."""
        ...

    def show_hold(self, customer_id: str, text: str, key: str) -> None:
        """Show the customer as on credit hold. Safe to repeat: showing it twice changes nothing."""
        ...

    def lift_hold(self, customer_id: str, text: str, key: str) -> None:
        """Show the customer as released. Safe to repeat."""
        ...


class TokenSet(Struct, frozen=True, kw_only=True):
    """What lets us speak for a company. Never logged, never shown. `version` rises with each replacement."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    refresh_expires_at: datetime | None = None
    hard_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    version: int = 0


class TokenVault(Protocol):
    """Keeps one token set, encrypted, and lets one process at a time refresh it.

    It deals in bytes (`connectors.oauth` writes and reads them), so that the store need not know what is in there.
    """

    def read(self) -> tuple[bytes, int] | None:
        """Content and version; None when the consent is lost."""
        ...

    def refreshing(self, stale_version: int) -> AbstractContextManager[bool]:
        """Hold the refresh lease of this row. Yields True to the one caller that must refresh now, False when somebody
        else has meanwhile stored a newer version (or lost the consent): read again. Waits while another process is at
        it."""
        ...

    def replace(
        self,
        content: bytes,
        expires_at: datetime,
        refresh_expires_at: datetime | None,
        hard_expires_at: datetime | None,
    ) -> None:
        """Store a refreshed set; called before the new token is used."""
        ...

    def forget(self, why: str) -> None:
        """Consent is gone: every company on these tokens asks to be connected again."""
        ...


class Budgets(Protocol):
    """The platforms' call limits, counted over every process of the installation. Names are the connectors' own."""

    def take(self, name: str, per_minute: int, wanted: int, good_for: int, unused: int = 0) -> tuple[int, float]:
        """Up to `wanted` calls, to be begun within `good_for` seconds; else 0, and the seconds until some are free.

        `unused` calls out of the block before are given back.
        """
        ...

    def rest(self, name: str, seconds: float) -> None:
        """The platform wants quiet: nobody gets a call for so long."""
        ...


class UploadShelf(Protocol):
    """Keeps what owners upload, for companies whose books live elsewhere."""

    def shelf(self, external_id: str) -> Shelf:
        """Which upload is the latest, and how long it holds."""
        ...

    def rows(self, external_id: str) -> Sequence[UploadedRow]:
        """Every row that is kept, and those that are gone."""
        ...


class SignedIn(Struct, frozen=True, kw_only=True):
    """Who came through the platform's OpenID sign-in. `subject` is the platform's stable id of the person."""

    subject: str
    email: str = ""
    name: str = ""


class Grant(Struct, frozen=True, kw_only=True):
    """What one finished authorisation gave us: tokens, the person, and the companies it opened."""

    tokens: TokenSet
    person: SignedIn
    companies: tuple[GrantedCompany, ...]


class GrantedCompany(Struct, frozen=True, kw_only=True):
    """One company opened by a consent. `connection_id` is what a disconnect must name (Xero); else empty."""

    external_id: str
    name: str
    connection_id: str = ""


class Platform(Protocol):
    """One accounting platform as the product knows it: how to connect to it and how to open a company's books."""

    name: str
    """The word in routes, settings and rows: quickbooks, xero, freshbooks."""
    title: str
    """As people write it: QuickBooks Online, Xero, FreshBooks."""
    token_owner: str
    """What one token set belongs to: "company" (QuickBooks Online) or "person" (Xero, FreshBooks)."""

    has_drafts: bool
    """Whether an invoice of ours can wait over there, as a draft, for somebody to approve it."""

    has_expected_dates: bool
    """Whether an invoice can show the day on which its payment is expected."""

    has_notes: bool
    """Whether there is a place for notes that the customer does not see. Where there is none, none are written, and a
    credit hold is known here alone."""

    sign_in_is_consent: bool
    """Whether signing in ends the consent that the person gave before: its tokens are then the ones to keep."""

    takes_writing: bool
    """Whether documents of ours can be made there. Where not, a person makes each, and approves the act to say so."""

    takes_credits: bool
    """Whether a credit of ours can be put on an invoice there. Where not, a person makes it, in the same way."""

    def is_configured(self) -> bool: ...

    def missing_for_fees(self, booking: Booking, country: str) -> tuple[str, ...]:
        """What of a booking has still to be chosen before a fee can be made, as fields of `Booking`; `country` is the
        company's."""
        ...

    def authorise_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str: ...

    def finish(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> Grant:
        """Exchange the code of `callback_url`, verify who signed in, and list what was opened.

        Raises ReconnectNeeded, with what to do, when the code is refused; RetryLater when the platform is away.
        """
        ...

    def sign_in_url(self, redirect_uri: str, state: str, nonce: str, code_verifier: str) -> str:
        """Like `authorise_url`, and asks for nothing but who the person is: no company is chosen or opened."""
        ...

    def signed_in(self, redirect_uri: str, callback_url: str, nonce: str, code_verifier: str) -> SignedIn:
        """Who came back from `sign_in_url`. Raises what `finish` raises."""
        ...

    def revoke(self, tokens: TokenSet, connection_id: str) -> None:
        """End our permission for one company over there. Raises nothing for a permission already gone."""
        ...

    def books(self, external_id: str, vault: TokenVault, clock: Clock) -> Books: ...

    def verify_webhook(self, body: bytes, signature: str) -> bool:
        """On the raw bytes, in constant time."""
        ...

    def webhook_companies(self, body: bytes) -> tuple[str, ...]:
        """External ids of the companies that a verified delivery speaks of; empty for what we do not understand."""
        ...


class Mail(Struct, frozen=True, kw_only=True):
    """One email, ready to go. `key` becomes its Message-ID, so that the same act is the same message for ever."""

    key: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    sender_name: str
    reply_to: str = ""
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    """Get it unseen by the others: the company's own people."""
    unsubscribe_url: str = ""
    sent_on: date | None = None


class Mailer(Protocol):
    """The way out for email."""

    def send(self, mail: Mail) -> str:
        """Hand the mail over once; returns its Message-ID.

        Raises RetryLater when it surely was not taken, Refused when it was turned down for good (address, content),
        OutcomeUnknown when the connection broke after the content had gone.
        """
        ...
