"""A law on late payment: its margin, its reference rates by half-year, its fixed sums, its ceilings.

Pure. Rates are per cent a year. A half-year is written `2026H1`: 1 January to 30 June.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from engine.money import Money

BY_LAW = "By law: "
"""How our words for what allows a charge begin, where no contract does."""


class RateUnknown(LookupError):
    """No reference rate is known for a half-year: nothing may be charged by guess."""

    def __init__(self, law: Law, half_year: str) -> None:
        super().__init__(f"the reference rate of {law.name} for {half_year} is not known")
        self.half_year = half_year


class Reference(Struct, frozen=True):
    """The central bank's rate that governs one half-year, and where it was read."""

    percent: Decimal
    source: str
    is_verified: bool = True
    """False: from memory or from a secondary page. A fee that rests on it waits as a draft for a person."""


class Rate(Struct, frozen=True):
    """The yearly rate of one stretch of days, in per cent, with how it came about."""

    percent: Decimal
    basis: str
    """`8 + 3.75 for 2026H1`; empty for a rate agreed by contract."""
    is_verified: bool = True


class FixedSum(Struct, frozen=True):
    """The sum that may be claimed once per invoice, for a debt of `from_amount` (units of its currency) or more."""

    from_amount: Decimal
    amount: Money


class Law(Struct, frozen=True, kw_only=True):
    """What one country says. Without a `margin` there is no statutory interest: only a contract can give any."""

    country: str
    name: str
    sources: tuple[str, ...]
    margin: Decimal | None = None
    """Percentage points over the reference rate."""
    references: Mapping[str, Reference] = {}
    rate_rule: Literal["start", "lower"] = "start"
    """`start`: one rate per debt, that of the half-year in which interest starts to run. `lower`: member states differ
    on which half-year governs, so a day bears the lower of the rate at the start and the rate of its own half-year."""
    fixed_sums: tuple[FixedSum, ...] = ()
    """By rising `from_amount`."""
    ceilings: tuple[tuple[date, Decimal], ...] = ()
    """(first day, highest rate a year) that a contract may ask for, by rising day."""
    is_business_only: bool = False
    """Consumers are outside: nothing is charged to them by this law."""
    notice_days: int = 0
    """Each notice must give the customer at least this many days to pay."""
    is_verified: bool = True
    """False: the national variant was not checked. A fee by it waits as a draft for a person."""

    @property
    def clause(self) -> str:
        """What a charge by this law rests on."""
        return f"{BY_LAW}{self.sources[0]}."

    @property
    def has_statute(self) -> bool:
        return self.margin is not None

    def ceiling_on(self, day: date) -> Decimal | None:
        """The highest yearly rate that a contract may ask for on that day; None where the law names none."""
        found = None
        for first_on, percent in self.ceilings:
            if first_on <= day:
                found = percent
        return found

    def fixed_sum_for(self, principal: Money) -> Money | None:
        """The fixed sum for a debt of this size; None where there is none, or none in that currency."""
        found = None
        for tier in self.fixed_sums:
            if tier.amount.currency == principal.currency and tier.from_amount <= principal.amount:
                found = tier.amount
        return found

    def rate_on(self, starts_on: date, day: date, own: Mapping[str, Decimal]) -> Rate:
        """The rate on `day` of a debt whose interest starts to run on `starts_on`.

        `own` holds reference rates that the owner entered, by half-year: they go before ours. Raises RateUnknown.
        """
        at_start = self._rate_in(half_year_of(starts_on), own)
        if self.rate_rule == "start":
            return at_start
        return min(at_start, self._rate_in(half_year_of(day), own), key=lambda rate: rate.percent)

    def _rate_in(self, half_year: str, own: Mapping[str, Decimal]) -> Rate:
        if self.margin is None:
            raise RateUnknown(self, half_year)
        found = (
            Reference(own[half_year], "entered by the owner") if half_year in own else self.references.get(half_year)
        )
        if found is None:
            raise RateUnknown(self, half_year)
        basis = f"{self.margin.normalize():f} + {found.percent.normalize():f} for {half_year}"
        return Rate(self.margin + found.percent, basis, found.is_verified)


def half_year_of(day: date) -> str:
    """`2026H1` for 1 January to 30 June 2026, `2026H2` for the rest of it."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def half_years(rates: Mapping[str, str], source: str, is_verified: bool = True) -> dict[str, Reference]:
    """References from one source, written `{"2024H1": "5.25"}`."""
    return {name: Reference(Decimal(percent), source, is_verified) for name, percent in rates.items()}
