"""Rules: a policy made ready for deciding. What depends on the policy alone is worked out once, not per account.

Pure; equal policies share one set of rules.
"""

from __future__ import annotations

from functools import lru_cache

from engine.calendar import working_days
from engine.fees_lines import Terms
from engine.ladder import Ladder
from engine.money import Money, minor_units
from engine.policy import Policy


class Rules:
    """One policy, with its ladder, its working days and its minimum balances at hand."""

    def __init__(self, policy: Policy) -> None:
        self.working = working_days(policy.calendar.country, policy.calendar.weekdays)
        self.ladder = Ladder(policy.ladder, self.working)
        self.budget = policy.budget
        self.discount = policy.discount
        self.credit = policy.credit
        self.fees = policy.fees
        self.fee_terms = Terms.of(policy)
        self.review_after_days = policy.exclusions.review_after_days
        self.default_limit = _default_limit(policy)
        self._minimum = policy.exclusions.minimum_balance
        self.minimum = lru_cache(maxsize=256)(self._minimum_in)
        """The least that is chased in a currency, in its minor units."""

    def _minimum_in(self, currency: str) -> int:
        return minor_units(self._minimum, currency)


def _default_limit(policy: Policy) -> Money | None:
    limit, currency = policy.credit.default_limit, policy.base_currency
    return Money.of(limit, currency) if limit is not None and currency else None


@lru_cache(maxsize=64)
def rules_of(policy: Policy) -> Rules:
    """The rules of `policy`, kept between calls."""
    return Rules(policy)
