"""How often, and on which days, a customer may be written to."""

from __future__ import annotations

from datetime import date

from engine.account import Contact
from engine.budget import free_on
from engine.policy import DEFAULT_LADDER, Budget
from tests.engine.builder import Books


def test_nothing_goes_out_on_a_day_off(books: Books) -> None:
    """2026-03-14 is a Saturday."""
    books.calendar().has_invoice("INV-7", due="2026-03-04")
    assert books.runs("2026-03-14", "2026-03-16") == {"2026-03-16": ["remind INV-7, step 2"]}
    assert books.says("INV-7", on="2026-03-14") == (
        "A message is due, but 2026-03-14 is not a sending day: it goes on 2026-03-16 at the earliest."
    )


def test_nothing_goes_out_on_a_public_holiday(books: Books) -> None:
    """Good Friday 2026 in New Zealand, and Easter Monday after it."""
    books.calendar(country="NZ").has_invoice("INV-7", due="2026-03-31")
    assert books.runs("2026-04-03", "2026-04-08") == {"2026-04-07": ["remind INV-7, step 1"]}


def test_a_note_that_would_come_too_late_is_not_promised_for_later(books: Books) -> None:
    """Due on Saturday: the note before the due date cannot wait until Monday."""
    books.calendar().ladder(*DEFAULT_LADDER).has_invoice("INV-7", due="2026-03-14")
    assert books.why("INV-7", on="2026-03-14") == "waiting"


def test_messages_keep_their_distance(books: Books) -> None:
    books.budget(messages=50, per_days=1, minimum_gap_days=3)
    books.has_invoice("INV-7", due="2026-03-01").was_contacted("2026-03-09")
    assert books.runs("2026-03-11", "2026-03-14") == {"2026-03-12": ["remind INV-7, step 2"]}
    assert books.says("INV-7", on="2026-03-11") == (
        "A message is due, but the customer was last contacted on 2026-03-09: "
        "at most 50 in 1 day, 3 days apart, so not before 2026-03-12."
    )


def test_a_customer_hears_no_more_often_than_the_budget_allows(books: Books) -> None:
    """Two in seven days: the third waits until the first has left the window."""
    books.budget(messages=2, per_days=7, minimum_gap_days=0)
    books.has_invoice("INV-7", due="2026-03-01").was_contacted("2026-03-06", "2026-03-10")
    assert books.plan(on="2026-03-12") == []
    assert books.plan(on="2026-03-13") == ["remind INV-7, step 2"]


def test_a_call_by_a_person_counts(books: Books) -> None:
    books.budget(messages=50, per_days=1, minimum_gap_days=3)
    books.has_invoice("INV-7", due="2026-03-01").was_contacted("2026-03-10", kind="human")
    assert books.why("INV-7", on="2026-03-11") == "person_contact"


def test_two_messages_never_go_out_on_one_day(books: Books) -> None:
    """Even where the policy asks for no gap: the second run of a day adds nothing."""
    books.has_invoice("INV-7", due="2026-03-01").was_contacted("2026-03-11")
    assert books.plan(on="2026-03-11") == []
    assert books.plan(on="2026-03-12") == ["remind INV-7, step 2"]


def test_a_contact_booked_for_tomorrow_counts_already(books: Books) -> None:
    books.budget(messages=50, per_days=1, minimum_gap_days=3)
    books.has_invoice("INV-7", due="2026-03-01").was_contacted("2026-03-12")
    assert books.runs("2026-03-11", "2026-03-20") == {"2026-03-15": ["remind INV-7, step 2"]}


def test_a_customer_never_contacted_is_free() -> None:
    assert free_on([], Budget()) == date.min


def test_the_order_of_contacts_does_not_matter() -> None:
    contacts = [Contact(date(2026, 3, day), "remind") for day in (10, 2, 6)]
    assert free_on(contacts, Budget(messages=2, per_days=7, minimum_gap_days=1)) == date(2026, 3, 13)


def test_the_reminder_waits_for_both_budget_and_sending_day(books: Books) -> None:
    """The budget opens on Saturday 2026-03-14, the office on Monday."""
    books.calendar().budget(messages=50, per_days=1, minimum_gap_days=3)
    books.has_invoice("INV-7", due="2026-03-01").was_contacted("2026-03-11")
    assert books.says("INV-7", on="2026-03-12").endswith("so not before 2026-03-16.")
    assert books.runs("2026-03-12", "2026-03-17") == {"2026-03-16": ["remind INV-7, step 2"]}
