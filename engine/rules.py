"""Rules: a policy made ready for deciding. What depends on the policy alone is worked out once, not per account.

Pure; equal policies share one set of rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

from engine.account import Account
from engine.calendar import working_days
from engine.cases import Case
from engine.conditions import Condition, compiled
from engine.contact_law import law_of, within_law
from engine.facts import about_customer
from engine.fees_lines import Terms
from engine.ladder import Ladder
from engine.money import Money, minor_units
from engine.policy import Group, Policy, Rights


class GroupRules(NamedTuple):
    """A group of customers with the rules that they are treated by."""

    customers: frozenset[str]
    condition: Condition | None
    rules: Rules

    def has(self, account: Account, currency: str) -> bool:
        """A condition that fails is not fulfilled: its customer stays with everybody else."""
        if account.customer_id in self.customers:
            return True
        if self.condition is None:
            return False
        # No name that groups may use depends on the day: nobody changes groups overnight.
        return self.condition.holds(about_customer(account, self.condition.names, currency, date.min)) is True


class Rules:
    """One policy, with its ladder, its working days and its minimum balances at hand."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.working = working_days(policy.calendar)
        self.ladder = Ladder(policy.ladder, self.working)
        self.law = law_of(policy.calendar, policy.rights)
        self.has_consumers = policy.rights.customers == "consumers"
        """Customers are private persons unless told otherwise."""
        self.budget = within_law(policy.budget, self.law)
        self.discount = policy.discount
        self.has_discounts, self.sizes_offers = policy.discount.is_on, _sizes_offers(policy)
        self.offers_to_all = policy.discount.is_on and policy.discount.percent > 0
        """Otherwise an offer needs terms on the invoice itself."""
        self.credit = policy.credit
        self.acts_on_credit = policy.credit.is_on
        self.hold_days = policy.credit.hold_days_overdue
        self.promises = policy.promises
        self.shows_promises = policy.promises.show_on_invoice
        self.escalation = policy.escalation
        self.lost_by_age = tuple((each.days, each.percent) for each in policy.escalation.lost_by_age)
        self.fees = policy.fees
        self.charges_fees = policy.fees.is_on
        self.fee_terms = Terms.of(policy)
        self.review_after_days = policy.exclusions.review_after_days
        self.default_limit = _in_base_currency(policy, policy.credit.default_limit)
        self.review_new_from = _in_base_currency(policy, policy.credit.review_new_from)
        self.exclusions = policy.exclusions
        self.delivery, self.statements, self.thanks = policy.delivery, policy.statements, policy.thanks
        self.looks_for_unsent = policy.delivery.unsent != "ignore"
        self.has_occasions = policy.statements.is_on or policy.thanks.is_on
        self.base_currency = policy.base_currency or "XXX"
        self.step_conditions = {step.number: compiled(step.when) for step in self.ladder.conditional}
        self.asks_for_advice = _asks_for_advice(policy)
        self.condition_names = frozenset[str]().union(*(each.names for each in self.step_conditions.values()))
        self.groups = tuple(_group(group, policy) for group in policy.groups)
        self._minimums = {each.currency: each.amount for each in policy.exclusions.minimums}
        self.minimum = lru_cache(maxsize=256)(self._minimum_in)
        """The least that is chased in a currency, in its minor units."""

    def _minimum_in(self, currency: str) -> int:
        return minor_units(self._minimums.get(currency, self.exclusions.minimum_balance), currency)

    def open_to_offers(self, cases: Sequence[Case]) -> Sequence[Case]:
        """Those of the cases for which a discount for paying early is known at all."""
        if self.offers_to_all or not self.has_discounts:
            return cases if self.offers_to_all else ()
        return [case for case in cases if case.invoice.discount_percent is not None]

    def for_account(self, account: Account) -> Rules:
        """These rules, or those of the first group that the customer belongs to; a private person keeps the limits of
        the law besides, whatever the others are."""
        found = self
        for group in self.groups:
            if group.has(account, self.base_currency):
                found = group.rules
                break
        return found.for_consumers if account.is_consumer and found.law is None else found

    @cached_property
    def for_consumers(self) -> Rules:
        """The same rules for private persons."""
        return rules_of(self._policy.model_copy(update={"rights": Rights(customers="consumers"), "groups": ()}))


def _sizes_offers(policy: Policy) -> bool:
    """Whether an offer depends on the day on which the customer is likely to pay."""
    return policy.discount.is_on and policy.discount.only_if_worth and policy.discount.percent > 0


def _asks_for_advice(policy: Policy) -> bool:
    """Whether any question of `engine.advice` is switched on: most policies ask none, and pay nothing for it."""
    credit, lost = policy.credit, policy.escalation
    asked = (credit.review_new_from, credit.review_every_days, lost.handover_after_days, lost.write_off_days)
    return credit.advises_terms or any(each is not None for each in asked)


def _in_base_currency(policy: Policy, amount: Decimal | None) -> Money | None:
    return Money.of(amount, policy.base_currency) if amount is not None and policy.base_currency else None


def _group(group: Group, policy: Policy) -> GroupRules:
    effective = policy.model_copy(update={**group.sections(), "groups": ()})
    condition = compiled(group.when, about_customers=True) if group.when else None
    return GroupRules(frozenset(group.customers), condition, rules_of(effective))


_by_identity: dict[int, tuple[Policy, Rules]] = {}
"""Comparing whole policies at every account costs more than deciding it: the object itself is looked up first."""


def rules_of(policy: Policy) -> Rules:
    """The rules of `policy`, kept between calls."""
    found = _by_identity.get(id(policy))
    if found is not None and found[0] is policy:
        return found[1]
    rules = _rules_of_equal(policy)
    if len(_by_identity) >= 256:
        _by_identity.clear()
    _by_identity[id(policy)] = (policy, rules)
    return rules


_rules_of_equal = lru_cache(maxsize=64)(Rules)
