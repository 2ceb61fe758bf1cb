"""Early-payment discounts: telling a customer, once, what an invoice costs less if it is paid soon; and crediting what
was taken.

Pure. The terms are the invoice's own, or the policy's. Whether an offer goes out today is `engine.messages`' and
`engine.budget`'s job. The saving is taken off what is still owed; making the credit, with its tax, is a connector's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from msgspec import Struct

from engine.account import Account, Invoice
from engine.calendar import add_days
from engine.cases import Case
from engine.money import Money
from engine.plan import AskPerson, GrantDiscount, Reason
from engine.policy import Discount
from engine.reasons import discounts as why
from engine.reasons import messages as why_told
from engine.risk import usual_days_late

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")


class Offer(Struct, frozen=True, kw_only=True):
    """What paying one invoice early saves, and the days on which the customer may be told."""

    case: Case
    percent: Decimal
    saving: Money
    tell_from_on: date
    last_day_on: date
    worth: Decimal | None = None
    """The most that paying by the last day is worth, in per cent; None where nobody asked."""

    @property
    def reason(self) -> Reason:
        invoice, expected_on = self.case.invoice, self.case.expected_on
        if self.worth is None or expected_on is None:
            return why_told.discount_offer(invoice, self.percent, self.saving, self.last_day_on)
        worth = self.worth.quantize(_HUNDREDTH)
        return why.discount_worth(invoice, self.percent, self.saving, self.last_day_on, worth, expected_on)


def expect_payment(account: Account, cases: Sequence[Case]) -> None:
    """Note when each invoice is likely to be paid.

    That is this customer's usual lateness after the due date; for a customer without habits yet, the due date.
    """
    usual = usual_days_late(account.history) or 0
    for case in cases:
        case.expected_on = add_days(case.invoice.due_on, usual)


def break_even(cost_of_money: Decimal, days_gained: int, loss_percent: Decimal) -> Decimal:
    """The discount, in per cent, at which paying `days_gained` earlier costs the seller just what it is worth.

    d* = 1 − (1 − p) ÷ (1 + k × D ÷ 365), with k the yearly cost of money, D the days gained against the expected day
    and p the chance of loss. k 12 %, D 40, p 1 %: 2.29 %. Where no day is gained any discount is a gift: 0.
    """
    if days_gained <= 0:
        return Decimal(0)
    growth = 1 + cost_of_money / 100 * days_gained / 365
    return max(Decimal(0), (1 - (1 - loss_percent / 100) / growth) * 100)


def cost_of_not_taking(percent: Decimal, days: int, due_days: int) -> Decimal:
    """What a buyer pays a year, in per cent, by paying on day `due_days` instead of day `days` less `percent`.

    d ÷ (1 − d) × 365 ÷ (n − a). 2/10 net 30: 37.2 % on 365 days. Source: bizfluent.com/how-8697898.
    """
    return percent / (100 - percent) * 100 * 365 / (due_days - days)


def offer_on(case: Case, discount: Discount) -> Offer | None:
    """The offer still to be made on an invoice, whatever the day; None where there is none or it has been made.

    The last day is the discount's days after the invoice date. The policy's own percentage is for paying early, so it
    needs a last day before the due date; terms on the invoice itself are a promise, and are told as they are.
    """
    invoice = case.invoice
    if not discount.is_on or invoice.discount_offered or not (discount.percent or invoice.discount_percent):
        return None
    terms = _own_terms(invoice)
    percent, days = terms or (discount.percent, discount.days)
    if not percent:
        return None
    last_day_on, worth = add_days(invoice.issued_on, days), None
    if terms is None:
        if last_day_on >= invoice.due_on:
            return None
        if case.expected_on is not None:
            gained = (case.expected_on - last_day_on).days
            worth = break_even(discount.cost_of_money, gained, discount.loss_percent)
            percent = min(percent, worth.quantize(_TENTH, rounding=ROUND_DOWN))
    saving = invoice.balance.percent(percent)
    if saving.minor <= 0:
        return None
    return Offer(
        case=case,
        percent=percent,
        saving=saving,
        tell_from_on=max(invoice.issued_on, add_days(last_day_on, -discount.tell_days_before)),
        last_day_on=last_day_on,
        worth=worth,
    )


def is_open(offer: Offer, on: date) -> bool:
    """Whether the customer may be told on that day: late is better than never, but not once it is no use."""
    return offer.tell_from_on <= on <= last_telling_day(offer)


def last_telling_day(offer: Offer) -> date:
    """The last day of the discount, or the due date where that comes first: after it the invoice gets reminders."""
    return min(offer.last_day_on, offer.case.invoice.due_on)


def settle_taken(case: Case, discount: Discount) -> bool:
    """Settle an invoice that was paid less exactly its discount: what is left is credited, not chased.

    Taken off is the discount on what was owed before the payments: everything paid, and what is left. Payments count up
    to the last day, or, where the policy accepts it, some days after; where it asks, the rest waits for the answer.
    """
    invoice = case.invoice
    terms = _terms_of(invoice, discount)
    if not (discount.is_on and discount.credit_taken) or invoice.is_ours or invoice.discount_refused or terms is None:
        return False
    percent, last_day_on = terms
    paid_on = max(paid.on for paid in invoice.payments)
    allowed_until_on = last_day_on if discount.taken_late == "chase" else add_days(last_day_on, discount.late_days)
    owed = sum(paid.amount.minor for paid in invoice.payments) + invoice.balance.minor
    taken = Money(owed, invoice.balance.currency).percent(percent)
    tolerance = Money.of(discount.tolerance, taken.currency).minor
    if paid_on > allowed_until_on or abs(invoice.balance.minor - taken.minor) > tolerance:
        return False
    case.is_debt = False
    facts = (invoice, percent, taken, last_day_on, paid_on)
    if paid_on <= last_day_on or discount.taken_late == "accept":
        case.settle(GRANT, why.discount_taken(*facts))
    elif invoice.discount_accepted:
        case.settle(GRANT, why.discount_accepted(*facts))
    else:
        case.settle("task", why.discount_taken_late(*facts))
    return True


GRANT = "discount_credit"
"""The outcome of an invoice whose rest is credited: the tag of `plan.GrantDiscount`."""


def acts(account: Account, cases: Sequence[Case]) -> Sequence[GrantDiscount | AskPerson]:
    """What has to be done about discounts that were taken: a credit, or a question where the policy asks."""
    paid = [case for case in cases if case.invoice.payments]
    return [*_grants(account, paid), *_questions(account, paid)]


def _grants(account: Account, cases: Sequence[Case]) -> Iterator[GrantDiscount]:
    """One credit for every invoice that `settle_taken` has settled."""
    for case in cases:
        if case.outcome == GRANT and case.reason is not None:
            yield GrantDiscount(
                customer_id=account.customer_id,
                invoice_id=case.invoice.id,
                number=case.invoice.number,
                amount=case.invoice.balance,
                reason=case.reason,
            )


def _questions(account: Account, cases: Sequence[Case]) -> Iterator[AskPerson]:
    """One question for every discount that was taken late, where the policy asks."""
    for case in cases:
        if case.reason is not None and case.reason.rule == "discount_taken_late":
            invoice_id = case.invoice.id
            yield AskPerson(
                customer_id=account.customer_id,
                kind="late_discount",
                subject=invoice_id,
                invoice_ids=(invoice_id,),
                reason=case.reason,
            )


def _terms_of(invoice: Invoice, discount: Discount) -> tuple[Decimal, date] | None:
    """The discount that the customer may take, and its last day: the invoice's own terms, or an offer that was made."""
    own = _own_terms(invoice)
    if own is not None:
        return own[0], add_days(invoice.issued_on, own[1])
    if not invoice.discount_offered:
        return None
    percent = invoice.offered_percent or discount.percent
    last_day_on = invoice.offered_until_on or add_days(invoice.issued_on, discount.days)
    return (percent, last_day_on) if percent else None


def _own_terms(invoice: Invoice) -> tuple[Decimal, int] | None:
    """The invoice's own percentage and days, where they make sense."""
    percent, days = invoice.discount_percent, invoice.discount_days
    if percent is None or days is None or days <= 0 or not percent.is_finite() or not 0 < percent < 100:
        return None
    return percent, days
