"""Look again: the first day on which an account's answer could change although nothing new was read.

Pure. It lets a quiet night cost what is due, not what is open. It may name a day too early, which costs one look; never
one too late, which would cost a reminder. It reckons with what is planned today as if it were done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine import advice, budget, credit, discounts, fees, messages, occasions, promises
from engine.account import Account
from engine.calendar import ONE_DAY, add_days
from engine.cases import Case
from engine.guards import is_customer_paused
from engine.plan import MESSAGES, Action, AskPerson, PlaceHold, ReleaseHold
from engine.rules import Rules

_HOLDS = (PlaceHold, ReleaseHold)
_STEP_TAKEN = frozenset({"remind", "task"})
"""A step that was sent, or put before a person as a call, is not looked for again."""


def look_again_on(
    account: Account, cases: Sequence[Case], actions: Sequence[Action], rules: Rules, today: date
) -> date | None:
    """The first such day after `today`; None where no passing of time alone can change anything."""
    days = _message_days(account, cases, actions, rules, today)
    days += _ends_of_pauses(account, cases, today)
    days += _thresholds(account, cases, actions, rules, today)
    if rules.asks_for_advice:
        days += advice.look_on(account, cases, rules)
    fee_day = fees.look_on(account, rules, today) if rules.fees.is_on else None
    if fee_day is not None:
        days.append(fee_day)
    return min([day for day in days if day > today], default=None)


def _ends_of_pauses(account: Account, cases: Sequence[Case], today: date) -> list[date]:
    """The day after each promise or pause that holds something back now."""
    last_days = [case.ends_on for case in cases if case.ends_on is not None]
    if account.paused_until_on is not None and is_customer_paused(account, today):
        last_days.append(account.paused_until_on)
    return [add_days(day, 1) for day in last_days]


def _thresholds(
    account: Account, cases: Sequence[Case], actions: Sequence[Action], rules: Rules, today: date
) -> Iterator[date]:
    """The days on which debt becomes late enough for a hold, and old enough for a person.

    Growing old also changes what unapplied money is set against, so it counts for invoices that are covered now.
    """
    if credit.can_act(account, rules, today):
        yield from credit.look_on(account, cases, rules, is_held=_is_held_after(account, actions))
    oldest = max([case.days for case in cases if case.is_free and case.days <= rules.review_after_days], default=None)
    if oldest is not None:
        yield add_days(today, rules.review_after_days + 1 - oldest)


def _is_held_after(account: Account, actions: Sequence[Action]) -> bool:
    for action in actions:
        if isinstance(action, _HOLDS):
            return isinstance(action, PlaceHold)
    return account.credit.is_on_hold


def _message_days(
    account: Account, cases: Sequence[Case], actions: Sequence[Action], rules: Rules, today: date
) -> list[date]:
    """The days on which a message could go out: steps to come, and what waits for the budget or a sending day."""
    earliest = rules.working.on_or_after(max(_opens_on(account, actions, rules, today), today + ONE_DAY))
    asked = [action for action in actions if isinstance(action, AskPerson) and action.kind == "missing_email"]
    may_offer: list[Case] = []
    is_soon = False
    days = list(occasions.look_on(account, cases, rules, earliest, today)) if rules.has_occasions else []
    for case in cases:
        if not case.is_chased:
            continue
        # No step comes before the earliest day: once one comes then, the others need not be asked.
        if not is_soon and not (asked and case.outcome == "task"):
            day = _step_day(case, rules, earliest, today)
            if day is not None:
                days.append(day)
                is_soon = day == earliest
        if rules.may_be_offered(case.invoice) and case.outcome != "discount_offer":
            may_offer.append(case)
    if may_offer and rules.discount.is_on and account.emails and not messages.owes_overdue(cases):
        for case in may_offer:
            days += _offer_days(case, rules, earliest, today)
    return days


def _opens_on(account: Account, actions: Sequence[Action], rules: Rules, today: date) -> date:
    """The first day on which the contact budget lets another message go, once today's acts are done."""
    if rules.ladder.has_calls:
        return date.min
    for action in actions:
        if isinstance(action, MESSAGES):
            return budget.free_after_today(account.contacts, rules.budget, today)
    return budget.free_on(account.contacts, rules.budget)


def _step_day(case: Case, rules: Rules, earliest: date, today: date) -> date | None:
    """The first day on which the invoice's next step could come, once today's acts are done."""
    invoice, last_step, last_on = case.invoice, case.last_step, case.invoice.last_contact_on
    if case.step is None and case.not_before_on is None and not case.passed_over:
        # None is due, put off or passed over: most cases only wait for the next step's own day.
        next_on = case.next_step_on
        if next_on is not None and next_on >= invoice.due_on and not rules.ladder.has_gaps:
            return earliest if next_on <= earliest else rules.working.on_or_after(next_on)
    if case.step is not None and case.outcome in _STEP_TAKEN:
        last_step = case.step.number
        last_on = today if case.outcome == "remind" else last_on
    elif case.is_one_up:
        return max(earliest, rules.working.on_or_after(case.not_before_on or earliest))
    elif case.passed_over - case.never and promises.resumes_one_up(invoice, rules.promises, today):
        return earliest  # a broken promise makes the next step due on the day on which its condition comes to hold
    if case.not_before_on is not None and case.not_before_on > earliest:
        earliest = rules.working.on_or_after(case.not_before_on)
    return rules.ladder.next_message_on(invoice, last_step, last_on, earliest, case.never)


def _offer_days(case: Case, rules: Rules, earliest: date, today: date) -> Iterator[date]:
    """When an offer not made today could go out, and the day after it closes."""
    offer = discounts.offer_on(case, rules.discount)
    if offer is None:
        return
    opens = rules.working.on_or_after(max(offer.tell_from_on, earliest))
    if opens <= discounts.last_telling_day(offer):
        yield opens
    if discounts.is_open(offer, today):
        yield add_days(discounts.last_telling_day(offer), 1)
