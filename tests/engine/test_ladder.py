"""On which day which step comes, and what was missed."""

from __future__ import annotations

import pytest

from engine.policy import Step
from tests.engine.builder import Books


def test_nothing_is_due_before_the_first_step(books: Books) -> None:
    """
    policy   step 1: 3 days overdue
    invoice  INV-7   due 2026-03-01
    """
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-03") == []
    assert books.says("INV-7", on="2026-03-03") == (
        "INV-7, due 2026-03-01, waits: step 1 comes 3 days after the due date, on 2026-03-04."
    )


def test_the_first_step_comes_on_its_day(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]
    assert books.says("INV-7", on="2026-03-04") == "INV-7 is 3 days overdue: step 1 comes 3 days after the due date."


def test_second_reminder_waits_for_its_own_day(books: Books) -> None:
    """
    policy   step 1: 3 days overdue   step 2: 10 days overdue
    invoice  INV-7   due 2026-03-01   balance 120.00 USD   last step 1
    """
    books.has_invoice("INV-7", due="2026-03-01", last_step=1)
    assert books.plan(on="2026-03-10") == []
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2"]


def test_a_step_already_sent_is_not_sent_again(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", last_step=2)
    assert books.plan(on="2026-03-11") == []
    assert books.why("INV-7", on="2026-03-11") == "waiting"


def test_missed_steps_are_skipped_not_made_up(books: Books) -> None:
    """Nothing ran for two weeks: one message at the step reached, none for the steps in between."""
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-03-14", "2026-03-20") == {"2026-03-14": ["remind INV-7, step 2"]}


def test_a_missed_day_is_caught_up_on_the_next(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", last_step=1)
    assert books.plan(on="2026-03-12") == ["remind INV-7, step 2"]


def test_after_the_last_step_the_ladder_is_silent(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", last_step=3)
    assert books.plan(on="2026-06-01") == []
    assert books.says("INV-7", on="2026-06-01") == "INV-7 has had step 3, the last that applies to it."


def test_the_whole_ladder_runs_once_each(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-02-01", "2026-06-30") == {
        "2026-03-04": ["remind INV-7, step 1"],
        "2026-03-11": ["remind INV-7, step 2"],
        "2026-03-21": ["remind INV-7, step 3"],
    }


def test_an_empty_ladder_never_reminds(books: Books) -> None:
    books.ladder().has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-04-01") == []
    assert books.why("INV-7", on="2026-04-01") == "ladder_done"


def test_a_later_due_date_stops_the_ladder_until_it_comes(books: Books) -> None:
    """The bookkeeper moved the due date after step 2: nothing is repeated, step 3 counts from the new date."""
    books.has_invoice("INV-7", due="2026-04-01", last_step=2)
    assert books.runs("2026-03-12", "2026-05-30") == {"2026-04-21": ["remind INV-7, step 3"]}


@pytest.mark.parametrize(
    ("due", "on"),
    [
        ("2026-01-31", "2026-02-03"),  # over a month end
        ("2028-02-27", "2028-03-01"),  # over a leap day
        ("2027-02-27", "2027-03-02"),  # the same days without one
        ("2025-12-30", "2026-01-02"),  # over a year end
    ],
)
def test_days_are_counted_by_the_calendar(books: Books, due: str, on: str) -> None:
    books.has_invoice("INV-7", due=due, issued="2025-12-01")
    ((first_day, lines),) = [(day, acts) for day, acts in books.runs(due, on).items()]
    assert (first_day, lines) == (on, ["remind INV-7, step 1"])


def test_a_step_on_the_due_date_goes_out_on_it(books: Books) -> None:
    books.ladder(Step(number=1, days=0, template="due_today")).has_invoice("INV-7", due="2026-03-02")
    assert books.plan(on="2026-03-01") == []
    assert books.plan(on="2026-03-02") == ["remind INV-7, step 1"]
    assert books.says("INV-7", on="2026-03-02") == "INV-7 is due today: step 1 comes on the due date."


def test_business_days_leave_out_the_weekend(books: Books) -> None:
    """Due on Friday 2026-03-06: three business days later is Wednesday."""
    books.calendar().ladder(Step(number=1, days=3, unit="business", template="reminder_1"))
    books.has_invoice("INV-7", due="2026-03-06")
    assert books.plan(on="2026-03-10") == []
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 1"]
    assert books.says("INV-7", on="2026-03-11") == (
        "INV-7 is 5 days overdue: step 1 comes 3 business days after the due date."
    )


def test_business_days_leave_out_public_holidays(books: Books) -> None:
    """New Zealand, 2026: Good Friday 3 April and Easter Monday 6 April lie between."""
    books.calendar(country="NZ").ladder(Step(number=1, days=2, unit="business", template="reminder_1"))
    books.has_invoice("INV-7", due="2026-04-01")
    assert books.plan(on="2026-04-06") == []
    assert books.plan(on="2026-04-07") == ["remind INV-7, step 1"]


def test_a_later_step_never_comes_before_an_earlier_one(books: Books) -> None:
    """Step 1 after 5 business days would be Friday 13th; step 2 after 6 calendar days would be Thursday 12th."""
    books.calendar().ladder(
        Step(number=1, days=5, unit="business", template="reminder_1"), Step(number=2, days=6, template="reminder_2")
    )
    books.has_invoice("INV-7", due="2026-03-06")
    assert books.plan(on="2026-03-12") == []
    assert books.plan(on="2026-03-13") == ["remind INV-7, step 2"]


@pytest.mark.parametrize("due", ["0001-01-01", "9999-12-31"])
def test_a_due_date_at_the_edge_of_time_breaks_nothing(books: Books, due: str) -> None:
    """Books hold dates that somebody mistyped."""
    books.ladder(Step(number=1, days=-60, template="pre_due"), Step(number=2, days=300, unit="business", template="x"))
    books.has_invoice("INV-7", due=due)
    assert len(books.decided(on="2026-03-12").decisions) == 1
