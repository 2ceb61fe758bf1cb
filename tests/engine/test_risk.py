"""Risk: figures about one customer that add up by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.history import PastPromise, Settled
from engine.risk import Score, behaviour_of, peak_exposure, score, suggested_limit, usual_days_late
from tests.engine.builder import Books, money


def test_three_invoices_make_a_habit(books: Books) -> None:
    assert usual_days_late(books.paid_before(4, 10).account.history) is None
    assert usual_days_late(books.paid_before(4, 10, 5).account.history) == 5
    assert usual_days_late(books.paid_before(-3, -2, 0, 0).account.history) == -1


def test_what_the_records_say(books: Books) -> None:
    promises = (PastPromise(date(2026, 1, 1), True), PastPromise(date(2026, 2, 1), False))
    behaviour = behaviour_of(books.paid_before(0, -5, 10, 20).account.history, promises)
    assert (behaviour.settled, behaviour.usual_days_late, behaviour.in_time_percent) == (4, 5, Decimal(50))
    assert (behaviour.promises_kept, behaviour.promises_broken) == (1, 1)


def test_the_parts_of_a_score_add_up(books: Books) -> None:
    """12 days late usually: 12; 30 days overdue now: 15; two of three paid late: 13; one promise broken: 5."""
    promises = (PastPromise(date(2026, 2, 1), False),)
    risk = score(behaviour_of(books.paid_before(0, 12, 20).account.history, promises), oldest_days_overdue=30)
    assert risk.parts == (
        ("usual days late", 12),
        ("overdue now", 15),
        ("invoices paid late", 13),
        ("broken promises", 5),
    )
    assert risk.points == 45


def test_a_customer_nobody_knows_counts_half() -> None:
    assert score(behaviour_of(())).points == 30


def _settled(issued: str, settled: str, total: str) -> Settled:
    issued_on = date.fromisoformat(issued)
    return Settled(issued_on=issued_on, due_on=issued_on, settled_on=date.fromisoformat(settled), total=money(total))


def test_the_most_that_was_open_at_once() -> None:
    """100 from January to March, 70 from February to April, 50 from May on."""
    history = [
        _settled("2026-01-05", "2026-03-05", "100 USD"),
        _settled("2026-02-05", "2026-04-05", "70 USD"),
        _settled("2026-05-05", "2026-06-05", "50 USD"),
        _settled("2026-02-05", "2026-04-05", "9 EUR"),
    ]
    assert peak_exposure(history, "USD") == money("170 USD")


@pytest.mark.parametrize(
    ("points", "limit"), [(10, "10000 USD"), (20, "10000 USD"), (40, "8000 USD"), (60, "4000 USD"), (61, "0 USD")]
)
def test_a_limit_that_the_records_bear(points: int, limit: str) -> None:
    assert suggested_limit(money("8000 USD"), Score(points=points, parts=())) == money(limit)


def test_suggested_limits_are_round() -> None:
    assert suggested_limit(money("1234.56 USD"), Score(points=30, parts=())) == money("1200 USD")
