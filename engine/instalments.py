"""Instalment plans: making a schedule, and seeing which part of an invoice is due under one.

Pure. A schedule covers the whole balance to the cent. How much of it is paid shows in the invoice's balance itself, so
a plan needs no book of its own. While a plan is kept, the ladder follows the first instalment not paid; when one stays
unpaid too long the plan is broken, and the whole debt is due as it was.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from engine.account import Invoice
from engine.calendar import add_days
from engine.cases import Case
from engine.history import Instalment
from engine.money import Money
from engine.policy import Promises

STEPS = 100
"""Each instalment has its own run of the ladder: step 2 of instalment 3 is kept as step 302. Ladders end at 99."""
Every: TypeAlias = Literal["week", "fortnight", "month"]


class Due(Struct, frozen=True):
    """Where an invoice stands under its plan: the first instalment not paid in full."""

    instalment: Instalment
    amount: Money
    """What is unpaid of that one, and of all whose day has come."""


def schedule(
    debts: Sequence[tuple[str, Money]], count: int, first_on: date, every: Every
) -> dict[str, tuple[Instalment, ...]]:
    """`count` equal parts of all debts (invoice id, balance) together, set against them in their order.

    The parts differ by one minor unit at most, the larger ones first. Raises ValueError for no debts, several
    currencies, a debt of nothing, or fewer minor units than parts.
    """
    total = sum(balance.minor for _, balance in debts)
    if len({balance.currency for _, balance in debts}) != 1 or any(balance.minor <= 0 for _, balance in debts):
        raise ValueError("a plan needs debts in one currency, each above zero")
    if not 1 <= count <= min(total, STEPS):
        raise ValueError(f"a plan has 1 to {STEPS} instalments, each of at least one minor unit")
    found: dict[str, list[Instalment]] = {}
    open_debts = [(invoice_id, balance.minor, balance.currency) for invoice_id, balance in reversed(debts)]
    for number in range(1, count + 1):
        part = total // count + (number <= total % count)
        while part:
            invoice_id, left, currency = open_debts.pop()
            taken = min(part, left)
            due_on = _day_of(first_on, number - 1, every)
            found.setdefault(invoice_id, []).append(Instalment(number, due_on, Money(taken, currency)))
            part -= taken
            if left > taken:
                open_debts.append((invoice_id, left - taken, currency))
    return {invoice_id: tuple(parts) for invoice_id, parts in found.items()}


def standing(invoice: Invoice, today: date) -> Due | None:
    """The first instalment not paid in full, and what is due by now; None without a plan, or when all is paid.

    Payments go to the earliest instalments. What the plan came to is the sum of its parts; what is paid of it is that
    less the balance now.
    """
    paid = sum(part.amount.minor for part in invoice.instalments) - invoice.balance.minor
    first: Instalment | None = None
    amount = 0
    for part in sorted(invoice.instalments, key=lambda each: (each.due_on, each.number)):
        unpaid = part.amount.minor - min(max(0, paid), part.amount.minor)
        paid -= part.amount.minor
        if unpaid and (first is None or part.due_on <= today):
            first = first or part
            amount += unpaid
    return None if first is None else Due(first, Money(amount, invoice.balance.currency))


def case_of(invoice: Invoice, policy: Promises, today: date) -> Case:
    """The invoice as its plan lets it be seen: the first instalment not paid, with a ladder of its own.

    Broken, or ended by a person, the whole debt is due as it was, on one more run of the ladder.
    """
    due = standing(invoice, today)
    if due is None:
        return Case(invoice=invoice, days=(today - invoice.due_on).days)
    last_on = add_days(due.instalment.due_on, policy.plan_broken_after_days)
    if invoice.is_plan_ended or today > last_on:
        base = STEPS * (max(part.number for part in invoice.instalments) + 1)
        whole = replace(invoice, last_step=max(0, invoice.last_step - base))
        return Case(invoice=whole, days=(today - invoice.due_on).days, step_base=base)
    base = STEPS * due.instalment.number
    part = replace(
        invoice,
        due_on=due.instalment.due_on,
        balance=due.amount,
        last_step=max(0, invoice.last_step - base),
        discount_offered=True,
    )
    return Case(invoice=part, days=(today - part.due_on).days, step_base=base, is_in_plan=True, ends_on=last_on)


def _day_of(first_on: date, position: int, every: Every) -> date:
    if every != "month":
        return add_days(first_on, position * (7 if every == "week" else 14))
    month = first_on.month - 1 + position
    year, month = first_on.year + month // 12, month % 12 + 1
    return date(year, month, min(first_on.day, monthrange(year, month)[1]))
