"""Messages: the one message, if any, that a customer gets today, and what every invoice not in it waits for.

Pure. A reminder about overdue invoices goes before a note about invoices not yet due, that goes before an offer, and
that before thanks and statements (`engine.occasions`). A reminder speaks once for the whole account: at the highest
step due, naming every overdue invoice that is not guarded. A call is a task for a person, beside any message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine import budget, calls, discounts, occasions
from engine.account import Account
from engine.cases import Case, oldest_first
from engine.discounts import Offer
from engine.plan import Action, AskPerson, Decision, OfferDiscount, Reason, SendReminder
from engine.policy import Step
from engine.postponing import find_steps
from engine.reasons import messages as why
from engine.rules import Rules

OFFER_TEMPLATE = "discount_offer"
_STILL_OWED = frozenset({"promised", "invoice_paused"})


def choose(
    account: Account, cases: Sequence[Case], rules: Rules, today: date
) -> tuple[list[Action], tuple[Decision, ...]]:
    """Settle every case that is still undecided; returns the message to send or the tasks that stand in its way.

    The decisions are about the customer itself: a statement, or thanks.
    """
    free = [case for case in cases if case.is_chased]
    called = prepare(account, free, rules, today)
    said, occasion = speak(account, cases, free, rules, today)
    return called + said, occasion


def prepare(account: Account, free: Sequence[Case], rules: Rules, today: date) -> list[Action]:
    """Find the step of each case; returns the call to make, if one is due."""
    find_steps(account, free, rules, today)
    call = calls.ask(account, free, rules, today) if rules.ladder.has_calls else None
    return [] if call is None else [call]


def speak(
    account: Account, cases: Sequence[Case], free: Sequence[Case], rules: Rules, today: date
) -> tuple[list[Action], tuple[Decision, ...]]:
    """Settle the cases whose steps are found, and the message to send to this customer about them."""
    message = _speak(account, cases, free, rules, today)
    _settle_rest(free)
    if message is not None:
        return [message], ()
    found = occasions.choose(account, cases, rules, today)
    return ([], ()) if found is None else ([found[0]], (found[1],))


def hold_back(free: Sequence[Case], obstacle: budget.Obstacle, rules: Rules) -> None:
    """Settle the cases of a customer who may not hear from us today."""
    _wait([case for case in free if case.step is not None and case.reason is None], obstacle, rules)
    _settle_rest(free)


def owes_overdue(cases: Iterable[Case]) -> bool:
    """Whether the customer has overdue debt, a promise or a pause notwithstanding: no discount is offered then."""
    for case in cases:
        if case.days > 0 and (case.is_debt or (case.reason is not None and case.reason.rule in _STILL_OWED)):
            return True
    return False


def _speak(account: Account, cases: Sequence[Case], free: Sequence[Case], rules: Rules, today: date) -> Action | None:
    """The message that is due, if any, unless the budget, the day or a missing address stands in its way."""
    due = [case for case in free if case.step is not None and case.reason is None]
    offers = _open_offers(free, rules, today) if rules.has_discounts else []
    if offers and owes_overdue(cases):
        _withhold(offers)
        offers = []
    if not due and not offers:
        return None
    pressing = [*due, *(offer.case for offer in offers if offer.case.step is None)]
    obstacle = budget.obstacle(account.contacts, rules, today)
    if obstacle is not None:
        _wait(pressing, obstacle, rules)
        return None
    if not account.emails:
        return _ask_for_email(account, due, pressing)
    message = _reminder(account, free, due, rules) if due else _offer(account, offers[0])
    for case in pressing:
        if case.reason is None:
            _settle(case, why.one_message(case.invoice))
    return message


def _open_offers(free: Sequence[Case], rules: Rules, today: date) -> list[Offer]:
    """Offers that may be made today, the one that ends first in front."""
    told_of = rules.open_to_offers(free)
    if not told_of:
        return []
    early = [case for case in told_of if case.days <= 0 and case.reason is None]
    found = [discounts.offer_on(case, rules.discount) for case in early]
    open_now = [offer for offer in found if offer is not None and discounts.is_open(offer, today)]
    return sorted(open_now, key=lambda offer: (offer.last_day_on, oldest_first(offer.case)))


def _withhold(offers: Sequence[Offer]) -> None:
    for offer in offers:
        if offer.case.step is None:
            _settle(offer.case, why.offer_withheld(offer.case.invoice, offer.last_day_on))


def _wait(pressing: Sequence[Case], obstacle: budget.Obstacle, rules: Rules) -> None:
    for case in pressing:
        if _can_wait(case, obstacle.sends_on, rules):
            _settle(case, obstacle.reason)


def _can_wait(case: Case, until: date, rules: Rules) -> bool:
    """Whether what is due will still be of use then: notes before the due date and offers lapse."""
    if case.step is not None:
        return not case.is_early or until <= case.invoice.due_on
    offer = discounts.offer_on(case, rules.discount)
    return offer is not None and discounts.is_open(offer, until)


def _settle(case: Case, reason: Reason) -> None:
    case.settle("leave", reason)


def _settle_rest(free: Sequence[Case]) -> None:
    """What an invoice waits for when nothing about it is due."""
    for case in free:
        if case.reason is None:
            if case.next_step is None or case.next_step_on is None:
                case.reason = why.ladder_done(case.invoice)
            elif case.starts_again:
                case.reason = why.starts_again(case.invoice, case.next_step, case.next_step_on)
            else:
                case.reason = why.waiting(case.invoice, case.next_step, case.next_step_on)


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
    named = _named(free, about_overdue=not all(case.is_early for case in due))
    top, step = None, None
    for case in named:
        if case.step is None:
            case.settle("remind", why.also_overdue(case.invoice, case.days))
            continue
        case.settle("remind", _why_now(case, case.step, account.watched_since_on, rules))
        if step is None or case.step.number > step.number:
            top, step = case, case.step
    if top is None or step is None or top.reason is None:
        raise ValueError("a reminder needs an invoice with a step that is due")
    sender = step.sender
    return SendReminder(
        customer_id=account.customer_id,
        step=step.number,
        template=step.template,
        invoices=tuple(case.named(case.step.number if case.step else 0) for case in named),
        reason=top.reason,
        to_everyone=step.recipients == "everyone",
        cc=step.cc,
        bcc=step.bcc,
        sender_name=sender.name if sender else "",
        reply_to=sender.reply_to if sender else "",
        needs_approval=step.needs_approval,
    )


def _named(free: Sequence[Case], *, about_overdue: bool) -> list[Case]:
    """A reminder names what is overdue, with a step or without; a note before the due date only what has a step."""
    named = [
        case
        for case in free
        if case.reason is None
        and ((case.step is not None and not (about_overdue and case.is_early)) or (about_overdue and case.days > 0))
    ]
    named.sort(key=oldest_first)
    return named


def _why_now(case: Case, step: Step, watched_since_on: date | None, rules: Rules) -> Reason:
    """An invoice past this step before Dunwell began starts there: the steps before it were never ours to send."""
    invoice = case.invoice
    if case.is_one_up and invoice.promise is not None:
        return why.promise_broken(invoice, step, case.days, invoice.promise.pay_on)
    if (
        watched_since_on is not None
        and invoice.last_step == 0
        and rules.ladder.day_of(step, invoice) < watched_since_on
    ):
        return why.first_run(invoice, step, case.days, watched_since_on)
    return why.step_due(invoice, step, case.days)


def _offer(account: Account, offer: Offer) -> OfferDiscount:
    reason = offer.reason
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
