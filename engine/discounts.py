"""Early-payment offers: telling a customer, once, what an invoice costs less if it is paid soon.

Pure. The offer is static: the invoice's own terms, or the policy's. Whether it goes out today is `engine.messages`' and
`engine.budget`'s job. The saving is taken off what is still owed; booking it is left to the platform.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from engine.account import Invoice
from engine.calendar import add_days
from engine.cases import Case
from engine.money import Money
from engine.policy import Discount


class Offer(Struct, frozen=True, kw_only=True):
    """What paying one invoice early saves, and the days on which the customer may be told."""

    case: Case
    percent: Decimal
    saving: Money
    tell_from_on: date
    last_day_on: date


def offer_on(case: Case, discount: Discount) -> Offer | None:
    """The offer still to be made on an invoice, whatever the day; None where there is none or it has been made.

    The last day is the discount's days after the invoice date. The policy's own percentage is for paying early, so it
    needs a last day before the due date; terms on the invoice itself are a promise, and are told as they are.
    """
    invoice = case.invoice
    if not discount.is_on or invoice.discount_offered:
        return None
    terms = _own_terms(invoice)
    percent, days = terms or (discount.percent, discount.days)
    if not percent:
        return None
    last_day_on = add_days(invoice.issued_on, days)
    if terms is None and last_day_on >= invoice.due_on:
        return None
    saving = invoice.balance.percent(percent)
    if saving.minor <= 0:
        return None
    return Offer(
        case=case,
        percent=percent,
        saving=saving,
        tell_from_on=max(invoice.issued_on, add_days(last_day_on, -discount.tell_days_before)),
        last_day_on=last_day_on,
    )


def is_open(offer: Offer, on: date) -> bool:
    """Whether the customer may be told on that day: late is better than never, but not once it is no use."""
    return offer.tell_from_on <= on <= last_telling_day(offer)


def last_telling_day(offer: Offer) -> date:
    """The last day of the discount, or the due date where that comes first: after it the invoice gets reminders."""
    return min(offer.last_day_on, offer.case.invoice.due_on)


def _own_terms(invoice: Invoice) -> tuple[Decimal, int] | None:
    """The invoice's own percentage and days, where they make sense."""
    percent, days = invoice.discount_percent, invoice.discount_days
    if percent is None or days is None or days <= 0 or not percent.is_finite() or not 0 < percent < 100:
        return None
    return percent, days
