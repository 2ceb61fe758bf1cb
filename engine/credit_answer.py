"""The answer for an order: may this customer have more credit, and why.

Pure: what `engine.credit` would decide today, asked by an order system before it takes an order. Nothing is placed or
lifted here.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from engine import guards
from engine.account import Account
from engine.credit import exposure_in, judge, limit_on
from engine.money import CurrencyMismatch, Money
from engine.overview import overview_of
from engine.plan import PlaceHold, Reason
from engine.policy import Policy
from engine.reasons import credit as why
from engine.rules import Rules, rules_of


class CreditAnswer(Struct, frozen=True, kw_only=True):
    """Yes or no, with the reason and the figures it rests on. Without a limit there is no exposure to tell."""

    is_yes: bool
    reason: Reason
    limit: Money | None = None
    exposure: Money | None = None

    @property
    def available(self) -> Money | None:
        """What of the limit is left, never below nothing; None without a limit."""
        if self.limit is None or self.exposure is None:
            return None
        return Money(max(0, self.limit.minor - self.exposure.minor), self.limit.currency)


def credit_answer(account: Account, policy: Policy, today: date, order: Money | None = None) -> CreditAnswer:
    """Whether the customer may have credit today; with `order`, whether that sum still fits under the limit.

    Raises CurrencyMismatch for an order in another currency than the limit.
    """
    rules = rules_of(policy).for_account(account)
    limit = limit_on(account, rules, today)
    if limit is not None and order is not None and order.currency != limit.currency:
        raise CurrencyMismatch(order.currency, limit.currency)
    exposure = None if limit is None else exposure_in(account, limit.currency)
    refused = _refusal(account, rules, today)
    if refused is None and limit is not None and exposure is not None and not account.credit.is_manual:
        refused = _does_not_fit(exposure, limit, order)
    reason = refused or _consent(account, exposure, limit)
    return CreditAnswer(is_yes=refused is None, reason=reason, limit=limit, exposure=exposure)


def _refusal(account: Account, rules: Rules, today: date) -> Reason | None:
    """Why there is no credit at all, whatever the order: by hand, by the books, or by a rule."""
    standing = account.credit
    if standing.is_manual:
        return why.hold_manual(True, standing.hold_reason) if standing.is_on_hold else None
    if not account.is_active:
        return why.credit_inactive(account.name)
    cases = guards.sort_out(account, rules, today)
    act, decision = judge(account, cases, overview_of(cases, rules.review_after_days), rules, today)
    if decision is None:
        return None
    # What would be put on hold tonight gets nothing today, and what would be released has earned it already.
    is_kept = standing.is_on_hold and act is None
    return decision.reason if is_kept or isinstance(act, PlaceHold) else None


def _does_not_fit(exposure: Money, limit: Money, order: Money | None) -> Reason | None:
    if order is not None and limit < exposure + order:
        return why.order_over_limit(order, exposure, limit)
    return why.hold_over_limit(exposure, limit) if limit < exposure else None


def _consent(account: Account, exposure: Money | None, limit: Money | None) -> Reason:
    if account.credit.is_manual:
        return why.hold_manual(False, account.credit.hold_reason)
    if exposure is not None and limit is not None:
        return why.within_limit(exposure, limit)
    return why.credit_free(account.name)
