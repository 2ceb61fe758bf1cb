"""Families: a customer with the sub-customers that are billed with it, who hear of all their invoices in one message.

Pure. Whether money is owed, credit, fees, promises and pauses stay each customer's own. What remains due is said once,
to the parent, with the sub-customer named beside each invoice. It counts as a contact of the parent and of everybody
named; a sub-customer that may not hear from us yet is left out of it. What the parent itself does not want, nobody of
the family is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from engine import budget, guards, messages
from engine.account import Account
from engine.cases import Case
from engine.decide import Judged, decide, judge, plan_of
from engine.money import Money
from engine.plan import Action, Decision, InvoiceDue, OfferDiscount, Plan, SendReminder, SendStatement, SendThanks
from engine.policy import Policy
from engine.rules import Rules, rules_of


def decide_family(family: Sequence[Account], policy: Policy, today: date) -> list[Plan]:
    """One plan for each of the family, in its order: the parent comes first, and its plan has the message.

    Without a policy that says so, and for members that a group treats by rules of its own, everybody is decided alone.
    """
    if len(family) == 1 or policy.consolidation.by != "parent":
        return [decide(account, policy, today) for account in family]
    rules = rules_of(policy).for_account(family[0])
    together = [account for account in family if rules_of(policy).for_account(account) is rules]
    plans = {plan.customer_id: plan for plan in _together(together, rules, today)}
    return [plans.get(each.customer_id) or decide(each, policy, today) for each in family]


def _together(family: Sequence[Account], rules: Rules, today: date) -> Iterator[Plan]:
    found = list(_judge(family, rules, today))
    calls: dict[str, list[Action]] = {}
    free: list[Case] = []
    for judged in found:
        mine = _free(judged, family[0], today)
        calls[judged.account.customer_id] = messages.prepare(judged.account, mine, rules, today)
        obstacle = None if judged is found[0] else budget.obstacle(judged.account.contacts, rules, today)
        if obstacle is None:
            free += mine
        else:
            messages.hold_back(mine, obstacle, rules)
    said, occasion = messages.speak(
        _as_one(family, today), [case for each in found for case in each.cases], free, rules, today
    )
    owners = {invoice.id: account for account in family[1:] for invoice in account.invoices}
    spoken = [_signed(action, owners) for action in said]
    for judged in found:
        own = calls[judged.account.customer_id]
        is_parent = judged is found[0]
        about: tuple[Decision, ...] = occasion if is_parent else ()
        yield plan_of(judged, [*own, *spoken] if is_parent else own, about, today, heard=[*own, *spoken])


def _judge(family: Sequence[Account], rules: Rules, today: date) -> Iterator[Judged]:
    """Each member for itself. What the parent has paid and nobody has matched yet may be for any of them."""
    spare: tuple[Money, ...] = ()
    for account in family:
        at_hand = account if not spare else replace(account, unapplied=(*account.unapplied, *spare))
        judged = judge(account, rules, today, guards.sort_out(at_hand, rules, today))
        if account is family[0]:
            spare = account.unapplied
        spare = tuple(_less(spare, judged.cases))
        yield judged


def _less(money: Sequence[Money], cases: Sequence[Case]) -> Iterator[Money]:
    """What is left of the parent's money once it has covered these."""
    for amount in money:
        covered = sum(
            case.invoice.balance.minor
            for case in cases
            if case.reason is not None
            and case.reason.rule == "covered"
            and case.invoice.balance.currency == amount.currency
        )
        if amount.minor > covered:
            yield Money(amount.minor - covered, amount.currency)


def _free(judged: Judged, parent: Account, today: date) -> list[Case]:
    """What may be spoken about. The message goes to the parent: where it may not be written to, nothing is said."""
    chased = [case for case in judged.cases if case.is_chased]
    silence = guards.silence_about(parent, today)
    if silence is None:
        return chased
    for case in chased:
        case.is_chased = False
        case.settle("leave", silence)
    return []


def _as_one(family: Sequence[Account], today: date) -> Account:
    """The parent, with everything that its message may speak of."""
    heard = [account for account in family if guards.silence_about(account, today) is None]
    return replace(family[0], invoices=tuple(invoice for account in heard for invoice in account.invoices))


def _signed(action: Action, owners: Mapping[str, Account]) -> Action:
    """The message with the sub-customer named beside each invoice that is not the parent's own."""
    if isinstance(action, OfferDiscount):
        return replace(action, invoice=_with_name(action.invoice, owners))
    if isinstance(action, SendReminder | SendStatement | SendThanks):
        return replace(action, invoices=tuple(_with_name(invoice, owners) for invoice in action.invoices))
    return action


def _with_name(invoice: InvoiceDue, owners: Mapping[str, Account]) -> InvoiceDue:
    owner = owners.get(invoice.invoice_id)
    return invoice if owner is None else replace(invoice, customer_id=owner.customer_id, customer=owner.name)
