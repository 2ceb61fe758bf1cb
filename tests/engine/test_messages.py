"""One message per customer, what it names, and what waits for it."""

from __future__ import annotations

from datetime import date

import pytest

from engine.plan import AskPerson, SendReminder
from engine.policy import DEFAULT_LADDER, Step
from tests.engine.builder import Books

PRE_DUE = (
    Step(number=1, days=-3, template="pre_due"),
    Step(number=2, days=3, template="reminder_1"),
    Step(number=3, days=10, template="reminder_2"),
)


def _reminder(books: Books, on: str) -> SendReminder:
    (action,) = books.decided(on).actions
    assert isinstance(action, SendReminder)
    return action


def test_a_customer_gets_one_message_about_all_that_is_overdue(books: Books) -> None:
    """
    invoice  INV-7   due 2026-03-01   10 days overdue: step 2
    invoice  INV-8   due 2026-03-08    3 days overdue: step 1
    """
    books.has_invoice("INV-8", due="2026-03-08").has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2 + INV-8, step 1"]


def test_the_message_speaks_at_the_highest_step_due(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-03-08")
    message = _reminder(books, on="2026-03-11")
    assert (message.step, message.template) == (2, "reminder_2")
    assert message.reason.sentence == "INV-7 is 10 days overdue: step 2 comes 10 days after the due date."


def test_an_overdue_invoice_whose_step_has_not_come_is_named_too(books: Books) -> None:
    """INV-8 is two days overdue: its own first step comes tomorrow, and stays."""
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-03-09")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2 + naming INV-8"]
    assert books.why("INV-8", on="2026-03-11") == "also_overdue"


def test_being_named_does_not_use_up_a_step(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-03-09")
    assert books.runs("2026-03-11", "2026-03-12") == {
        "2026-03-11": ["remind INV-7, step 2 + naming INV-8"],
        "2026-03-12": ["remind INV-8, step 1 + naming INV-7"],
    }


def test_an_invoice_not_due_yet_is_not_named_in_a_reminder(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-03-11")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2"]


def test_a_guarded_invoice_is_not_named(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-02-01", is_disputed=True)
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2"]


def test_a_message_states_what_is_owed_on_each_invoice(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="30.00 USD")
    (due,) = _reminder(books, on="2026-03-11").invoices
    assert (str(due.balance), due.days_overdue, due.due_on) == ("30.00 USD", 10, date(2026, 3, 1))


def test_invoices_in_two_currencies_share_the_message(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-03-01", balance="90.00 EUR")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2 + INV-8, step 2"]


def test_an_invoice_without_a_number_is_called_by_its_id(books: Books) -> None:
    books.has_invoice("", due="2026-03-01")
    assert books.says("", on="2026-03-11").startswith("invoice id- is 10 days overdue")


def test_doubt_about_a_balance_is_shown(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", drift=True)
    assert "smaller balance is used" in str(books.reason("INV-7", on="2026-03-11").figures["drift"])


# Before the due date


def test_a_note_goes_out_before_the_due_date(books: Books) -> None:
    books.ladder(*PRE_DUE).has_invoice("INV-7", due="2026-03-10")
    assert books.plan(on="2026-03-06") == []
    assert books.plan(on="2026-03-07") == ["remind INV-7, step 1"]
    assert books.says("INV-7", on="2026-03-07") == "INV-7 is due in 3 days: step 1 comes 3 days before the due date."


def test_a_missed_note_still_goes_out_on_the_due_date(books: Books) -> None:
    books.ladder(*PRE_DUE).has_invoice("INV-7", due="2026-03-10")
    assert books.plan(on="2026-03-10") == ["remind INV-7, step 1"]


def test_a_note_before_the_due_date_lapses_once_it_has_passed(books: Books) -> None:
    books.ladder(*PRE_DUE).has_invoice("INV-7", due="2026-03-10")
    assert books.plan(on="2026-03-11") == []
    assert books.why("INV-7", on="2026-03-11") == "waiting"


def test_a_lapsed_note_does_not_cost_the_reminder(books: Books) -> None:
    books.ladder(*PRE_DUE).has_invoice("INV-7", due="2026-03-10")
    assert books.plan(on="2026-03-13") == ["remind INV-7, step 2"]


def test_notes_about_several_invoices_are_one_message(books: Books) -> None:
    books.ladder(*PRE_DUE).has_invoice("INV-7", due="2026-03-10").has_invoice("INV-8", due="2026-03-09")
    assert books.plan(on="2026-03-08") == ["remind INV-8, step 1 + INV-7, step 1"]


def test_a_note_names_no_invoice_that_is_overdue(books: Books) -> None:
    """INV-7 had its reminder and is not due for another: the note is about what falls due next."""
    books.ladder(*PRE_DUE).has_invoice("INV-7", due="2026-03-01", last_step=2)
    books.has_invoice("INV-8", due="2026-03-09")
    assert books.plan(on="2026-03-08") == ["remind INV-8, step 1"]


def test_a_reminder_goes_before_a_note(books: Books) -> None:
    books.ladder(*PRE_DUE).has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-03-09")
    assert books.plan(on="2026-03-08") == ["remind INV-7, step 2"]
    assert books.why("INV-8", on="2026-03-08") == "one_message"


def test_the_default_ladder_is_a_note_and_five_reminders(books: Books) -> None:
    books.ladder(*DEFAULT_LADDER).has_invoice("INV-7", due="2026-03-10")
    assert list(books.runs("2026-02-01", "2026-12-31").values()) == [
        [f"remind INV-7, step {step}"] for step in (1, 2, 3, 4, 5, 6)
    ]


# The first run of a newly connected company


def test_a_new_connection_starts_an_invoice_at_its_present_step(books: Books) -> None:
    """
    watched since 2026-03-15   INV-7 due 2026-03-01: 14 days overdue, past step 2
    """
    books.customer(watched_since_on=date(2026, 3, 15)).has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-03-15", "2026-03-20") == {"2026-03-15": ["remind INV-7, step 2"]}
    assert books.says("INV-7", on="2026-03-15") == (
        "INV-7 is 14 days overdue. It was past step 2 (10 days after the due date) when Dunwell began on 2026-03-15, "
        "so it starts there."
    )


def test_a_new_connection_sends_one_message_per_customer(books: Books) -> None:
    books.customer(watched_since_on=date(2026, 3, 15))
    for number in range(1, 30):
        books.has_invoice(f"INV-{number:02}", due=f"2026-02-{min(number, 28):02}")
    assert len(books.plan(on="2026-03-15")) == 1


def test_a_step_reached_after_the_start_is_an_ordinary_one(books: Books) -> None:
    books.customer(watched_since_on=date(2026, 3, 15)).has_invoice("INV-7", due="2026-03-14")
    assert books.why("INV-7", on="2026-03-17") == "step_due"


# No address


def test_a_customer_without_an_address_becomes_a_task(books: Books) -> None:
    books.customer(emails=()).has_invoice("INV-7", due="2026-03-01")
    (action,) = books.decided(on="2026-03-11").actions
    assert isinstance(action, AskPerson)
    assert (action.kind, action.subject, action.invoice_ids) == ("missing_email", "C-1", ("id-INV-7",))
    assert books.says("INV-7", on="2026-03-11") == (
        "Acme Ltd has no email address: a message is due and cannot go out."
    )


def test_nobody_is_asked_for_an_address_before_it_is_needed(books: Books) -> None:
    books.customer(emails=()).has_invoice("INV-7", due="2026-03-09")
    assert books.plan(on="2026-03-11") == []


def test_a_missing_address_uses_up_no_step(books: Books) -> None:
    books.customer(emails=()).has_invoice("INV-7", due="2026-03-01")
    assert books.decided(on="2026-03-11").decisions[0].outcome == "task"
    books.customer(emails=("pay@acme.example",))
    assert books.plan(on="2026-03-12") == ["remind INV-7, step 2"]


@pytest.mark.parametrize(("watched_since", "rule"), [("2026-03-04", "step_due"), ("2026-03-05", "first_run")])
def test_a_step_of_the_day_on_which_dunwell_began_is_its_own(books: Books, watched_since: str, rule: str) -> None:
    """INV-7 is due on 1 March: its first step comes on the 4th."""
    books.has_invoice("INV-7", due="2026-03-01").customer(watched_since_on=books.day(watched_since))
    assert books.why("INV-7", on="2026-03-05") == rule
