"""Decide: what one account needs today, and why. The main line of the engine.

Pure: the account, the policy and the day come in as values, a plan goes out as a value. Nothing is read, sent or saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from engine import advice, credit, delivery, discounts, fees, guards, messages, promises
from engine.account import Account
from engine.cases import Case, oldest_first
from engine.look import look_again_on
from engine.overview import Overview, overview_of
from engine.plan import Action, AskPerson, Decision, Plan
from engine.policy import Policy
from engine.rules import Rules, rules_of


def decide(account: Account, policy: Policy, today: date) -> Plan:
    """Plan today for one account: at most one message, at most one act on its credit, and a reason for every invoice.

    Every invoice that is not simply paid has exactly one decision. `today` is a day in the company's own calendar.
    """
    rules = rules_of(policy).for_account(account)
    judged = judge(account, rules, today, guards.sort_out(account, rules, today))
    said, occasion = messages.choose(account, judged.cases, rules, today)
    return plan_of(judged, said, occasion, today)


class Judged(Struct, frozen=True, gc=False):
    """An account with everything decided about it but what is said to the customer."""

    account: Account
    rules: Rules
    cases: list[Case]
    overview: Overview
    unsent: list[Case]
    credit_act: Action | None
    about_customer: tuple[Decision, ...]
    """Where its credit stands, and what is done about fees."""
    fees: Sequence[Action]


def judge(account: Account, rules: Rules, today: date, cases: list[Case]) -> Judged:
    """What is to be done about an account whose invoices the guards have sorted out."""
    unsent = delivery.hold_back(account, cases, rules) if rules.looks_for_unsent else []
    overview = overview_of(cases, rules.review_after_days)
    credit_act, standing = credit.judge(account, cases, overview, rules, today)
    about_customer = () if standing is None else (standing,)
    if rules.sizes_offers:
        discounts.expect_payment(account, cases)
    if not rules.charges_fees:
        return Judged(account, rules, cases, overview, unsent, credit_act, about_customer, ())
    fee = fees.judge(account, cases, rules, today)
    return Judged(account, rules, cases, overview, unsent, credit_act, (*about_customer, *fee.decisions), fee.actions)


def plan_of(
    judged: Judged,
    said: Sequence[Action],
    occasion: tuple[Decision, ...],
    today: date,
    heard: Sequence[Action] | None = None,
) -> Plan:
    """The plan, with what is said to the customer; `heard` is what reaches the customer where others are told it."""
    account, cases = judged.account, judged.cases
    actions = tuple(_acts(judged, said, today))
    after = actions if heard is None else (*actions, *heard)
    about_invoices = [case.decision() for case in cases]
    return Plan(
        customer_id=account.customer_id,
        on=today,
        actions=actions,
        decisions=(*about_invoices, *judged.about_customer, *occasion),
        look_again_on=look_again_on(account, cases, judged.overview, after, judged.rules, today),
    )


def _acts(judged: Judged, said: Sequence[Action], today: date) -> list[Action]:
    """Everything that is to be done, what is said to the customer among it."""
    account, rules, cases = judged.account, judged.rules, judged.cases
    acts: list[Action] = [] if judged.credit_act is None else [judged.credit_act]
    if judged.overview.has_payments:
        acts += discounts.acts(account, cases)
    if judged.unsent:
        acts += delivery.acts(account, judged.unsent)
    acts += judged.fees
    if account.forgiven:
        acts += fees.take_back(account)
    if rules.shows_promises:
        acts += promises.to_show(account, today)
    acts += said
    if judged.overview.has_old:
        acts += _ask_about_old_debt(account, cases)
    if rules.asks_for_advice:
        acts += advice.ask(account, cases, rules, today)
    return acts


def _ask_about_old_debt(account: Account, cases: Sequence[Case]) -> list[AskPerson]:
    """One task for all the customer's old debt. Who records it keeps one open task per kind and subject."""
    old = [case for case in cases if case.reason is not None and case.reason.rule == "review_old_debt"]
    old.sort(key=oldest_first)
    if not old or (reason := old[0].reason) is None:
        return []
    return [
        AskPerson(
            customer_id=account.customer_id,
            kind="review_old_debt",
            subject=account.customer_id,
            invoice_ids=tuple(case.invoice.id for case in old),
            reason=reason,
        )
    ]
