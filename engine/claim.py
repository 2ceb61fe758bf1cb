"""A claim: what may be asked of a customer on one day by a letter, a collector or a court: debt, interest, charges.

Pure. It charges nothing: what is certainly owed and overdue is added up with the interest and the sums that the
policy's contract, or the law of the country, allows, less what was charged for already. Every line can be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from engine import guards
from engine.account import Account, Invoice
from engine.calendar import add_days
from engine.cases import oldest_first
from engine.fees_lines import Terms, charge_for
from engine.history import FeeCharged
from engine.money import Money
from engine.plan import FeeLine
from engine.policy import Fees, Policy
from engine.rules import Rules, rules_of
from engine.statutory import RateUnknown, law_of


class Claim(Struct, frozen=True, kw_only=True):
    """Everything overdue in one currency, the oldest first, and what comes on top of it."""

    on: date
    invoices: tuple[Invoice, ...]
    principal: Money
    lines: tuple[FeeLine, ...]
    """The calculation; the lines add up to `charges`."""
    charges: Money
    daily: Money
    """What tomorrow adds."""
    basis: str
    """The clause or the law that the charges rest on; empty where nothing allows any."""
    is_verified: bool
    """False where a rate or the law itself was not checked at its source: a person must."""

    @property
    def total(self) -> Money:
        return self.principal + self.charges


def claims(account: Account, policy: Policy, today: date) -> tuple[Claim, ...]:
    """One claim per currency in which something is certainly owed and overdue.

    Left out is what a person has to settle first: disputes, promises and plans under way, pauses, what is covered.
    """
    rules = rules_of(policy).for_account(account)
    cases = sorted(guards.sort_out(account, rules, today), key=oldest_first)
    groups: dict[str, list[Invoice]] = {}
    for case in cases:
        if case.is_debt and case.is_overdue and case.is_free and not case.is_in_plan:
            groups.setdefault(case.invoice.balance.currency, []).append(case.invoice)
    terms = _terms(account, policy, rules)
    return tuple(_claim(account, groups[currency], terms, today) for currency in sorted(groups))


def _terms(account: Account, policy: Policy, rules: Rules) -> Terms | None:
    """What charges may rest on: the contract that the policy names, else the law; None where neither gives any."""
    terms = rules.fee_terms
    if not rules.fees.is_on:
        law = law_of(policy.calendar.country)
        if not law.has_statute:
            return None
        terms = Terms(fees=Fees(basis="statutory"), law=law, base_currency=policy.base_currency, own_rates={})
    is_consumer = account.is_consumer or rules.has_consumers
    if account.is_fee_exempt or (terms.is_statutory and terms.law.is_business_only and is_consumer):
        return None
    return terms


def _claim(account: Account, invoices: Sequence[Invoice], terms: Terms | None, today: date) -> Claim:
    zero = Money.zero(invoices[0].balance.currency)
    lines, is_verified = _charges(account, invoices, terms, today)
    later, _ = _charges(account, invoices, terms, add_days(today, 1))
    charges = sum((line.amount for line in lines), zero)
    grown = sum((line.amount for line in later), zero) - charges
    basis = "" if terms is None or not lines else terms.fees.clause.strip() or terms.law.clause
    return Claim(
        on=today,
        invoices=tuple(invoices),
        principal=sum((invoice.balance for invoice in invoices), zero),
        lines=lines,
        charges=charges,
        daily=grown if grown.minor > 0 else zero,
        basis=basis,
        is_verified=is_verified,
    )


def _charges(
    account: Account, invoices: Sequence[Invoice], terms: Terms | None, through_on: date
) -> tuple[tuple[FeeLine, ...], bool]:
    """The lines up to that day, and whether all was checked: an invoice whose rate nobody knows has no line."""
    lines: list[FeeLine] = []
    is_verified = True
    for invoice in invoices if terms is not None else ():
        if invoice.is_ours or terms is None:
            continue
        try:
            charge = charge_for(invoice, terms, _charged(account, invoice.id), through_on)
        except RateUnknown:
            is_verified = False
            continue
        if charge is not None:
            lines += charge.lines
            is_verified = is_verified and charge.is_verified
    return tuple(lines), is_verified


def _charged(account: Account, invoice_id: str) -> list[FeeCharged]:
    return [fee for fee in account.fees if fee.invoice_id == invoice_id]
