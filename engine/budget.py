"""The contact budget: the first day on which a customer may hear from us again.

Pure. Every contact counts, ours and people's, whatever it was about. At most one message a day goes to a customer, even
where the policy asks for no gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from engine.account import Contact
from engine.calendar import add_days
from engine.plan import Reason
from engine.policy import Budget
from engine.reasons import messages as why
from engine.rules import Rules


class Obstacle(Struct, frozen=True):
    """Why a message waits, and the first day on which it could go out."""

    reason: Reason
    sends_on: date


BY_PERSON = frozenset({"call", "human"})


def free_on(contacts: Sequence[Contact], budget: Budget) -> date:
    """The first day on which one more message fits after these contacts, in any order."""
    if not contacts:
        return date.min
    opens_on, after_on = _fits_on([contact.on for contact in contacts], budget), after_person(contacts, budget)
    return after_on if after_on > opens_on else opens_on


def free_after_today(contacts: Sequence[Contact], budget: Budget, today: date) -> date:
    """The same, with a message that goes out today besides."""
    return max(_fits_on([today, *(contact.on for contact in contacts)], budget), after_person(contacts, budget))


def _fits_on(days: list[date], budget: Budget) -> date:
    """The first day on which one more message fits after contacts on these days."""
    days.sort()
    opens = add_days(days[-1], budget.minimum_gap_days or 1)
    if len(days) >= budget.messages:
        # The window then holds that contact and all later ones: it must leave the window before another fits.
        return max(opens, add_days(days[-budget.messages], budget.per_days))
    return opens


def after_person(contacts: Sequence[Contact], budget: Budget) -> date:
    """The first day on which a message no longer follows too closely on a person's own contact."""
    last_on = date.min
    for contact in contacts:
        if contact.kind in BY_PERSON and contact.on > last_on:
            last_on = contact.on
    return add_days(last_on, budget.after_person_days) if last_on > date.min else last_on


def obstacle(contacts: Sequence[Contact], rules: Rules, today: date) -> Obstacle | None:
    """What keeps a message that is due from going out today: too many contacts, or not a day for sending."""
    opens_on = free_on(contacts, rules.budget)
    sends_on = rules.working.on_or_after(max(opens_on, today))
    if sends_on == today:
        return None
    if opens_on > today:
        if after_person(contacts, rules.budget) == opens_on:
            last_on = max(contact.on for contact in contacts if contact.kind in BY_PERSON)
            return Obstacle(why.person_contact(rules.budget.after_person_days, last_on, sends_on), sends_on)
        return Obstacle(why.contact_budget(rules.budget, max(each.on for each in contacts), sends_on), sends_on)
    return Obstacle(why.not_sending_day(today, sends_on), sends_on)
