"""From rows to the engine's values: an invoice, a customer's credit standing, a promise.

Pure. `store.accounts` reads the rows.
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from engine.account import Contact, CreditStanding, Promise
from engine.account import Invoice as AccountInvoice
from engine.books import InvoiceStatus
from engine.history import FeeCharged, FeeForgiven, PastPromise, Received, Settled
from engine.keys import is_fee_reference
from engine.money import Money
from store import plans, promises, returned, settled
from store.account_parts import HoldsShown, Steps
from store.tables import Customer, CustomerWish, Invoice, InvoiceWish


class Parts(Struct, kw_only=True):
    """Everything of one chunk of customers, by the customer that stands for the account."""

    customers: dict[str, Customer]
    emails: dict[str, list[str]]
    wishes: dict[str, CustomerWish]
    invoices: dict[str, list[Invoice]]
    invoice_wishes: dict[str, InvoiceWish]
    steps: dict[str, Steps]
    unread: set[str]
    unapplied: dict[str, tuple[Money, ...]]
    holds: dict[str, HoldsShown]
    returned: dict[str, list[date]]
    answered: dict[str, frozenset[tuple[str, str]]]
    contacts: dict[str, tuple[Contact, ...]]
    payments: dict[str, tuple[Received, ...]]
    fees: dict[str, tuple[FeeCharged, ...]]
    forgiven: dict[str, tuple[FeeForgiven, ...]]
    history: dict[str, tuple[Settled, ...]]
    promises: dict[str, tuple[PastPromise, ...]]
    plans: dict[str, plans.OfInvoice]
    had_bills_sent: set[str]
    taken_back: frozenset[tuple[str, date]]
    """Promised days that were taken back, by invoice."""


def fades_on(parts: Parts, customer_id: str) -> date | None:
    """The first day on which a promise, a returned payment or a settled invoice of the past is not read any more."""
    days = [one.pay_on + promises.REMEMBERED for one in parts.promises.get(customer_id, ())]
    days += [on + returned.COUNTED for on in parts.returned.get(customer_id, ())]
    days += [one.settled_on + settled.REMEMBERED + timedelta(days=1) for one in parts.history.get(customer_id, ())]
    return min(days, default=None)


def standing_of(wish: CustomerWish, shown: HoldsShown) -> CreditStanding:
    return CreditStanding(
        limit=_money(wish.credit_limit, wish.credit_currency),
        override_limit=_money(wish.override_limit, wish.override_currency),
        override_until_on=wish.override_until_on,
        unbilled=_money(wish.unbilled, wish.unbilled_currency),
        reviewed_on=wish.reviewed_on,
        is_on_hold=wish.is_on_hold,
        hold_since_on=wish.hold_since_on,
        is_manual=wish.hold_is_manual,
        hold_reason=wish.hold_reason,
        shown_since_on=shown.since_on,
        times_shown=shown.times,
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def invoice_of(row: Invoice, parts: Parts) -> AccountInvoice:
    wish, steps, plan = parts.invoice_wishes.get(row.id), parts.steps.get(row.id) or Steps(), parts.plans.get(row.id)
    return AccountInvoice(
        id=row.id,
        number=row.number,
        status=InvoiceStatus(row.status),
        issued_on=row.issued_on,
        due_on=row.due_on,
        total=Money(row.total, row.currency),
        # Where the platform and the documents disagree, nobody is asked for more than the smaller of the two.
        balance=Money(max(0, min(row.balance, row.stated_balance)), row.currency),
        payments=parts.payments.get(row.id, ()),
        settled_on=row.settled_on or _last_received_on(row, parts),
        is_sent=row.is_sent,
        reference=row.reference,
        last_step=steps.last_step,
        last_contact_on=steps.last_contact_on,
        discount_offered=steps.discount_offered,
        offered_percent=steps.offered_percent,
        offered_until_on=steps.offered_until_on,
        discount_refused=steps.discount_refused or (wish is not None and wish.late_discount == "chase"),
        discount_accepted=wish is not None and wish.late_discount == "credit",
        discount_percent=row.discount_percent,
        discount_days=row.discount_days,
        is_disputed=wish.is_disputed if wish else False,
        expected_on=row.expected_on,
        promise=_promise(row, wish, parts.taken_back),
        instalments=plan.instalments if plan else (),
        is_plan_ended=plan.is_ended if plan else False,
        is_paused=wish.is_paused if wish else False,
        paused_until_on=wish.paused_until_on if wish else None,
        is_ours=is_fee_reference(row.reference) or is_fee_reference(row.number),
        is_unread=row.id in parts.unread,
        drift=row.has_drift,
    )


def _last_received_on(row: Invoice, parts: Parts) -> date | None:
    """The day that settled an invoice, where the platform itself tells none: QuickBooks Online does not."""
    received = parts.payments.get(row.id, ())
    return received[-1].on if received and row.status == InvoiceStatus.PAID.value else None


def _promise(row: Invoice, wish: InvoiceWish | None, taken_back: frozenset[tuple[str, date]]) -> Promise | None:
    """What the customer told us goes before the day that the platform expects, which may be one that we showed there
    and that was taken back since."""
    if wish and wish.promised_on:
        return Promise(wish.promised_on, _money(wish.promised_amount, row.currency), wish.promise_made_on)
    if row.expected_on is None or (row.id, row.expected_on) in taken_back:
        return None
    return Promise(row.expected_on)
