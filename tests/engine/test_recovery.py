"""Expected credit loss and recovery: the worked examples of the literature, and the seeds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.money import CurrencyMismatch, Money
from engine.recovery import Fate, expected_recovery, loss_rates, lost_percent, own_losses, provision
from tests.engine.builder import money


def test_loss_rates_from_history() -> None:
    """Sales 100,000; unpaid on reaching 30, 60, 90 days 80,000, 45,000, 15,000; lost 3,000."""
    reached = {"sold": "100000", "30": "80000", "60": "45000", "90": "15000"}
    rates = loss_rates(money("3000 USD"), {band: money(f"{amount} USD") for band, amount in reached.items()})
    assert [round(rate or 0, 2) for rate in rates.values()] == [
        Decimal("3.00"),
        Decimal("3.75"),
        Decimal("6.67"),
        Decimal("20.00"),
    ]


def test_a_band_that_nothing_reached_has_no_rate() -> None:
    assert loss_rates(money("3000 USD"), {"90": money("0 USD")}) == {"90": None}


def test_a_provision_matrix() -> None:
    """7.0m × 1.5 % + 4.0m × 3.4 % + 2.5m × 7.1 % + 1.0m × 10.8 % = 526,500."""
    balances = {"30": "7000000", "60": "4000000", "90": "2500000", "over": "1000000"}
    rates = {"30": "1.5", "60": "3.4", "90": "7.1", "over": "10.8"}
    loss = provision(
        {band: money(f"{amount} USD") for band, amount in balances.items()},
        {band: Decimal(rate) for band, rate in rates.items()},
    )
    assert loss == money("526500.00 USD")


def test_a_provision_is_in_one_currency() -> None:
    with pytest.raises(CurrencyMismatch):
        provision({"a": money("1 USD"), "b": money("1 EUR")}, {"a": Decimal(1), "b": Decimal(1)})
    with pytest.raises(ValueError, match="at least one band"):
        provision({}, {})


@pytest.mark.parametrize(("days", "percent"), [(89, 0), (90, 26), (179, 26), (180, 70), (364, 70), (365, 90)])
def test_the_older_the_debt_the_more_of_it_is_lost(days: int, percent: int) -> None:
    assert lost_percent(days) == percent


def test_what_is_likely_to_come_in_of_old_debt() -> None:
    assert expected_recovery(money("120.00 USD"), 400) == money("12.00 USD")
    assert expected_recovery(Money(120, "JPY"), 100) == Money(89, "JPY")


def fate(due: str, total: int, *, paid: dict[str, int] | None = None, credited: dict[str, int] | None = None) -> Fate:
    def dated(amounts: dict[str, int] | None) -> tuple[tuple[date, int], ...]:
        return tuple((date.fromisoformat(on), amount) for on, amount in (amounts or {}).items())

    return Fate(due_on=date.fromisoformat(due), total=total, received=dated(paid), credited=dated(credited))


def test_what_a_company_lost_of_debt_by_age_is_told_by_its_own_invoices() -> None:
    """Of 400 owed at 90 days 300 came in later, and 100 were credited: no money. What was paid before is no debt."""
    fates = [
        fate("2023-01-01", 100, paid={"2023-02-01": 100}),
        fate("2023-01-01", 200, paid={"2023-05-01": 200}),
        fate("2023-01-01", 150, paid={"2023-02-01": 50, "2023-06-01": 100}),
        fate("2023-01-01", 100, credited={"2023-12-01": 100}),
    ]
    [at_90, at_180] = own_losses(fates, date(2026, 1, 1), (90, 180, 3000))
    assert (at_90.days, at_90.invoices, at_90.percent, at_90.is_enough) == (90, 3, Decimal(25), False)
    assert (at_180.invoices, at_180.percent) == (1, Decimal(100))


def test_what_was_credited_before_an_age_was_never_owed_at_it() -> None:
    assert own_losses([fate("2023-01-01", 100, credited={"2023-01-15": 100})], date(2026, 1, 1)) == []


def test_an_age_reached_within_the_last_year_tells_nothing_yet() -> None:
    """Due 2025-01-01: 90 days on 1 April 2025; a year later it is known."""
    assert own_losses([fate("2025-01-01", 100)], date(2026, 3, 31), (90,)) == []
    assert own_losses([fate("2025-01-01", 100)], date(2026, 4, 1), (90,))[0].percent == Decimal(100)
