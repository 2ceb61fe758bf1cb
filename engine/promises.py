"""Promises to pay: how long one holds back reminders, whether it was kept, and what follows when it was not.

Pure. A promise holds through its last day, and for less long the less reliable the customer has been. Broken, dunning
resumes one step up. Keeping the list of past promises is `store`'s job.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, TypeAlias

from engine.account import Account, Invoice, Promise
from engine.books import InvoiceStatus
from engine.calendar import add_days
from engine.history import PastPromise, Received
from engine.money import Money
from engine.plan import ShowPromise
from engine.policy import Promises
from engine.reasons import guards as why

Outcome: TypeAlias = Literal["waiting", "kept", "broken"]


def last_day(promise: Promise, policy: Promises) -> date:
    """The last day on which a payment keeps the promise."""
    return add_days(promise.pay_on, policy.grace_days)


def holds_until(promise: Promise, past: Sequence[PastPromise], policy: Promises) -> date | None:
    """The last day on which the promise holds back reminders; None where it holds back none.

    At most `longest_days` from the day it was given, times the share of promises kept: (kept + 1) ÷ (kept + broken +
    1), so that a customer without a record gets all of it. Kept 1 of 3, of 60 days: 60 × 2 ÷ 4 = 30 days.
    """
    kept = sum(each.was_kept for each in past)
    broken = len(past) - kept
    if broken >= policy.most_broken:
        return None
    last_on = last_day(promise, policy)
    if promise.made_on is None:
        return last_on
    days = policy.longest_days * (kept + 1) // (kept + broken + 1)
    return min(last_on, add_days(promise.made_on, days))


def outcome_of(promise: Promise, invoice: Invoice, policy: Promises, today: date) -> Outcome:
    """What became of the promise about an invoice."""
    return what_became(promise, invoice.balance, invoice.payments, last_day(promise, policy), today)


def what_became(promise: Promise, balance: Money, payments: Sequence[Received], last_on: date, today: date) -> Outcome:
    """Kept when what was promised came in by `last_on`, which is the promised day with the days of grace.

    Without an amount the whole invoice was promised. Payments count from the day on which the promise was given.
    """
    since_on = promise.made_on or date.min
    in_time = sum(paid.amount.minor for paid in payments if since_on <= paid.on <= last_on)
    after = sum(paid.amount.minor for paid in payments if paid.on > last_on)
    open_then = max(0, balance.minor) + after
    is_met = open_then == 0 if promise.amount is None else in_time >= promise.amount.minor or open_then == 0
    if is_met:
        return "kept"
    return "waiting" if today <= last_on else "broken"


def to_show(account: Account, today: date) -> list[ShowPromise]:
    """Promises still to come that the platform does not show on their invoice."""
    return [_shown(account, *each) for each in _to_come(account, today)]


def _to_come(account: Account, today: date) -> Iterator[tuple[Invoice, Promise]]:
    for invoice in account.invoices:
        promise = invoice.promise
        if promise is None or promise.pay_on < today or promise.pay_on == invoice.expected_on:
            continue
        if invoice.status is InvoiceStatus.OPEN and invoice.balance.minor > 0:
            yield invoice, promise


def _shown(account: Account, invoice: Invoice, promise: Promise) -> ShowPromise:
    return ShowPromise(
        customer_id=account.customer_id,
        invoice_id=invoice.id,
        pay_on=promise.pay_on,
        reason=why.promise_shown(invoice, promise.pay_on),
    )


def resumes_one_up(invoice: Invoice, policy: Promises, today: date) -> bool:
    """Whether a broken promise makes the next step due at once: none has been sent since it was broken.

    A promise for a day before the due date is none to be held to: nobody is late by it.
    """
    promise = invoice.promise
    if not policy.steps_up or promise is None or outcome_of(promise, invoice, policy, today) != "broken":
        return False
    last_on = last_day(promise, policy)
    return (
        invoice.last_step > 0
        and invoice.last_contact_on is not None
        and invoice.last_contact_on <= last_on
        and last_on >= invoice.due_on
    )
