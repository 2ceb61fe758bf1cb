"""Needs: what must be known of an account before a policy can decide on it.

Pure. Whoever loads accounts asks here first, so that a policy without fees does not pay for their history.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from engine.policy import Policy
from engine.rules import Rules, rules_of


class Needs(Struct, frozen=True, kw_only=True):
    """What to load besides the plain account."""

    payments: bool = True
    """What was received on every invoice, and when: interest follows it day by day, thanks answer it."""
    fees: bool = True
    """What fees of ours charged so far."""
    discounts_taken: bool = True
    """What was received on part-paid invoices that carry a discount: whether it was taken."""
    history: bool = True
    """Invoices settled within the last two years: the customer's habits."""
    said: bool = True
    """What was written to the customer, asked about it and forgiven it so far: whether one may write or ask again."""
    grace_days: int = 0
    """Days after a promised day in which a payment still keeps the promise."""


HABITS = frozenset({"customer.typical_days_late", "customer.risk"})
"""Names in conditions that are told from how somebody has paid so far."""

EVERYTHING = Needs()
"""For whoever looks at an account without a policy at hand."""


def needs_of(policy: Policy) -> Needs:
    """What deciding by `policy` rests on, for any customer in any of its groups."""
    charges = policy.fees.is_on or any(group.fees is not None and group.fees.is_on for group in policy.groups)
    discounts = [policy.discount, *(group.discount for group in policy.groups if group.discount is not None)]
    rules = rules_of(policy)
    return Needs(
        payments=charges or policy.thanks.is_on or any(group.thanks and group.thanks.is_on for group in policy.groups),
        fees=charges,
        discounts_taken=any(discount.is_on and discount.credit_taken for discount in discounts),
        grace_days=policy.promises.grace_days,
        history=_groups_by_habits(rules)
        or any(_looks_at_habits(each) for each in (rules, *(group.rules for group in rules.groups))),
    )


def needs_for_credit(policy: Policy) -> Needs:
    """What `credit_answer` rests on: nothing of what was paid, charged or said, but where groups go by habits."""
    told = _groups_by_habits(rules_of(policy))
    return replace(needs_of(policy), payments=False, fees=False, said=False, history=told)


def _groups_by_habits(rules: Rules) -> bool:
    named = (group.condition.names for group in rules.groups if group.condition is not None)
    return any(not HABITS.isdisjoint(names) for names in named)


def _looks_at_habits(rules: Rules) -> bool:
    return bool(
        rules.exclusions.bank_lag_days
        or rules.asks_for_advice
        or (rules.discount.is_on and rules.discount.only_if_worth)
        or not HABITS.isdisjoint(rules.condition_names)
    )
