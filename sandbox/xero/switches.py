"""Every behaviour that Xero leaves open, contradicts itself about, or sells in tiers: a switch, set to the likeliest.

`XeroSandbox.register_app` takes the names of `AppSwitches`, `create_company` those of `CompanySwitches`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal


@dataclass
class AppSwitches:
    """How Xero treats one app."""

    scope_mode: str = "granular"
    """broad, granular or mixed: which kind of accounting scopes the app may ask for."""
    missing_scope_status: int = 401
    """401 with a challenge, or 403."""
    grace_refresh: str = "new_pair"
    """A refresh with the previous token within 30 minutes: new_pair, or same_pair once more."""
    one_token_set_per_user: bool = False
    """A new consent by the same user supersedes the tokens of the earlier one."""
    idempotency_window: timedelta = timedelta(minutes=6)
    minute_limit: int = 60
    day_limit: int = 5000
    """1,000 on the Starter tier."""
    concurrent_limit: int = 5
    app_minute_limit: int = 10_000
    intent_signatures: tuple[bool, ...] = (True, False, False, True)
    """Which of the deliveries that test a webhook address are signed well."""


@dataclass
class CompanySwitches:
    """How one organisation's books behave."""

    plan: str = "STANDARD"
    """`Organisation.Class`; DEMO and TRIAL have their own email caps."""
    tax_percent: Decimal | None = None
    """The usual sales tax; None takes the country's."""
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    """Day rates: units of a foreign currency for one of the base currency. Unlisted ones are 1."""
    email_cap: int | None = None
    """Mails a day; None takes the plan's: 1,000, TRIAL 20, DEMO 0."""
    lock_on: date | None = None
    """Nothing dated on or before this day may be written."""
    denied_actions: tuple[str, ...] = ()
    """What plan or person do not allow, by name, as `Organisation/Actions` tells it."""
    reminders_enabled: bool = False
    """Whether Xero itself reminds this organisation's customers."""
    disconnected_status: int = 403
    """What an API call for a tenant without a connection gets: 403 or 401."""
    too_many: int = 100_000
    """Longer results, and unoptimised filters over more records, are refused."""
    odd_since_ignored: bool = False
    """If-Modified-Since with fraction, zone or in RFC 1123 form counts as absent: everything comes back."""
    since_is_inclusive: bool = True
    not_modified_status: int = 200
    """Nothing changed: 200 with an empty list, or 304."""
    lists_deleted: bool = True
    """Whether an unfiltered invoice list shows DELETED ones."""
    due_date_needed: bool = True
    """Whether approving a sales invoice needs a due date."""
    expected_date_on_part_paid: bool = False
    """Whether ExpectedPaymentDate may be set once something is applied."""
    history_newest_first: bool = True
    note_word: str = "Note"
    note_bumps: bool = False
    group_bumps: bool = False
    payment_fires_event: bool = True
    """Whether a payment raises INVOICE UPDATE."""
