"""Financing: which receivables a factor or a bank would lend on, which not and why, and what they ask about the rest.

Pure. The tests are the usual ones of receivables finance: too old, contested, a debtor most of whose debt is too old
(cross-ageing), a debtor owed money himself (contra), and one debtor weighing too much (concentration). Dilution is the
share of sales that credits took back. A lender has figures of his own: the defaults are where talks begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from engine.money import Money

EDGES = (0, 30, 60, 90)


class Debt(Struct, frozen=True, kw_only=True):
    """One open invoice as a lender looks at it."""

    customer_id: str
    customer: str
    number: str
    issued_on: date
    due_on: date
    balance: Money
    is_disputed: bool = False
    is_ours: bool = False
    """A fee of our own making: no lender takes it for a sale."""


class Criteria(Struct, frozen=True, kw_only=True):
    """What a lender accepts. Source of the defaults: common terms of receivables finance, to be replaced by yours."""

    oldest_days: int = 90
    """Days overdue up to which an invoice is eligible."""
    cross_percent: int = 50
    """A debtor with more than this share of his debt too old has none that is eligible."""
    concentration_percent: int = 25
    """What one debtor owes counts up to this share of everything eligible."""
    advance_percent: int = 80
    """What is lent of the eligible sum."""


class Judged(Struct, frozen=True, kw_only=True):
    """One invoice, and why it is not eligible; empty where it is."""

    debt: Debt
    days: int
    why_not: str = ""


class Debtor(Struct, frozen=True, kw_only=True):
    """One debtor's weight."""

    customer: str
    owed: Money
    eligible: Money
    """After what we owe him is taken off."""
    share: Decimal
    """Per cent of everything eligible."""


class Book(Struct, frozen=True, kw_only=True):
    """The receivables in one currency, judged."""

    currency: str
    judged: tuple[Judged, ...]
    owed: Money
    ineligible: dict[str, Money]
    """By reason; contra and concentration among them."""
    eligible: Money
    ageing: tuple[Money, Money, Money, Money, Money]
    """Eligible invoices by days overdue: not due, to 30, to 60, to 90, older; before contra and concentration."""
    debtors: tuple[Debtor, ...]
    """The heaviest first."""
    dilution: Decimal | None
    """Per cent of the last twelve months' sales that credits took back; None without sales."""
    available: Money
    """What could be drawn: the advance on what is eligible."""


def books(
    debts: Iterable[Debt],
    unapplied: Mapping[tuple[str, str], int],
    sales: Mapping[str, tuple[int, int]],
    today: date,
    criteria: Criteria = Criteria(),  # noqa: B008 - frozen
) -> tuple[Book, ...]:
    """One book per currency. `unapplied` holds money we owe by (customer, currency), `sales` the twelve months' billed
    and credited sums by currency, both in minor units."""
    groups: dict[str, list[Debt]] = {}
    for debt in debts:
        groups.setdefault(debt.balance.currency, []).append(debt)
    return tuple(
        _book(currency, groups[currency], unapplied, sales.get(currency, (0, 0)), today, criteria)
        for currency in sorted(groups)
    )


def _book(
    currency: str,
    debts: Sequence[Debt],
    unapplied: Mapping[tuple[str, str], int],
    sales: tuple[int, int],
    today: date,
    criteria: Criteria,
) -> Book:
    judged = _judge(debts, today, criteria)
    ineligible: dict[str, int] = {}
    good: dict[str, int] = {}
    owed: dict[str, int] = {}
    names = {debt.customer_id: debt.customer for debt in debts}
    for each in judged:
        place = ineligible if each.why_not else good
        key = each.why_not or each.debt.customer_id
        place[key] = place.get(key, 0) + each.debt.balance.minor
        owed[each.debt.customer_id] = owed.get(each.debt.customer_id, 0) + each.debt.balance.minor
    contra = {name: min(good[name], max(0, unapplied.get((name, currency), 0))) for name in good}
    left = {name: good[name] - contra[name] for name in good}
    whole = sum(left.values())
    over = sum(max(0, amount - whole * criteria.concentration_percent // 100) for amount in left.values())
    over = over if len(left) > 1 else 0
    for reason, amount in (("money we hold for the debtor", sum(contra.values())), ("concentration", over)):
        if amount:
            ineligible[reason] = amount
    eligible = Money(whole - over, currency)
    billed, credited = sales
    return Book(
        currency=currency,
        judged=tuple(judged),
        owed=Money(sum(owed.values()), currency),
        ineligible={reason: Money(amount, currency) for reason, amount in sorted(ineligible.items())},
        eligible=eligible,
        ageing=_ageing(judged, currency),
        debtors=tuple(
            Debtor(
                customer=names[name],
                owed=Money(owed[name], currency),
                eligible=Money(left.get(name, 0), currency),
                share=_share(left.get(name, 0), whole),
            )
            for name in sorted(owed, key=lambda name: (-left.get(name, 0), -owed[name], names[name]))
        ),
        dilution=_share(credited, billed) if billed > 0 else None,
        available=eligible.percent(Decimal(criteria.advance_percent)),
    )


def _judge(debts: Sequence[Debt], today: date, criteria: Criteria) -> list[Judged]:
    crossed = _crossed(debts, today, criteria)
    return [
        Judged(debt=debt, days=(today - debt.due_on).days, why_not=_why_not(debt, crossed, today, criteria))
        for debt in sorted(debts, key=lambda debt: (debt.due_on, debt.number))
    ]


def _why_not(debt: Debt, crossed: frozenset[str], today: date, criteria: Criteria) -> str:
    if debt.is_ours:
        return "late fee"
    if debt.is_disputed:
        return "disputed"
    if (today - debt.due_on).days > criteria.oldest_days:
        return f"more than {criteria.oldest_days} days overdue"
    return "debtor mostly too late" if debt.customer_id in crossed else ""


def _crossed(debts: Sequence[Debt], today: date, criteria: Criteria) -> frozenset[str]:
    """Debtors more than the allowed share of whose debt is too old."""
    owed: dict[str, int] = {}
    old: dict[str, int] = {}
    for debt in debts:
        owed[debt.customer_id] = owed.get(debt.customer_id, 0) + debt.balance.minor
        if (today - debt.due_on).days > criteria.oldest_days:
            old[debt.customer_id] = old.get(debt.customer_id, 0) + debt.balance.minor
    return frozenset(name for name, amount in old.items() if amount * 100 > owed[name] * criteria.cross_percent)


def _ageing(judged: Sequence[Judged], currency: str) -> tuple[Money, Money, Money, Money, Money]:
    sums = [0, 0, 0, 0, 0]
    for each in judged:
        if not each.why_not:
            sums[sum(each.days > edge for edge in EDGES)] += each.debt.balance.minor
    now, to_30, to_60, to_90, older = (Money(amount, currency) for amount in sums)
    return now, to_30, to_60, to_90, older


def _share(part: int, whole: int) -> Decimal:
    if whole <= 0:
        return Decimal(0)
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
