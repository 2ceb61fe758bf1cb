"""What a company is like: its first preferences, and how it behaves where the platform's behaviour is not settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal


@dataclass
class Switches:
    """Given by name to `create_company`. Preferences are copied into the Preferences document, and then live there."""

    # Preferences at the start; `QuickBooksCompany.prefer` changes them later.
    custom_txn_numbers: bool = False
    allow_discount: bool = True
    auto_apply_credit: bool = False
    book_close_date: str = ""
    """Documents dated on or before this day are refused with 6210."""
    multi_currency: bool = False
    default_term_days: int = 30
    online_payments: bool = True
    sales_email_cc: str = ""
    sales_email_bcc: str = ""
    invoice_subject: str = "Invoice from {company}"
    invoice_message: str = "Please find your invoice attached. Thank you for your business."
    subscription_status: str = "PAID"
    """Anything but PAID and TRIAL makes the company read-only: writes are refused with 6190."""
    tax_percent: Decimal = Decimal(0)
    """The company's one sales tax, put on lines whose item is taxable."""
    owner: str = "Ana Ortiz"
    """Who else works in these books: the person named in a stale object fault."""

    # Behaviour that is unknown or varies; the defaults are what is known best.
    time_lag: timedelta = timedelta(0)
    """How far the envelope's `time` is behind MetaData's clock."""
    refuses_large_pages: bool = False
    """MAXRESULTS over 1000 is an error instead of being clamped."""
    query_lag: timedelta = timedelta(0)
    """How long a new document stays unseen by queries."""
    request_id_life: timedelta = timedelta(hours=24)
    replays_refusals: bool = False
    """Whether a repeated requestid brings a refusal back as well, or has the call carried out."""
    swallows_payments_in_closed_period: bool = False
    """A zero payment dated in a closed period answers 200 and applies nothing."""
    mails_a_day: int = 40
    rejects_beyond_latin1: bool = False
    """US companies may refuse characters outside ISO-8859-1."""
    shuffles_batches: bool = True

    # Limits; None is no limit.
    requests_a_minute: int | None = 500
    requests_a_second: int | None = None
    """The newer wording of the burst limit; the older one is `concurrent`."""
    concurrent: int | None = 10
    batches_a_minute: int | None = 40
    reads_a_month: int | None = None
    """CorePlus calls, as the Builder tier stops them."""

    def __post_init__(self) -> None:
        """Take what JSON can say: a rate as text or whole number, whole seconds. Raises TypeError on a float."""
        for name in ("tax_percent", "time_lag", "query_lag", "request_id_life"):
            value = getattr(self, name)
            if isinstance(value, float):
                raise TypeError(f"{name} is {value!r}: expected a whole number, or a rate as text")
            if name == "tax_percent":
                self.tax_percent = Decimal(value)
            elif isinstance(value, int):
                setattr(self, name, timedelta(seconds=value))


@dataclass(frozen=True)
class Person:
    """Somebody with an Intuit account. `subject` never changes; the email may."""

    subject: str = "9d1c52f0-0000-4000-8000-000000000001"
    email: str = "ana@harborlane.example"
    given_name: str = "Ana"
    family_name: str = "Ortiz"
    is_email_verified: bool = True


@dataclass(frozen=True)
class SentMail:
    """A mail that the platform itself sent."""

    entity: str
    id: str
    to: str
    subject: str
    message: str
    sent_at: str
    cc: str = ""
    bcc: str = ""


@dataclass
class App:
    """One registered app, with the switches for what the platform leaves open."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...] = ()
    webhook_url: str = ""
    webhook_key: str = field(default="", repr=False)
    name: str = "Dunwell"
    """As the consent page shows it."""
    webhook_format: str = "cloudevents"
    """`cloudevents` or `legacy`."""
    webhook_content_type: str = "application/cloudevents+json"
    """Of CloudEvents bodies; legacy ones are `application/json`."""
    second_exchange_revokes: bool = False
    """Exchanging a code twice also ends what the first exchange got."""
    stale_refresh_revokes: bool = False
    """Using a rotated refresh token also ends the winner's tokens."""
    refresh_lifetime: timedelta = timedelta(seconds=8_726_400)
    hard_lifetime: timedelta = timedelta(days=5 * 365)
