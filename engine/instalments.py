"""Instalment plans: making a schedule, and seeing which part of an invoice is due under one.

Pure. A schedule covers the whole balance to the cent. How much of it is paid shows in the invoice's balance itself, so
a plan needs no book of its own. While a plan is kept, the ladder follows the first instalment not paid; when one stays
unpaid too long the plan is broken, and the whole debt is due as it was.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from engine.account import Invoice
from engine.calendar import add_days
from engine.cases import Case
from engine.history import Instalment
from engine.money import Money
from engine.plan import InPlan
from engine.policy import Promises

STEPS = 100
"""Each instalment has its own run of the ladder: step 2 of instalment 3 is kept as step 302. Ladders end at 99."""
MOST_PARTS = 60
Every: TypeAlias = Literal["week", "fortnight", "month"]


class Part(Struct, frozen=True):
    """One part of a plan, over all the invoices that it pays."""

    due_on: date
    amount: Money


class Due(Struct, frozen=True):
    """Where an invoice stands under its plan: the first instalment not paid in full."""

    instalment: Instalment
    amount: Money
    """What is unpaid of that one, and of all whose day has come."""
    last: Instalment
    """The last of those."""

    @property
    def in_plan(self) -> InPlan | None:
        first = self.instalment
        return InPlan(first.place, self.last.place, first.of) if first.of else None


def equal_parts(total: Money, count: int, first_on: date, every: Every) -> tuple[Part, ...]:
    """`count` parts of `total` that differ by one minor unit at most, the larger ones first.

    Raises ValueError for fewer minor units than parts.
    """
    if not 1 <= count <= min(total.minor, MOST_PARTS):
        raise ValueError(f"a plan has 1 to {MOST_PARTS} instalments, each of at least one minor unit")
    share, rest = divmod(total.minor, count)
    return tuple(
        Part(_day_of(first_on, position, every), Money(share + (position < rest), total.currency))
        for position in range(count)
    )


def spread(
    debts: Sequence[tuple[str, Money]], parts: Sequence[Part], first_number: int = 1
) -> dict[str, tuple[Instalment, ...]]:
    """The parts set against the debts (invoice id, balance), in the order of both; numbered from `first_number`.

    Raises ValueError for no debts, several currencies, a debt or a part of nothing, days that do not rise, or parts
    that do not come to the debts.
    """
    amounts = [*(balance for _, balance in debts), *(part.amount for part in parts)]
    if not debts or len({amount.currency for amount in amounts}) != 1 or any(amount.minor <= 0 for amount in amounts):
        raise ValueError("a plan needs debts and parts in one currency, each above zero")
    if any(later.due_on <= part.due_on for part, later in pairwise(parts)):
        raise ValueError("each part of a plan is due after the one before")
    if sum(balance.minor for _, balance in debts) != sum(part.amount.minor for part in parts):
        raise ValueError("the parts of a plan come to what is owed")
    found: dict[str, list[Instalment]] = {}
    open_debts = [(invoice_id, balance.minor, balance.currency) for invoice_id, balance in reversed(debts)]
    for number, part in enumerate(parts, first_number):
        left_of_part = part.amount.minor
        while left_of_part:
            invoice_id, left, currency = open_debts.pop()
            taken = min(left_of_part, left)
            found.setdefault(invoice_id, []).append(Instalment(number, part.due_on, Money(taken, currency)))
            left_of_part -= taken
            if left > taken:
                open_debts.append((invoice_id, left - taken, currency))
    return {invoice_id: tuple(of_invoice) for invoice_id, of_invoice in found.items()}


def unpaid(instalments: Sequence[Instalment], balance: Money) -> Iterator[tuple[Instalment, int]]:
    """Every instalment of one invoice with what is unpaid of it, the earliest first.

    Payments go to the earliest instalments. What the plan came to is the sum of its parts; what is paid of it is that
    less the balance now.
    """
    paid = sum(part.amount.minor for part in instalments) - balance.minor
    for part in sorted(instalments, key=lambda each: (each.due_on, each.number)):
        yield part, part.amount.minor - min(max(0, paid), part.amount.minor)
        paid -= part.amount.minor


def standing(invoice: Invoice, today: date) -> Due | None:
    """The first instalment not paid in full, and what is due by now; None without a plan, or when all is paid."""
    first: Instalment | None = None
    last: Instalment | None = None
    amount = 0
    for part, open_part in unpaid(invoice.instalments, invoice.balance):
        if open_part and (first is None or part.due_on <= today):
            first, last = first or part, part
            amount += open_part
    if first is None or last is None:
        return None
    return Due(first, Money(amount, invoice.balance.currency), last)


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
    return Case(
        invoice=part,
        days=(today - part.due_on).days,
        step_base=base,
        is_in_plan=True,
        instalment=due.in_plan,
        ends_on=last_on,
    )


def _day_of(first_on: date, position: int, every: Every) -> date:
    if every != "month":
        return add_days(first_on, position * (7 if every == "week" else 14))
    month = first_on.month - 1 + position
    year, month = first_on.year + month // 12, month % 12 + 1
    return date(year, month, min(first_on.day, monthrange(year, month)[1]))
