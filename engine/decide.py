"""Decide: what one account needs today, and why. The main line of the engine.

Pure: the account, the policy and the day come in as values, a plan goes out as a value. Nothing is read, sent or saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from engine import advice, credit, delivery, discounts, fees, guards, messages, promises
from engine.account import Account
from engine.cases import Case, oldest_first
from engine.look import look_again_on
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


class Judged(NamedTuple):
    """An account with everything decided about it but what is said to the customer."""

    account: Account
    rules: Rules
    cases: list[Case]
    unsent: list[Case]
    credit_act: Action | None
    standing: Decision | None
    fee: fees.Verdict


def judge(account: Account, rules: Rules, today: date, cases: list[Case]) -> Judged:
    """What is to be done about an account whose invoices the guards have sorted out."""
    unsent = delivery.hold_back(account, cases, rules)
    credit_act, standing = credit.judge(account, cases, rules, today)
    discounts.expect_payment(account, cases, rules.discount)
    return Judged(account, rules, cases, unsent, credit_act, standing, fees.judge(account, cases, rules, today))


def plan_of(
    judged: Judged,
    said: Sequence[Action],
    occasion: tuple[Decision, ...],
    today: date,
    heard: Sequence[Action] | None = None,
) -> Plan:
    """The plan, with what is said to the customer; `heard` is what reaches the customer where others are told it."""
    account, rules, cases, unsent, credit_act, standing, fee = judged
    documents = (
        *discounts.acts(account, cases),
        *delivery.acts(account, unsent),
        *fee.actions,
        *fees.take_back(account),
        *promises.to_show(account, rules.promises, today),
    )
    asked = advice.ask(account, cases, rules, today) if rules.asks_for_advice else ()
    acts = (credit_act, *documents, *said, _ask_about_old_debt(account, cases, rules), *asked)
    actions: tuple[Action, ...] = tuple([act for act in acts if act is not None])
    about_invoices = tuple([case.decision() for case in cases])
    about_customer = (*fee.decisions, *occasion) if standing is None else (standing, *fee.decisions, *occasion)
    after = actions if heard is None else (*actions, *heard)
    return Plan(
        customer_id=account.customer_id,
        on=today,
        actions=actions,
        decisions=about_invoices + about_customer,
        look_again_on=look_again_on(account, cases, after, rules, today),
    )


def _ask_about_old_debt(account: Account, cases: Sequence[Case], rules: Rules) -> AskPerson | None:
    """One task for all the customer's old debt. Who records it keeps one open task per kind and subject."""
    aged = [case for case in cases if case.days > rules.review_after_days]
    if not aged:
        return None
    old = [case for case in aged if case.reason is not None and case.reason.rule == "review_old_debt"]
    old.sort(key=oldest_first)
    if not old or (reason := old[0].reason) is None:
        return None
    return AskPerson(
        customer_id=account.customer_id,
        kind="review_old_debt",
        subject=account.customer_id,
        invoice_ids=tuple(case.invoice.id for case in old),
        reason=reason,
    )
