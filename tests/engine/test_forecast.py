"""The forecast: each customer by their own delay, with its spread, and nothing guessed at where records are too few."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.forecast import Awaited, Delay, Outlook, delay_of, month_ends, outlooks
from engine.money import Money

TODAY = date(2026, 3, 2)
USUAL = Delay(quick=0, usual=7, slow=21, cases=9)


def awaited(due_in: int, minor: int = 10_000, customer: str = "C1", currency: str = "USD") -> Awaited:
    return Awaited(customer_id=customer, due_on=TODAY + timedelta(days=due_in), balance=Money(minor, currency))


def outlook(*some: Awaited, delay: Delay | None = USUAL) -> Outlook:
    [found] = outlooks(some, {} if delay is None else {"C1": delay}, None, TODAY)
    return found


def expected(found: Outlook) -> list[int]:
    return [week.expected for week in found.weeks]


def test_a_delay_is_the_middle_of_the_cases_and_its_quarters() -> None:
    assert delay_of([0, 2, 4, 6, 8]) == Delay(quick=2, usual=4, slow=6, cases=5)
    assert delay_of([3, 3]) is None


def test_an_invoice_comes_its_customers_usual_delay_after_the_due_date() -> None:
    """due in 3 days, usually 7 days late: day 10 is in the second week; quick on day 3, slow on day 24"""
    found = outlook(awaited(3))
    assert expected(found) == [0, 10_000, 0, 0, 0, 0, 0, 0]
    assert [week.by_then_quick for week in found.weeks[:2]] == [10_000, 10_000]
    assert [week.by_then_slow for week in found.weeks[2:4]] == [0, 10_000]


def test_what_is_later_than_usual_already_is_expected_within_the_spread() -> None:
    """30 days overdue with a spread of 21 days: half of it as usual, all of it slow"""
    found = outlook(awaited(-30))
    assert expected(found) == [0, 10_000, 0, 0, 0, 0, 0, 0]
    assert [week.by_then_slow for week in found.weeks[:3]] == [0, 0, 10_000]


def test_beyond_eight_weeks_is_later() -> None:
    found = outlook(awaited(60))
    assert (sum(expected(found)), found.later) == (0, 10_000)


def test_without_records_nothing_is_guessed_at() -> None:
    found = outlook(awaited(3), delay=None)
    assert (sum(expected(found)), found.later, found.unknown) == (0, 0, 10_000)


def test_a_new_customer_is_like_everybody_else() -> None:
    [found] = outlooks([awaited(3, customer="new")], {}, USUAL, TODAY)
    assert expected(found)[1] == 10_000


def test_currencies_stay_apart() -> None:
    found = outlooks([awaited(3), awaited(3, 500, currency="EUR")], {"C1": USUAL}, None, TODAY)
    assert [(one.currency, sum(expected(one))) for one in found] == [("USD", 10_000), ("EUR", 500)]


delays = st.tuples(st.integers(-30, 30), st.integers(0, 60), st.integers(0, 60)).map(
    lambda parts: Delay(quick=parts[0], usual=parts[0] + parts[1], slow=parts[0] + parts[1] + parts[2], cases=5)
)


@given(st.lists(st.tuples(st.integers(-400, 120), st.integers(1, 10**9)), max_size=20), delays)
def test_every_cent_is_expected_once_and_the_range_holds_it(rows: list[tuple[int, int]], delay: Delay) -> None:
    found = outlooks([awaited(due, minor) for due, minor in rows], {"C1": delay}, None, TODAY)
    assert sum(sum(expected(one)) + one.later + one.unknown for one in found) == sum(minor for _, minor in rows)
    for week in (week for one in found for week in one.weeks):
        assert week.by_then_slow <= week.by_then <= week.by_then_quick
        assert week.expected >= 0


def test_month_ends_are_the_last_days_and_today() -> None:
    assert month_ends(date(2026, 3, 15), 2) == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 15)]
