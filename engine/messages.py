"""Messages: the one message, if any, that a customer gets today, and what every invoice not in it waits for.

Pure. A reminder about overdue invoices goes before a note about invoices not yet due, and that goes before an offer. A
reminder speaks once for the whole account: at the highest step due, naming every overdue invoice that is not guarded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from engine import budget, discounts
from engine.account import Account
from engine.cases import Case, oldest_first
from engine.discounts import Offer
from engine.plan import Action, AskPerson, OfferDiscount, Reason, SendReminder
from engine.policy import Step
from engine.reasons import messages as why
from engine.rules import Rules

OFFER_TEMPLATE = "discount_offer"
_STILL_OWED = frozenset({"promised", "invoice_paused"})


def choose(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> Action | None:
    """Settle every case that is still undecided; returns the message to send, or the task that stands in its way."""
    free = [case for case in cases if case.is_chased]
    for case in free:
        case.step = rules.ladder.step_due(case.invoice, today)
    offers = _open_offers(free, rules, today)
    if offers and owes_overdue(cases):
        _withhold(offers)
        offers = []
    action = _speak(account, free, offers, rules, today)
    _settle_undecided(free, lambda case: _next(case, rules, today))
    return action


def owes_overdue(cases: Iterable[Case]) -> bool:
    """Whether the customer has overdue debt, a promise or a pause notwithstanding: no discount is offered then."""
    return any(
        case.is_overdue and (case.is_debt or (case.reason is not None and case.reason.rule in _STILL_OWED))
        for case in cases
    )


def _open_offers(free: Sequence[Case], rules: Rules, today: date) -> list[Offer]:
    """Offers that may be made today, the one that ends first in front."""
    found = [discounts.offer_on(case, rules.discount) for case in free if not case.is_overdue]
    open_now = [offer for offer in found if offer is not None and discounts.is_open(offer, today)]
    return sorted(open_now, key=lambda offer: (offer.last_day_on, oldest_first(offer.case)))


def _withhold(offers: Sequence[Offer]) -> None:
    for offer in offers:
        if offer.case.step is None:
            offer.case.settle("leave", why.offer_withheld(offer.case.invoice, offer.last_day_on))


def _speak(account: Account, free: Sequence[Case], offers: Sequence[Offer], rules: Rules, today: date) -> Action | None:
    """The message that is due, if any, unless the budget, the day or a missing address stands in its way."""
    due = [case for case in free if case.step is not None]
    pressing = [*due, *(offer.case for offer in offers if offer.case.step is None)]
    if not pressing:
        return None
    obstacle = budget.obstacle(account.contacts, rules, today)
    if obstacle is not None:
        in_time = [case for case in pressing if _can_wait(case, obstacle.sends_on, rules)]
        _settle_undecided(in_time, lambda _: obstacle.reason)
        return None
    if not account.emails:
        return _ask_for_email(account, due, pressing)
    message = _reminder(account, free, due, rules) if due else _offer(account, offers[0])
    _settle_undecided(pressing, lambda case: why.one_message(case.invoice))
    return message


def _can_wait(case: Case, until: date, rules: Rules) -> bool:
    """Whether what is due will still be of use then: notes before the due date and offers lapse."""
    if case.step is not None:
        return case.step.days >= 0 or until <= case.invoice.due_on
    offer = discounts.offer_on(case, rules.discount)
    return offer is not None and discounts.is_open(offer, until)


def _settle_undecided(cases: Iterable[Case], reason_for: Callable[[Case], Reason]) -> None:
    for case in cases:
        if case.is_undecided:
            case.settle("leave", reason_for(case))


def _ask_for_email(account: Account, due: Sequence[Case], pressing: Iterable[Case]) -> AskPerson | None:
    """A reminder without an address is a task for a person; an offer without one is only left."""
    reason = why.no_email(account.name)
    for case in pressing:
        case.settle("task" if case.step is not None else "leave", reason)
    if not due:
        return None
    return AskPerson(
        customer_id=account.customer_id,
        kind="missing_email",
        subject=account.customer_id,
        invoice_ids=tuple(case.invoice.id for case in sorted(due, key=oldest_first)),
        reason=reason,
    )


def _reminder(account: Account, free: Sequence[Case], due: Sequence[Case], rules: Rules) -> SendReminder:
    """One message at the highest step due: invoices with a step due go up to it, other overdue ones are mentioned."""
    overdue = any(_is_after_due(case.step) for case in due)
    named = sorted(
        (case for case in free if (_belongs_to_reminder(case) if overdue else case.step is not None)), key=oldest_first
    )
    for case in named:
        if case.step is None:
            case.settle("remind", why.also_overdue(case.invoice, case.days))
        else:
            case.settle("remind", _why_now(case, case.step, account.watched_since_on, rules))
    top, step = max(((case, case.step) for case in named if case.step), key=lambda pair: pair[1].number)
    return SendReminder(
        customer_id=account.customer_id,
        step=step.number,
        template=step.template,
        invoices=tuple(case.named(case.step.number if case.step else 0) for case in named),
        reason=top.reason or why.step_due(top.invoice, step, top.days),
    )


def _belongs_to_reminder(case: Case) -> bool:
    return case.is_overdue or _is_after_due(case.step)


def _is_after_due(step: Step | None) -> bool:
    return step is not None and step.days >= 0


def _why_now(case: Case, step: Step, watched_since_on: date | None, rules: Rules) -> Reason:
    """An invoice past this step before Dunwell began starts there: the steps before it were never ours to send."""
    invoice = case.invoice
    if (
        watched_since_on is not None
        and invoice.last_step == 0
        and rules.ladder.day_of(step, invoice.due_on) < watched_since_on
    ):
        return why.first_run(invoice, step, case.days, watched_since_on)
    return why.step_due(invoice, step, case.days)


def _offer(account: Account, offer: Offer) -> OfferDiscount:
    reason = why.discount_offer(offer.case.invoice, offer.percent, offer.saving, offer.last_day_on)
    offer.case.settle("discount_offer", reason)
    return OfferDiscount(
        customer_id=account.customer_id,
        template=OFFER_TEMPLATE,
        invoice=offer.case.named(0),
        percent=offer.percent,
        saving=offer.saving,
        last_day_on=offer.last_day_on,
        reason=reason,
    )


def _next(case: Case, rules: Rules, today: date) -> Reason:
    """What an invoice waits for when nothing about it is due."""
    coming = rules.ladder.next_step(case.invoice, today)
    return why.ladder_done(case.invoice) if coming is None else why.waiting(case.invoice, *coming)
