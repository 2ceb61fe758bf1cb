"""Measures, each against its worked example."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.measures import (
    MonthOfSales,
    average_days_delinquent,
    average_days_late,
    best_possible_dso,
    cei,
    count_back_dso,
    dso,
)
from engine.money import CurrencyMismatch, Money


def usd(amount: int | str) -> Money:
    return Money.of(amount, "USD")


def rounded(value: Decimal | None, places: str = "0.1") -> str:
    assert value is not None
    return str(value.quantize(Decimal(places)))


SPRING = [MonthOfSales(usd(100), 30), MonthOfSales(usd(120), 31), MonthOfSales(usd(110), 30)]
"""June, May and April: newest first."""


def test_simple_dso() -> None:
    """1.2m of receivables on 10m of sales in a year."""
    assert rounded(dso(usd(1_200_000), usd(10_000_000), 365)) == "43.8"


def test_best_possible_dso_counts_what_is_not_due_only() -> None:
    assert rounded(best_possible_dso(usd(800_000), usd(10_000_000), 365)) == "29.2"


def test_average_days_delinquent_is_the_difference() -> None:
    assert rounded(average_days_delinquent(usd(1_200_000), usd(800_000), usd(10_000_000), 365)) == "14.6"


def test_average_lateness_weighs_by_amount() -> None:
    assert rounded(average_days_late([(usd(1000), 10), (usd(3000), 2)])) == "4.0"


def test_paying_early_does_not_make_up_for_paying_late() -> None:
    assert average_days_late([(usd(100), -30), (usd(100), 30)]) == 15


def test_count_back_dso_takes_months_off_from_the_newest() -> None:
    assert rounded(count_back_dso(usd(250), SPRING)) == "69.2"
    assert rounded(dso(usd(250), usd(330), 91)) == "68.9"


def test_count_back_dso_of_exactly_all_sales() -> None:
    assert count_back_dso(usd(330), SPRING) == 91


def test_count_back_dso_needs_months_enough() -> None:
    assert count_back_dso(usd(331), SPRING) is None


def test_a_month_without_sales_counts_in_full() -> None:
    assert count_back_dso(usd(50), [MonthOfSales(usd(0), 30), MonthOfSales(usd(100), 31)]) == Decimal("45.5")


def test_nothing_owed_is_no_days() -> None:
    assert count_back_dso(usd(0), SPRING) == 0


def test_collection_effectiveness() -> None:
    assert rounded(cei(usd(300), usd(200), usd(280), usd(180)), "0.01") == "68.75"


def test_collecting_everything_is_a_hundred_per_cent() -> None:
    assert cei(usd(300), usd(200), usd(180), usd(180)) == 100


def test_no_sales_give_no_figure() -> None:
    assert dso(usd(100), usd(0), 365) is None
    assert average_days_delinquent(usd(100), usd(50), usd(0), 365) is None
    assert average_days_late([]) is None
    assert cei(usd(0), usd(0), usd(0), usd(0)) is None


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(CurrencyMismatch):
        dso(usd(100), Money(100, "EUR"), 365)
    with pytest.raises(CurrencyMismatch):
        average_days_late([(usd(100), 1), (Money(100, "EUR"), 1)])
    with pytest.raises(CurrencyMismatch):
        count_back_dso(Money(100, "EUR"), SPRING)
