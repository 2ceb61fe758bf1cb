"""Statutory packs: which rate, which fixed sum, and what is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.statutory import LAWS, RateUnknown, half_year_of, law_of
from tests.engine.builder import money

UK, IRELAND = law_of("GB"), law_of("IE")


def _percent(country: str, starts: str, day: str | None = None, **own: str) -> Decimal:
    rates = {half_year: Decimal(percent) for half_year, percent in own.items()}
    starts_on = date.fromisoformat(starts)
    return law_of(country).rate_on(starts_on, date.fromisoformat(day or starts), rates).percent


@pytest.mark.parametrize(
    ("starts", "percent"),
    [
        ("2018-07-01", "8.50"),
        ("2019-12-31", "8.75"),
        ("2020-06-30", "8.75"),
        ("2020-07-01", "8.10"),
        ("2022-01-01", "8.25"),
        ("2022-12-31", "9.25"),
        ("2023-06-30", "11.50"),
        ("2023-07-01", "13.00"),
        ("2024-01-01", "13.25"),
        ("2026-03-02", "11.75"),
    ],
)
def test_the_uk_rate_is_that_of_the_half_year_in_which_interest_starts(starts: str, percent: str) -> None:
    assert _percent("GB", starts) == Decimal(percent)


def test_the_uk_rate_of_a_debt_does_not_change_at_the_next_half_year() -> None:
    assert _percent("GB", "2023-06-30", "2023-09-01") == Decimal("11.50")


def test_an_irish_debt_keeps_the_rate_of_when_payment_was_due() -> None:
    assert _percent("IE", "2024-07-16", "2025-02-01") == Decimal("12.25")


def test_elsewhere_in_the_euro_area_a_day_bears_the_lower_of_both_readings() -> None:
    """4.25 when interest starts in July 2024; 3.15 from January 2025. And never more than at the start."""
    assert _percent("NL", "2024-07-16", "2024-12-31") == Decimal("12.25")
    assert _percent("NL", "2024-07-16", "2025-01-01") == Decimal("11.15")
    assert _percent("NL", "2022-12-01", "2023-08-01") == Decimal("8.00")


@pytest.mark.parametrize("day", ["2018-06-30", "2027-01-01", "2031-01-01"])
def test_a_half_year_that_is_not_listed_has_no_rate(day: str) -> None:
    with pytest.raises(RateUnknown, match="the reference rate of the United Kingdom for"):
        _percent("GB", day)


def test_a_rate_that_the_owner_entered_goes_first_and_counts_as_checked() -> None:
    assert _percent("GB", "2027-01-01", **{"2027H1": "3.5"}) == Decimal("11.5")
    assert UK.rate_on(date(2026, 7, 2), date(2026, 7, 2), {"2026H2": Decimal("3.75")}).is_verified
    assert not UK.rate_on(date(2026, 7, 2), date(2026, 7, 2), {}).is_verified


@pytest.mark.parametrize(
    ("debt", "fixed"),
    [
        ("999.99 GBP", "40.00 GBP"),
        ("1000.00 GBP", "70.00 GBP"),
        ("9999.99 GBP", "70.00 GBP"),
        ("10000.00 GBP", "100.00 GBP"),
        ("500.00 EUR", None),
    ],
)
def test_the_uk_fixed_sum_grows_with_the_debt(debt: str, fixed: str | None) -> None:
    assert UK.fixed_sum_for(money(debt)) == (money(fixed) if fixed else None)


def test_the_directive_gives_forty_euro_whatever_the_debt() -> None:
    assert IRELAND.fixed_sum_for(money("12.00 EUR")) == money("40.00 EUR")
    assert IRELAND.fixed_sum_for(money("50000.00 EUR")) == money("40.00 EUR")


def test_american_contracts_are_held_to_eighteen_per_cent() -> None:
    assert law_of("US").ceiling_on(date(2026, 1, 1)) == 18
    assert not law_of("US").has_statute


def test_the_canadian_ceiling_fell_in_2025() -> None:
    assert law_of("CA").ceiling_on(date(2024, 12, 31)) == 60
    assert law_of("CA").ceiling_on(date(2025, 1, 1)) == 35


@pytest.mark.parametrize("country", ["AU", "NZ", "CA", "US", "NO", "SG", ""])
def test_only_a_contract_gives_interest_there(country: str) -> None:
    assert not law_of(country).has_statute


@pytest.mark.parametrize("country", sorted(LAWS))
def test_every_rule_of_law_names_its_source(country: str) -> None:
    law = law_of(country)
    assert law.sources
    assert all(reference.source for reference in law.references.values())
    assert list(law.fixed_sums) == sorted(law.fixed_sums, key=lambda tier: tier.from_amount)


def test_half_years_turn_with_june() -> None:
    assert half_year_of(date(2026, 6, 30)) == "2026H1"
    assert half_year_of(date(2026, 7, 1)) == "2026H2"
