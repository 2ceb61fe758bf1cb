"""Fee lines: what one late invoice is charged up to a day, less what was charged before, and below every cap.

Pure. The sum is worked out anew each time for the whole time since the due date, and what was charged before is taken
off: a charge that was missed, or made too small, is made good, and none is made twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from engine import interest
from engine.account import Invoice
from engine.calendar import add_days
from engine.history import FeeCharged
from engine.interest import in_thousands
from engine.money import Money
from engine.plan import FeeLine
from engine.policy import Fees, Policy
from engine.reasons.words import name
from engine.statutory import Law, Rate, law_of


class Terms(Struct, frozen=True, kw_only=True):
    """The policy's fees together with the law they stand under."""

    fees: Fees
    law: Law
    base_currency: str
    own_rates: dict[str, Decimal]

    @classmethod
    def of(cls, policy: Policy) -> Terms:
        fees = policy.fees
        own = {rate.half_year: rate.percent for rate in fees.reference_rates}
        law = law_of(fees.law or policy.calendar.country)
        return cls(fees=fees, law=law, base_currency=policy.base_currency, own_rates=own)

    @property
    def is_statutory(self) -> bool:
        return self.fees.basis == "statutory"

    def rate_on(self, starts_on: date, day: date) -> Rate:
        """The yearly rate on `day` of a debt whose interest starts on `starts_on`. Raises RateUnknown."""
        if self.is_statutory:
            return self.law.rate_on(starts_on, day, self.own_rates)
        ceiling = self.law.ceiling_on(day)
        agreed = self.fees.annual_rate
        return Rate(agreed if ceiling is None else min(agreed, ceiling), "", self.law.is_verified)


class Charge(Struct, frozen=True):
    """What one invoice is charged: lines that add up to `total`, and whether every rate in them was checked."""

    invoice: Invoice
    lines: tuple[FeeLine, ...]
    total: int
    is_verified: bool


def charge_for(invoice: Invoice, terms: Terms, charged: Sequence[FeeCharged], through_on: date) -> Charge | None:
    """What is to be charged for one late invoice, everything up to and including `through_on`; None for nothing.

    Raises RateUnknown when a rate that is needed is not known.
    """
    grace_days = terms.fees.grace_days
    starts_on = add_days(invoice.due_on, 1)
    principal = interest.principal_on(invoice, starts_on, grace_days)
    if (through_on - invoice.due_on).days <= grace_days or principal.minor <= 0:
        return None
    fixed_before = sum(each.fixed.minor for each in charged)
    before = Money(sum(each.interest.minor for each in charged), principal.currency)
    accrued = _accrued(invoice, terms, through_on, lambda day: terms.rate_on(starts_on, day), terms.fees.is_compound)
    lines = [] if fixed_before else list(_fixed(invoice, terms, principal))
    lines += _interest(invoice, accrued, before)
    total = sum(each.amount.minor for each in lines)
    cap = _cap(invoice, terms, principal, through_on)
    if cap is not None and fixed_before + before.minor + total > cap.amount.minor:
        over = cap.amount - Money(fixed_before + before.minor + total, principal.currency)
        lines.append(_line(invoice, "cap", f"{cap.text} = {in_thousands(over)}", over))
        total += over.minor
    if total <= 0:
        return None
    return Charge(
        invoice, tuple(lines), total, terms.law.is_verified and all(line.rate.is_verified for line in accrued)
    )


def _accrued(
    invoice: Invoice, terms: Terms, through_on: date, rate_on: Callable[[date], Rate], is_compound: bool
) -> list[interest.Line]:
    cuts = interest.half_year_starts(invoice.due_on, through_on)
    changes = terms.law.rate_rule == "lower" if terms.is_statutory else len(terms.law.ceilings) > 1
    parts = interest.stretches(invoice, through_on, terms.fees.grace_days, cuts if changes else ())
    return [] if not parts else _worth_telling(interest.interest(parts, rate_on, is_compound=is_compound))


def _worth_telling(lines: list[interest.Line]) -> list[interest.Line]:
    return [line for line in lines if line.rate.percent]


def _fixed(invoice: Invoice, terms: Terms, principal: Money) -> Iterator[FeeLine]:
    """What is charged once: the statute's fixed sum, or the policy's flat sum and percentage."""
    if terms.is_statutory:
        fixed = terms.law.fixed_sum_for(principal)
        if fixed is not None:
            text = f"fixed sum for a debt of {in_thousands(principal)} = {in_thousands(fixed)}"
            yield _line(invoice, "fixed", text, fixed)
        return
    fees = terms.fees
    flat = Money.of(fees.flat, principal.currency)
    if flat and principal.currency == terms.base_currency:
        yield _line(invoice, "fixed", f"late fee = {in_thousands(flat)}", flat)
    share = principal.percent(fees.percent)
    if share:
        text = f"{in_thousands(principal)} × {fees.percent.normalize():f} % = {in_thousands(share)}"
        yield _line(invoice, "fixed", text, share)


def _interest(invoice: Invoice, accrued: Sequence[interest.Line], before: Money) -> Iterator[FeeLine]:
    """The whole interest so far less what was charged of it; nothing where that leaves nothing to charge."""
    if sum(line.amount.minor for line in accrued) <= before.minor:
        return
    for line in accrued:
        yield _line(invoice, "interest", line.text, line.amount)
    if before.minor > 0:
        yield _line(invoice, "interest", f"less interest charged before = {in_thousands(-before)}", -before)
    elif before.minor < 0:
        text = f"what a cap held back before = {in_thousands(-before)}"
        yield _line(invoice, "interest", text, -before)


def _cap(invoice: Invoice, terms: Terms, principal: Money, through_on: date) -> interest.Line | None:
    """The most that all charges on the invoice may come to, by the policy and, for a contract, by the law."""
    caps: list[interest.Line] = []
    share = terms.fees.cap_percent
    if share is not None:
        text = f"held to the cap of {share.normalize():f} % of {in_thousands(principal)}"
        caps.append(interest.Line(text=text, amount=principal.percent(share), rate=Rate(share, "")))
    if not terms.is_statutory and terms.law.ceilings:
        highest = _accrued(
            invoice, terms, through_on, lambda day: Rate(terms.law.ceiling_on(day) or Decimal(0), ""), False
        )
        amount = Money(sum(line.amount.minor for line in highest), principal.currency)
        percent = f"{highest[-1].rate.percent.normalize():f} %" if highest else "interest"
        text = f"held to {percent} a year, the ceiling in {terms.law.name}"
        caps.append(interest.Line(text=text, amount=amount, rate=Rate(Decimal(0), "")))
    return min(caps, key=lambda cap: cap.amount.minor, default=None)


def _line(invoice: Invoice, kind: str, text: str, amount: Money) -> FeeLine:
    return FeeLine(invoice_id=invoice.id, kind=kind, number=name(invoice), calculation=text, amount=amount)
