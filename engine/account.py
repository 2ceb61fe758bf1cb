"""An account: one customer as one value, everything that a decision may rest on.

Pure. Frozen and slotted, with no database object among its parts. Building it from rows is `store`'s job.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from engine.books import InvoiceStatus
from engine.history import FeeCharged, FeeForgiven, Instalment, PastPromise, Received, Settled
from engine.money import Money


class Promise(Struct, frozen=True, gc=False):
    """A customer's word to pay by `pay_on`. Dunning waits until that day has passed."""

    pay_on: date
    amount: Money | None = None
    """None promises the whole invoice."""
    made_on: date | None = None
    """The day on which it was given."""


class Invoice(Struct, frozen=True, kw_only=True, gc=False):
    """One invoice as a decision sees it. `balance` is what is still owed after payments and credits."""

    id: str
    number: str
    status: InvoiceStatus
    issued_on: date
    due_on: date
    total: Money
    balance: Money
    payments: tuple[Received, ...] = ()
    """Every payment applied to it, in any order; credits are not among them."""
    settled_on: date | None = None
    reference: str = ""
    last_step: int = 0
    """The highest ladder step already sent or under way; 0 is none. Numbers are `policy.Step.number`."""
    last_contact_on: date | None = None
    """The day of that step; None where none was sent."""
    discount_offered: bool = False
    """An early-payment offer for this invoice has gone out or is under way."""
    offered_percent: Decimal | None = None
    offered_until_on: date | None = None
    """The discount of that offer, and its last day."""
    discount_refused: bool = False
    """A person, or the platform, turned down the credit for a discount that was taken: the rest is owed."""
    discount_accepted: bool = False
    """A person accepts that the discount was taken late: the rest is credited."""
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    """The invoice's own early-payment terms, where it carries any."""
    is_disputed: bool = False
    promise: Promise | None = None
    expected_on: date | None = None
    """The day on which the platform itself shows that payment is expected."""
    instalments: tuple[Instalment, ...] = ()
    """The plan agreed for what was then its balance; together its parts come to that."""
    is_plan_ended: bool = False
    """A person ended the plan: the whole debt is due again."""
    is_paused: bool = False
    paused_until_on: date | None = None
    """Not chased while paused; up to and including this day where one is given."""
    is_sent: bool | None = None
    """Whether the customer ever got it by the platform's email; None where the platform cannot say."""
    is_ours: bool = False
    """A fee invoice raised by Dunwell: never dunned by a ladder of its own, never charged a fee."""
    is_unread: bool = False
    """The platform's latest record of it could not be understood: what we hold may be out of date."""
    drift: bool = False
    """The platform's balance and the documents disagree; `balance` is the smaller of the two."""


class Contact(Struct, frozen=True, gc=False):
    """One message that reached, or may have reached, the customer: ours, or a person's."""

    on: date
    kind: str
    """remind, discount_offer, statement, thank_you, call or human."""


class CreditStanding(Struct, frozen=True, kw_only=True, gc=False):
    """The customer's credit: its limit, if one is set, and the hold, if one is on."""

    limit: Money | None = None
    is_on_hold: bool = False
    hold_since_on: date | None = None
    override_limit: Money | None = None
    override_until_on: date | None = None
    """A limit for the time being, up to and including that day; it goes before the customer's own."""
    unbilled: Money | None = None
    """Ordered and not billed yet, where somebody tells."""
    reviewed_on: date | None = None
    """The day on which a person last looked at the limit."""
    is_manual: bool = False
    """A person set or lifted the hold: Dunwell leaves it as it is, and sees to it that the platform shows it."""
    hold_reason: str = ""
    """Why that person did so, in their own words."""
    shown_since_on: date | None = None
    """Since when an act of ours shows the hold on the platform; None while none does, or after it was lifted there."""
    times_shown: int = 0
    """How often a hold of ours was shown or lifted on the platform: the next such act is told apart by it."""


class Account(Struct, frozen=True, kw_only=True, gc=False):
    """One customer's whole account on one day: open and recently settled invoices, money not yet applied, and contacts.

    `unapplied` holds one Money per currency: payments not matched plus credits with something left. `contacts`
    are those of the last 30 days at least, oldest first. `watched_since_on` is the day Dunwell was switched on for the
    company: what was overdue before then starts at its present step.
    """

    customer_id: str
    name: str
    emails: tuple[str, ...] = ()
    country: str = ""
    """ISO 3166; empty where the platform does not tell."""
    invoices: tuple[Invoice, ...] = ()
    unapplied: tuple[Money, ...] = ()
    contacts: tuple[Contact, ...] = ()
    credit: CreditStanding = CreditStanding()
    is_active: bool = True
    do_not_chase: bool = False
    opted_out: bool = False
    is_paused: bool = False
    paused_until_on: date | None = None
    is_fee_exempt: bool = False
    """A person said that this customer is never charged for paying late."""
    is_consumer: bool = False
    """A private person: laws between businesses do not reach them."""
    fees: tuple[FeeCharged, ...] = ()
    """What fees of ours charge, for invoices of this account; cancelled acts are not among them."""
    forgiven: tuple[FeeForgiven, ...] = ()
    """Fees that a person takes back and that still stand in the books."""
    history: tuple[Settled, ...] = ()
    """Invoices settled within the last two years, for what can be told of the customer's habits."""
    promises: tuple[PastPromise, ...] = ()
    """Promises of the last twelve months whose day has passed."""
    returned_payments: int = 0
    """Payments that the bank took back within the last twelve months."""
    answered: frozenset[tuple[str, str]] = frozenset()
    """Questions about this customer that a person has answered, as (kind, subject) of the task: not asked again."""
    had_bills_sent: bool = False
    """A bill that is too long settled to be among `invoices` went to this customer by the platform's email."""
    fades_on: date | None = None
    """The first day on which something of the past told here is too old to be told: answers may change with it."""
    watched_since_on: date | None = None
