"""Interest: by the day, on what was owed on that day, to the cent however the time is split."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.account import Invoice
from engine.books import InvoiceStatus
from engine.history import Received
from engine.interest import half_year_starts, interest, principal_on, stretches
from engine.money import Money
from engine.statutory import Rate
from tests.engine.builder import money, received

DUE = date(2026, 3, 1)


def _late(balance: str, *payments: str, due_on: date = DUE) -> Invoice:
    owed = money(balance)
    return Invoice(
        id="7",
        number="INV-7",
        status=InvoiceStatus.OPEN if owed.minor else InvoiceStatus.PAID,
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        total=owed,
        balance=owed,
        payments=received(*payments),
    )


def _at(percent: str, invoice: Invoice, through: date, *, is_compound: bool = False, grace_days: int = 0) -> list[str]:
    lines = interest(
        stretches(invoice, through, grace_days), lambda _: Rate(Decimal(percent), ""), is_compound=is_compound
    )
    return [line.text for line in lines]


def test_interest_runs_from_the_day_after_the_due_date_through_the_day_of_payment() -> None:
    """1,500 pounds due 1 March 2026, paid 15 April: 45 days at 11.75 %."""
    invoice = _late("0.00 GBP", "2026-04-15 1500.00 GBP")
    assert _at("11.75", invoice, date(2026, 5, 1)) == [
        "2026-03-02 to 2026-04-15: 1,500.00 × 11.75 % a year × 45/365 = 21.73"
    ]


def test_nothing_on_the_due_date_itself() -> None:
    assert _at("11.75", _late("1500.00 GBP"), DUE) == []


def test_ten_thousand_pounds_sixty_days_late() -> None:
    """The government's own figure: 193.15."""
    through = DUE + timedelta(days=60)
    assert _at("11.75", _late("10000.00 GBP"), through)[0].endswith("× 60/365 = 193.15")


def test_five_thousand_euro_thirty_days_late_in_ireland() -> None:
    through = DUE + timedelta(days=30)
    assert _at("12.25", _late("5000.00 EUR"), through)[0].endswith("× 30/365 = 50.34")


def test_a_part_payment_lowers_what_bears_interest_from_the_next_day() -> None:
    """1,000 of 1,500 comes in on day 10: that day still bears interest on all of it."""
    invoice = _late("500.00 GBP", "2026-03-11 1000.00 GBP")
    assert _at("10", invoice, date(2026, 3, 31)) == [
        "2026-03-02 to 2026-03-11: 1,500.00 × 10 % a year × 10/365 = 4.11",
        "2026-03-12 to 2026-03-31: 500.00 × 10 % a year × 20/365 = 2.74",
    ]


def test_what_is_paid_in_the_days_of_grace_bears_no_interest_at_all() -> None:
    invoice = _late("500.00 GBP", "2026-03-08 1000.00 GBP")
    assert principal_on(invoice, date(2026, 3, 2), grace_days=7) == money("500.00 GBP")
    assert _at("10", invoice, date(2026, 3, 11), grace_days=7) == [
        "2026-03-02 to 2026-03-08: 500.00 × 10 % a year × 7/365 = 0.96",
        "2026-03-09 to 2026-03-11: 500.00 × 10 % a year × 3/365 = 0.41",
    ]


def test_compound_interest_is_more_than_simple() -> None:
    """10,000 at 10 % over a year, compounded daily: 1,051.56 instead of 1,000.00."""
    through = DUE + timedelta(days=365)
    assert _at("10", _late("10000.00 USD"), through, is_compound=True) == [
        "2026-03-02 to 2027-03-01: 10,000.00 compounded over 365 days at 10 %/365 a day = 1,051.56"
    ]


def test_yen_have_no_cents() -> None:
    assert _at("5", _late("100000 JPY"), DUE + timedelta(days=30))[0].endswith("100,000 × 5 % a year × 30/365 = 411")


def test_half_years_begin_in_january_and_july() -> None:
    assert half_year_starts(date(2025, 7, 1), date(2026, 7, 1)) == [date(2026, 1, 1), date(2026, 7, 1)]


@st.composite
def _late_invoices(draw: st.DrawFn) -> Invoice:
    days = st.integers(min_value=-20, max_value=400).map(lambda offset: DUE + timedelta(days=offset))
    amounts = st.integers(min_value=1, max_value=5_000_000)
    payments = draw(st.lists(st.builds(Received, days, st.builds(Money, amounts, st.just("GBP"))), max_size=4))
    balance = Money(draw(st.integers(min_value=0, max_value=5_000_000)), "GBP")
    total = balance + sum((paid.amount for paid in payments), Money.zero("GBP"))
    return Invoice(
        id="7",
        number="INV-7",
        status=InvoiceStatus.OPEN,
        issued_on=DUE,
        due_on=DUE,
        total=total,
        balance=balance,
        payments=tuple(payments),
    )


@settings(max_examples=100, deadline=None)
@given(
    _late_invoices(),
    st.lists(st.integers(min_value=1, max_value=400), max_size=6),
    st.decimals(min_value=0, max_value=40, places=2),
    st.booleans(),
)
def test_interest_over_a_split_time_is_the_sum_of_its_parts_to_the_cent(
    invoice: Invoice, cuts: list[int], percent: Decimal, is_compound: bool
) -> None:
    through = DUE + timedelta(days=365)
    days = [DUE + timedelta(days=offset) for offset in cuts]

    def total(*at: date) -> int:
        parts = stretches(invoice, through, 0, at)
        lines = interest(parts, lambda _: Rate(percent, ""), is_compound=is_compound)
        return sum(line.amount.minor for line in lines)

    assert total(*days) == total()


@settings(max_examples=100, deadline=None)
@given(_late_invoices(), st.integers(min_value=1, max_value=400))
def test_every_day_bears_interest_on_what_was_owed_that_day(invoice: Invoice, offset: int) -> None:
    day = DUE + timedelta(days=offset)
    held = [part for part in stretches(invoice, DUE + timedelta(days=400)) if part.first_on <= day <= part.last_on]
    assert sum(part.principal.minor for part in held) == principal_on(invoice, day).minor
    assert len(held) <= 1
