"""Rounds: a due date moved later after a reminder begins the ladder anew, and no step comes twice within one round."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.decide import decide
from engine.plan import SendReminder
from engine.policy import Step
from engine.rounds import ROUND
from tests.engine.builder import Books, money, schedule
from tests.engine.simulate import carried_out

FOUR_STEPS = (
    Step(number=1, days=-3, template="pre_due"),
    *(Step(number=n, days=n * 5, template="x") for n in (2, 3, 4)),
)


def _reminded(books: Books, *, due: str, step: int = 2, on: str = "2026-03-11", **facts: Any) -> Books:
    return books.has_invoice("INV-7", due=due, last_step=step, last_contact_on=date.fromisoformat(on), **facts)


def test_a_due_date_moved_after_the_last_reminder_begins_the_steps_again(books: Books) -> None:
    """
    policy   step 1: 3 days overdue   step 2: 10   step 3: 20
    invoice  INV-7   due 2026-03-01, step 2 on 2026-03-11; now due 2026-03-31
    """
    _reminded(books, due="2026-03-31")
    assert books.runs("2026-03-12", "2026-06-01") == {
        "2026-04-03": [f"remind INV-7, step {ROUND + 1}"],
        "2026-04-10": [f"remind INV-7, step {ROUND + 2}"],
        "2026-04-20": [f"remind INV-7, step {ROUND + 3}"],
    }


def test_the_owner_reads_why_it_starts_again(books: Books) -> None:
    _reminded(books, due="2026-03-31")
    assert books.says("INV-7", on="2026-03-12") == (
        "INV-7 was last reminded of on 2026-03-11 and is due on 2026-03-31 now, so the steps begin again: "
        "step 1 comes 3 days after the due date, on 2026-04-03."
    )
    assert books.look_again(on="2026-03-12") == "2026-04-03"


def test_a_due_date_moved_to_a_day_before_the_last_reminder_goes_on_where_it_is(books: Books) -> None:
    """Nobody was given more time than they have had."""
    _reminded(books, due="2026-03-11")
    assert books.runs("2026-03-12", "2026-06-01") == {"2026-03-31": ["remind INV-7, step 3"]}


def test_a_due_date_moved_back_again_takes_the_new_round_with_it(books: Books) -> None:
    _reminded(books, due="2026-03-01")
    assert books.runs("2026-03-12", "2026-06-01") == {"2026-03-21": ["remind INV-7, step 3"]}


def test_a_date_moved_a_second_time_begins_a_third_round(books: Books) -> None:
    _reminded(books, due="2026-05-01", step=ROUND + 3, on="2026-04-20")
    assert books.plan(on="2026-05-04") == [f"remind INV-7, step {2 * ROUND + 1}"]


def test_a_note_before_the_due_date_begins_no_round(books: Books) -> None:
    """Said once, it is not said again for the later date; the reminders follow that date."""
    books.ladder(*FOUR_STEPS)
    _reminded(books, due="2026-03-31", step=1, on="2026-02-26")
    assert books.runs("2026-02-27", "2026-04-12") == {"2026-04-10": ["remind INV-7, step 2"]}


def test_after_a_reminder_the_note_goes_with_the_new_date(books: Books) -> None:
    books.ladder(*FOUR_STEPS)
    _reminded(books, due="2026-03-31")
    assert list(books.runs("2026-03-12", "2026-04-12")) == ["2026-03-28", "2026-04-10"]


def test_what_the_new_date_puts_before_the_last_reminder_counts_as_had(books: Books) -> None:
    """The note would have come on 10 March for a due date of the 13th: nobody is written to at once for having time."""
    books.ladder(*FOUR_STEPS)
    _reminded(books, due="2026-03-13")
    assert list(books.runs("2026-03-12", "2026-03-25")) == ["2026-03-23"]


def test_conditions_and_the_end_of_the_ladder_go_by_the_present_round(books: Books) -> None:
    books.escalation(handover_after_days=1)
    _reminded(books, due="2026-03-31", step=3)
    assert books.plan(on="2026-03-20") == []
    once_more = replace(books.account.invoices[0], last_step=ROUND + 3, last_contact_on=date(2026, 4, 20))
    books.customer(invoices=(once_more,))
    assert books.plan(on="2026-04-21") == ["ask handover: id-INV-7"]


def test_the_instalments_of_a_plan_begin_no_round(books: Books) -> None:
    """Each has its own due date, and its own steps within the round that the invoice is in."""
    parts = schedule([("id-INV-7", money("120.00 USD"))], 2, date(2026, 4, 1), "month")["id-INV-7"]
    _reminded(books, due="2026-03-01", step=ROUND + 1, instalments=parts)
    assert books.plan(on="2026-04-04") == [f"remind INV-7, step {ROUND + 101}"]


def test_a_promise_for_a_day_before_the_due_date_is_none_to_be_held_to(books: Books) -> None:
    books.ladder(*FOUR_STEPS)
    _reminded(books, due="2026-03-31", step=1, on="2026-03-28", promise=books.promise("2026-03-29"))
    assert books.plan(on="2026-03-30") == []
    assert books.plan(on="2026-04-01") == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 25), st.integers(-20, 40)), max_size=4), st.booleans())
def test_however_a_due_date_is_moved_no_step_comes_twice_nor_before_its_day(
    moves: list[tuple[int, int]], early: bool
) -> None:
    books = Books().ladder(*FOUR_STEPS[0 if early else 1 :]).has_invoice("INV-7", due="2026-03-01")
    books.exclusions(review_after_days=2000)
    account, today, taken = books.account, date(2026, 2, 20), list[int]()
    for wait, by in [*moves, (200, 0)]:
        for _ in range(wait):
            plan = decide(account, books.rules, today)
            for act in plan.actions:
                assert isinstance(act, SendReminder)
                (due,) = act.invoices
                assert today >= due.due_on + timedelta(days=_days_of(due.step % ROUND))
                taken.append(due.step)
            account, today = carried_out(account, plan), today + timedelta(days=1)
        (invoice,) = account.invoices
        account = replace(account, invoices=(replace(invoice, due_on=invoice.due_on + timedelta(days=by)),))
    assert len(taken) == len(set(taken))
    assert taken == sorted(taken)
    assert taken[-1] % ROUND == FOUR_STEPS[-1].number


def _days_of(number: int) -> int:
    return next(step.days for step in FOUR_STEPS if step.number == number)
