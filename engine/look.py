"""Look again: the first day on which an account's answer could change although nothing new was read.

Pure. It lets a quiet night cost what is due, not what is open. It may name a day too early, which costs one look; never
one too late, which would cost a reminder. It reckons with what is planned today as if it were done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine import advice, budget, credit, discounts, fees, messages, occasions, promises
from engine.account import Account
from engine.calendar import add_days
from engine.cases import Case
from engine.guards import is_customer_paused
from engine.overview import NONE_SO_LATE, Overview
from engine.plan import MESSAGES, Action, AskPerson, PlaceHold, ReleaseHold
from engine.rules import Rules

_STEP_TAKEN = frozenset({"remind", "task"})
"""A step that was sent, or put before a person as a call, is not looked for again."""


def look_again_on(
    account: Account, cases: Sequence[Case], overview: Overview, actions: Sequence[Action], rules: Rules, today: date
) -> date | None:
    """The first such day after `today`; None where no passing of time alone can change anything."""
    days = _message_days(account, cases, actions, rules, today)
    if overview.ends_on is not None:
        days.append(add_days(overview.ends_on, 1))
    if account.fades_on is not None:
        days.append(account.fades_on)
    if account.paused_until_on is not None and is_customer_paused(account, today):
        days.append(add_days(account.paused_until_on, 1))
    if rules.asks_for_advice:
        days += advice.look_on(account, cases, rules)
    if rules.charges_fees:
        days += fees.look_on(account, rules, today)
    threshold = _threshold_in(account, overview, actions, rules, today)
    if threshold is not None:
        days.append(add_days(today, threshold))
    first: date | None = None
    for day in days:
        if day > today and (first is None or day < first):
            first = day
    return first


def _threshold_in(
    account: Account, overview: Overview, actions: Sequence[Action], rules: Rules, today: date
) -> int | None:
    """In how many days debt becomes late enough for a hold, or old enough for a person.

    Growing old also changes what unapplied money is set against, so it counts for invoices that are covered now.
    """
    days = [rules.review_after_days + 1 - overview.oldest_free] if overview.oldest_free > NONE_SO_LATE else []
    if credit.can_act(account, rules, today):
        days += credit.look_in(account, overview, rules, today, is_held=_is_held_after(account, actions))
    first: int | None = None
    for each in days:
        if each > 0 and (first is None or each < first):
            first = each
    return first


def _is_held_after(account: Account, actions: Sequence[Action]) -> bool:
    for action in actions:
        kind = type(action)
        if kind is PlaceHold or kind is ReleaseHold:
            return kind is PlaceHold
    return account.credit.is_on_hold


def _message_days(
    account: Account, cases: Sequence[Case], actions: Sequence[Action], rules: Rules, today: date
) -> list[date]:
    """The days on which a message could go out: steps to come, and what waits for the budget or a sending day."""
    opens_on = _opens_on(account, actions, rules, today)
    earliest = rules.working.on_or_after(opens_on) if opens_on > today else rules.working.after(today)
    days = list(occasions.look_on(account, cases, rules, earliest, today)) if rules.has_occasions else []
    step_on = _first_step_on(cases, actions, rules, earliest, today)
    if step_on is not None:
        days.append(step_on)
    offers = rules.open_to_offers(cases)
    if offers and account.emails and not messages.owes_overdue(cases):
        for case in offers:
            if case.is_chased and case.outcome != "discount_offer":
                days += _offer_days(case, rules, earliest, today)
    return days


def _first_step_on(
    cases: Sequence[Case], actions: Sequence[Action], rules: Rules, earliest: date, today: date
) -> date | None:
    """The first day on which any invoice's next step could come, `earliest` or later."""
    asked = [action for action in actions if type(action) is AskPerson and action.kind == "missing_email"]
    first: date | None = None
    for case in cases:
        if not case.is_chased or (asked and case.outcome == "task"):
            continue
        # Most cases only wait for the next step's own day. No step comes before the earliest day: once one comes
        # then, the others need not be asked.
        day = case.comes_on or _step_day(case, rules, earliest, today)
        if day is not None and (first is None or day < first):
            if day <= earliest:
                return earliest
            first = day
    return first


def _opens_on(account: Account, actions: Sequence[Action], rules: Rules, today: date) -> date:
    """The first day on which the contact budget lets another message go, once today's acts are done."""
    if rules.ladder.has_calls:
        return date.min
    for action in actions:
        if type(action) in MESSAGES:
            return budget.free_after_today(account.contacts, rules.budget, today)
    return budget.free_on(account.contacts, rules.budget)


def _step_day(case: Case, rules: Rules, earliest: date, today: date) -> date | None:
    """The first day on which the invoice's next step could come, once today's acts are done."""
    invoice, last_step, last_on = case.invoice, case.last_step, case.invoice.last_contact_on
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
