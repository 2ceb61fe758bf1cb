"""Would: what a plan would do, as one line a person can read; and how two such lists differ.

Pure. What is shown before anything is switched on, saved or sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from engine.account import Account
from engine.money import Money
from engine.plan import (
    Action,
    AskPerson,
    ChargeFee,
    DeliverInvoice,
    GrantDiscount,
    InvoiceDue,
    OfferDiscount,
    Plan,
    SendReminder,
    SendStatement,
    SendThanks,
)


class Would(Struct, frozen=True, kw_only=True):
    """One thing that would be done."""

    on: date
    kind: str
    """An action's tag: remind, discount_offer, hold, release, task, …"""
    customer_id: str
    customer_name: str
    subject: str = ""
    """Tells two tasks of one customer apart."""
    step: int = 0
    invoice_ids: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Invoices as a message would name them."""
    amounts: tuple[Money, ...] = ()
    """What the message would ask for, the saving it would offer or the fee charged, per currency."""
    reason: str
    had_paid: bool = False
    """Looking back: a payment for one of the invoices had been made, and our books learnt of it only later."""


class Change(Struct, frozen=True, kw_only=True):
    """What one customer would get otherwise. Empty tuples stand for nothing at all."""

    customer_id: str
    customer_name: str
    before: tuple[Would, ...]
    after: tuple[Would, ...]


def would_do(account: Account, plan: Plan) -> list[Would]:
    """The plan's actions, in their order."""
    return [_would(action, account.name, plan.on) for action in plan.actions]


def kind_of(action: Action) -> str:
    """The action's tag, as acts and decisions are named everywhere."""
    return str(type(action).__struct_config__.tag)


def differences(before: Iterable[Would], after: Iterable[Would]) -> list[Change]:
    """Customers for whom the two lists do not say the same, by name. Reasons alone make no difference."""
    old, new = _by_customer(before), _by_customer(after)
    changes = [
        Change(
            customer_id=customer_id,
            customer_name=(old.get(customer_id) or new[customer_id])[0].customer_name,
            before=tuple(old.get(customer_id, ())),
            after=tuple(new.get(customer_id, ())),
        )
        for customer_id in old.keys() | new.keys()
        if [_gist(one) for one in old.get(customer_id, ())] != [_gist(one) for one in new.get(customer_id, ())]
    ]
    return sorted(changes, key=lambda change: (change.customer_name, change.customer_id))


def _gist(would: Would) -> tuple[object, ...]:
    return would.kind, would.subject, would.step, would.invoice_ids, would.amounts


def _by_customer(all_of_it: Iterable[Would]) -> dict[str, list[Would]]:
    groups: dict[str, list[Would]] = {}
    for one in all_of_it:
        groups.setdefault(one.customer_id, []).append(one)
    return groups


def _would(action: Action, name: str, day: date) -> Would:
    due = _named_in(action)
    amounts = _sums(invoice.balance for invoice in due)
    if isinstance(action, OfferDiscount):
        amounts = (action.saving,)
    elif isinstance(action, ChargeFee | GrantDiscount):
        amounts = (action.amount,)
    return Would(
        on=day,
        kind=kind_of(action),
        customer_id=action.customer_id,
        customer_name=name,
        subject=f"{action.kind} {action.subject}" if isinstance(action, AskPerson) else "",
        step=action.step if isinstance(action, SendReminder) else 0,
        invoice_ids=tuple(invoice.invoice_id for invoice in due),
        numbers=tuple(invoice.number or invoice.invoice_id for invoice in due),
        amounts=amounts,
        reason=action.reason.sentence,
    )


def _named_in(action: Action) -> tuple[InvoiceDue, ...]:
    match action:
        case SendReminder() | SendStatement() | SendThanks():
            return action.invoices
        case OfferDiscount() | DeliverInvoice():
            return (action.invoice,)
        case _:
            return ()


def _sums(amounts: Iterable[Money]) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return tuple(sums.values())
