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


def free_on(days: Sequence[date], budget: Budget) -> date:
    """The first day on which one more message fits, given the `days` of all contacts, in any order."""
    if not days:
        return date.min
    latest = sorted(days)
    opens = add_days(latest[-1], max(1, budget.minimum_gap_days))
    if len(latest) >= budget.messages:
        # The window then holds that contact and all later ones: it must leave the window before another fits.
        opens = max(opens, add_days(latest[-budget.messages], budget.per_days))
    return opens


def obstacle(contacts: Sequence[Contact], rules: Rules, today: date) -> Obstacle | None:
    """What keeps a message that is due from going out today: too many contacts, or not a day for sending."""
    days = [contact.on for contact in contacts]
    opens_on = free_on(days, rules.budget)
    sends_on = rules.working.on_or_after(max(opens_on, today))
    if sends_on == today:
        return None
    if opens_on > today:
        return Obstacle(why.contact_budget(rules.budget, max(days), sends_on), sends_on)
    return Obstacle(why.not_sending_day(today, sends_on), sends_on)
