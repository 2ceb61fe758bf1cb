"""What a step may say for itself: where it counts from, how often it comes, how far apart, to whom and from whom."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.plan import AskPerson, SendReminder
from engine.policy import Policy, Sender, Step
from tests.engine.builder import Books


def _reminder(books: Books, on: str) -> SendReminder:
    (action,) = books.decided(on).actions
    assert isinstance(action, SendReminder)
    return action


# Where a step counts from


def test_a_step_may_count_from_the_invoice_date(books: Books) -> None:
    books.ladder(Step(number=1, anchor="invoice", days=40, template="reminder_1"))
    books.has_invoice("INV-7", issued="2026-01-15", due="2026-02-14")
    assert books.plan(on="2026-02-23") == []
    assert books.plan(on="2026-02-24") == ["remind INV-7, step 1"]
    assert books.says("INV-7", on="2026-02-24") == (
        "INV-7 is 10 days overdue: step 1 comes 40 days after the invoice date."
    )


def test_a_step_may_count_from_the_end_of_the_invoice_month(books: Books) -> None:
    books.ladder(Step(number=1, anchor="month_end", days=0, template="reminder_1"))
    books.has_invoice("INV-7", issued="2026-02-03", due="2026-02-20")
    assert books.plan(on="2026-02-27") == []
    assert books.plan(on="2026-02-28") == ["remind INV-7, step 1"]
    assert books.says("INV-7", on="2026-02-10").endswith("step 1 comes on the end of the invoice month, on 2026-02-28.")


def test_a_step_of_any_anchor_that_falls_before_the_due_date_is_a_note_and_lapses(books: Books) -> None:
    books.ladder(Step(number=1, anchor="invoice", days=10, template="pre_due"))
    books.has_invoice("INV-7", issued="2026-01-15", due="2026-02-14")
    assert books.plan(on="2026-02-14") == ["remind INV-7, step 1"]
    assert books.plan(on="2026-02-15") == []


def test_two_invoices_due_on_one_day_have_steps_by_their_own_dates(books: Books) -> None:
    books.ladder(Step(number=1, anchor="invoice", days=45, template="reminder_1"))
    books.has_invoice("INV-7", issued="2026-01-01", due="2026-02-10")
    books.has_invoice("INV-8", issued="2026-01-20", due="2026-02-10")
    assert books.plan(on="2026-02-20") == ["remind INV-7, step 1 + naming INV-8"]


def test_business_days_skip_weekends_and_closed_days(books: Books) -> None:
    """Due on Friday 2026-03-06; the company is closed on Monday."""
    books.calendar(closed_on=("2026-03-09",)).ladder(Step(number=1, days=1, unit="business", template="reminder_1"))
    books.has_invoice("INV-7", due="2026-03-06")
    assert list(books.runs("2026-03-07", "2026-03-20")) == ["2026-03-10"]


# Repeats


def test_a_step_is_repeated_every_so_many_days_up_to_its_limit(books: Books) -> None:
    books.ladder(Step(number=1, days=3, template="reminder_1", repeat_every_days=7, repeat_times=2))
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-03-01", "2026-12-31") == {
        "2026-03-04": ["remind INV-7, step 1"],
        "2026-03-11": ["remind INV-7, step 2"],
        "2026-03-18": ["remind INV-7, step 3"],
    }


def test_repeats_missed_while_nothing_ran_are_not_made_up(books: Books) -> None:
    books.ladder(Step(number=1, days=3, template="reminder_1", repeat_every_days=7, repeat_times=5))
    books.has_invoice("INV-7", due="2026-03-01", last_step=1)
    assert books.runs("2026-03-27", "2026-03-31") == {"2026-03-27": ["remind INV-7, step 4"]}


def test_a_step_after_a_repeated_one_takes_a_later_number(books: Books) -> None:
    with pytest.raises(ValidationError, match=r"step 3 \(40 days\) must come after step 2 .*repeated up to number 4"):
        Policy(
            ladder=(
                Step(number=2, days=3, template="reminder_1", repeat_every_days=7, repeat_times=2),
                Step(number=3, days=40, template="final_notice"),
            )
        )


def test_a_step_comes_after_the_last_repeat_of_the_one_before(books: Books) -> None:
    with pytest.raises(ValidationError, match=r"step 4 \(10 days\) must come after step 1 \(17 days\)"):
        Policy(
            ladder=(
                Step(number=1, days=3, template="reminder_1", repeat_every_days=7, repeat_times=2),
                Step(number=4, days=10, template="final_notice"),
            )
        )


def test_a_repeat_says_how_many_days_lie_between() -> None:
    with pytest.raises(ValidationError, match="repeat_every_days"):
        Step(number=1, days=3, template="reminder_1", repeat_times=2)


# Gaps


def test_a_step_keeps_its_distance_from_the_one_before(books: Books) -> None:
    """Step 1 went out late, on day 9: step 2, of day 10, waits for a week after that."""
    books.ladder(
        Step(number=1, days=3, template="reminder_1"),
        Step(number=2, days=10, template="reminder_2", minimum_gap_days=7),
    )
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.runs("2026-03-10", "2026-03-31") == {
        "2026-03-10": ["remind INV-7, step 1"],
        "2026-03-17": ["remind INV-7, step 2"],
    }


def test_the_gap_is_told_with_its_day(books: Books) -> None:
    books.ladder(Step(number=1, days=3, template="a"), Step(number=2, days=10, template="b", minimum_gap_days=7))
    books.has_invoice("INV-7", due="2026-03-01", last_step=1, last_contact_on=books.day("2026-03-10"))
    assert books.says("INV-7", on="2026-03-12") == (
        "INV-7 had its last step on 2026-03-10: step 2 keeps 7 days between, so not before 2026-03-17."
    )
    assert books.look_again(on="2026-03-12") == "2026-03-17"


def test_an_invoice_that_keeps_its_distance_is_not_named_for_another(books: Books) -> None:
    books.ladder(Step(number=1, days=3, template="a"), Step(number=2, days=10, template="b", minimum_gap_days=7))
    books.has_invoice("INV-7", due="2026-03-01", last_step=1, last_contact_on=books.day("2026-03-10"))
    books.has_invoice("INV-8", due="2026-03-09")
    assert books.plan(on="2026-03-12") == ["remind INV-8, step 1"]


# Calls


CALLS = (
    Step(number=1, days=3, template="reminder_1"),
    Step(number=2, days=10, channel="call"),
    Step(number=3, days=20, template="final_notice"),
)


def test_a_call_is_put_before_a_person_with_what_to_say(books: Books) -> None:
    books.ladder(*CALLS).has_invoice("INV-7", due="2026-03-01", last_step=1)
    books.has_invoice("INV-8", due="2026-02-27", balance="90.00 EUR", last_step=1)
    (action,) = books.decided(on="2026-03-11").actions
    assert isinstance(action, AskPerson)
    assert (action.kind, action.subject, action.invoice_ids) == ("call", "C-1", ("id-INV-8", "id-INV-7"))
    assert action.reason.sentence.startswith(
        "Call Acme Ltd about 90.00 EUR and 120.00 USD on 2 invoices; the oldest, INV-8, was due on 2026-02-27 (step 2)."
    )


def test_a_call_that_was_made_answers_the_step(books: Books) -> None:
    books.ladder(*CALLS).has_invoice("INV-7", due="2026-03-01", last_step=1).was_contacted("2026-03-12", kind="call")
    assert books.plan(on="2026-03-13") == []
    assert books.says("INV-7", on="2026-03-13").endswith("step 3 comes 20 days after the due date, on 2026-03-21.")


def test_a_call_before_the_day_of_the_step_does_not_answer_it(books: Books) -> None:
    books.ladder(*CALLS).has_invoice("INV-7", due="2026-03-01", last_step=1).was_contacted("2026-03-10", kind="call")
    assert books.plan(on="2026-03-11") == ["ask call: id-INV-7"]


def test_a_call_nobody_made_is_overtaken_by_the_next_step(books: Books) -> None:
    books.ladder(*CALLS).has_invoice("INV-7", due="2026-03-01", last_step=1)
    assert books.plan(on="2026-03-21") == ["remind INV-7, step 3"]


def test_nobody_is_asked_to_call_on_a_day_off(books: Books) -> None:
    """2026-03-14 is a Saturday."""
    books.calendar().ladder(*CALLS).has_invoice("INV-7", due="2026-03-04", last_step=1)
    assert books.plan(on="2026-03-14") == []
    assert books.plan(on="2026-03-16") == ["ask call: id-INV-7"]


def test_a_call_needs_no_email_address(books: Books) -> None:
    books.ladder(*CALLS).customer(emails=()).has_invoice("INV-7", due="2026-03-01", last_step=1)
    assert books.plan(on="2026-03-11") == ["ask call: id-INV-7"]


def test_a_call_and_a_reminder_about_other_invoices_may_fall_on_one_day(books: Books) -> None:
    books.ladder(*CALLS).has_invoice("INV-7", due="2026-03-01", last_step=1).has_invoice("INV-8", due="2026-03-08")
    assert books.plan(on="2026-03-11") == ["ask call: id-INV-7", "remind INV-8, step 1"]


def test_an_email_step_names_its_wording() -> None:
    with pytest.raises(ValidationError, match="names its wording"):
        Step(number=1, days=3)


# To whom, and from whom


def test_a_step_says_whom_it_goes_to_and_who_is_copied(books: Books) -> None:
    step = Step(
        number=1, days=3, template="a", recipients="billing", cc=("boss@acme.example",), bcc=("me@our.example",)
    )
    books.ladder(step).has_invoice("INV-7", due="2026-03-01")
    message = _reminder(books, on="2026-03-04")
    assert (message.to_everyone, message.cc, message.bcc) == (False, ("boss@acme.example",), ("me@our.example",))


def test_a_step_may_come_from_somebody_else(books: Books) -> None:
    director = Sender(name="Ada, director", reply_to="ada@our.example")
    books.ladder(Step(number=1, days=3, template="a", sender=director)).has_invoice("INV-7", due="2026-03-01")
    message = _reminder(books, on="2026-03-04")
    assert (message.sender_name, message.reply_to) == ("Ada, director", "ada@our.example")


def test_a_step_may_wait_for_a_person(books: Books) -> None:
    books.ladder(
        Step(number=1, days=3, template="a"), Step(number=2, days=10, template="final_notice", needs_approval=True)
    )
    books.has_invoice("INV-7", due="2026-03-01")
    asked = [action.needs_approval for on in ("2026-03-04", "2026-03-11") for action in books.decided(on).actions]  # type: ignore[union-attr]
    assert asked == [False, True]


def test_the_highest_step_decides_whom_the_message_is_from(books: Books) -> None:
    books.ladder(
        Step(number=1, days=3, template="a", sender=Sender(name="Clerk")),
        Step(number=2, days=10, template="b", sender=Sender(name="Director")),
    )
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-03-08")
    assert _reminder(books, on="2026-03-11").sender_name == "Director"


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: x@y.example", "no address", "a@b.example, c@d.example"])
def test_a_copy_goes_to_one_plain_address(address: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        Step(number=1, days=3, template="a", cc=(address,))
