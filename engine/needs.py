"""Needs: what must be known of an account before a policy can decide on it.

Pure. Whoever loads accounts asks here first, so that a policy without fees does not pay for their history.
"""

from __future__ import annotations

from msgspec import Struct

from engine.policy import Policy


class Needs(Struct, frozen=True, kw_only=True):
    """What to load besides the plain account."""

    payments: bool = True
    """What was received on every invoice, and when: interest follows it day by day, thanks answer it."""
    fees: bool = True
    """What fees of ours charged so far."""
    discounts_taken: bool = True
    """What was received on part-paid invoices that carry a discount: whether it was taken."""


EVERYTHING = Needs()
"""For whoever looks at an account without a policy at hand."""


def needs_of(policy: Policy) -> Needs:
    """What deciding by `policy` rests on, for any customer in any of its groups."""
    charges = policy.fees.is_on or any(group.fees is not None and group.fees.is_on for group in policy.groups)
    discounts = [policy.discount, *(group.discount for group in policy.groups if group.discount is not None)]
    return Needs(
        payments=charges or policy.thanks.is_on or any(group.thanks and group.thanks.is_on for group in policy.groups),
        fees=charges,
        discounts_taken=any(discount.is_on and discount.credit_taken for discount in discounts),
    )
