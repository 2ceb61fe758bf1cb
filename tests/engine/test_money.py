"""Amounts are whole minor units, and rounded in one place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import CurrencyMismatch, Money, minor_units


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.30", "USD", 1230), ("12", "JPY", 12), ("12.345", "KWD", 12345), ("0.005", "USD", 1), ("-0.005", "USD", -1)],
)
def test_an_amount_is_kept_in_the_minor_units_of_its_currency(amount: str, currency: str, minor: int) -> None:
    assert minor_units(Decimal(amount), currency) == minor


@given(st.integers(min_value=-(10**18), max_value=10**18), st.sampled_from(["USD", "JPY", "KWD"]))
def test_an_amount_is_written_as_it_is(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert str(money) == f"{money.amount} {currency}"
    assert Money.of(money.amount, currency) == money


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError, match="never a float"):
        Money.of(12.3, "USD")  # type: ignore[arg-type]  # the mistake under test


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(CurrencyMismatch, match="USD with EUR"):
        _ = Money(1, "USD") + Money(1, "EUR")
    with pytest.raises(CurrencyMismatch):
        _ = Money(1, "USD") < Money(1, "EUR")


def test_a_percentage_is_rounded_half_up() -> None:
    assert Money.of("0.25", "USD").percent(Decimal(2)) == Money(1, "USD")
    assert Money.of("25.25", "USD").percent(Decimal("2.5")) == Money(63, "USD")


def test_arithmetic_keeps_the_currency() -> None:
    assert Money(5, "USD") - Money(7, "USD") == -Money(2, "USD")
    assert not Money.zero("USD")
