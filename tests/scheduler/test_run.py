"""A run from end to end, on both platforms: what goes out, once, and what stays in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from store.tables import Task
from tests.trial import Trial, overdue_invoice


def test_an_overdue_invoice_gets_one_reminder_and_one_note(trial: Trial, platform: str) -> None:
    """
    policy   step 3: 10 days overdue
    invoice  due 12 days ago, 120.00 net
    """
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    [report] = trial.run()
    assert report.status == "ok", report.detail
    assert report.performed == {"remind": 1, "note": 1}
    [mail] = trial.mails()
    assert mail.recipients == ("ap@larkspur.example",)
    [note] = books.notes_on("invoice", invoice)
    assert "ap@larkspur.example" in note


def test_running_again_does_nothing_twice(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.run(times=3)
    assert len(trial.mails()) == 1
    assert len(books.notes_on("invoice", invoice)) == 1


def test_the_next_step_goes_out_on_its_own_day(trial: Trial, platform: str) -> None:
    """step 3 at 10 days on 4 March; step 4 at 20 days on Thursday 12 March"""
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    sent = []
    for _ in range(9):
        trial.run()
        sent.append(len(trial.mails()))
        trial.let_pass(days=1)
    assert sent == [1, 1, 1, 1, 1, 1, 1, 1, 2]


def test_observe_mode_says_what_it_would_do_and_does_nothing(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=12)
    company = trial.connect(platform, books)
    trial.set_mode(company, "observe")
    [report] = trial.run()
    assert report.decided["remind"] == 1
    assert trial.mails() == []
    assert list(books.notes_on("invoice", invoice)) == []
    assert trial.acts() == []


def test_switched_on_it_does_what_it_had_only_thought_of(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect(platform, books)
    trial.set_mode(company, "observe")
    trial.run(times=2)
    trial.set_mode(company, "automatic")
    trial.run()
    assert len(trial.mails()) == 1


def test_what_needs_approval_waits_for_it(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect(platform, books)
    trial.set_mode(company, "approve")
    trial.run()
    assert trial.mails() == []
    [task] = trial.tasks()
    assert task.kind == "approve"
    trial.approve(company, task.subject)
    trial.run()
    assert len(trial.mails()) == 1


def test_money_already_sent_stops_the_reminder(trial: Trial, platform: str) -> None:
    """144.00 received and matched to nothing covers the invoice of 144.00"""
    books = trial.open_company(platform)
    customer, invoice = overdue_invoice(books, trial.today, days=12)
    books.receive_payment(customer, books.open_invoices()[0].balance, trial.today, {})
    trial.connect(platform, books)
    trial.run()
    assert trial.mails() == []
    assert trial.reasons()[invoice] == "covered"


def test_a_payment_between_planning_and_sending_stops_the_reminder(trial: Trial, platform: str) -> None:
    """planned in the night, paid at dawn, the window opens: nothing goes out"""
    books = trial.open_company(platform)
    customer, invoice = overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.let_pass(hours=-6)
    trial.run()
    assert [act.state for act in trial.acts(kind="remind")] == ["approved"]
    owed = books.open_invoices()[0].balance
    trial.let_pass(hours=6)
    books.receive_payment(customer, owed, trial.today, {invoice: owed})
    trial.run()
    assert trial.mails() == []
    assert [act.state for act in trial.acts(kind="remind")] == ["cancelled"]


def test_long_overdue_puts_the_customer_on_hold_and_payment_releases(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    customer, invoice = overdue_invoice(books, trial.today, days=70)
    trial.connect(platform, books)
    trial.run()
    assert list(books.customers_on_hold()) == [customer]
    owed = books.open_invoices()[0].balance
    trial.let_pass(days=1)
    books.receive_payment(customer, owed, trial.today, {invoice: owed})
    [report] = trial.run()
    assert report.performed["release"] == 1
    assert list(books.customers_on_hold()) == []


def test_a_customer_without_an_address_is_a_task_and_not_a_crash(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12, email="")
    trial.connect(platform, books)
    [report] = trial.run()
    assert report.status == "ok", report.detail
    assert [task.kind for task in trial.tasks()] == ["missing_email"]


def test_nothing_goes_out_at_night(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.let_pass(hours=9)
    trial.run()
    assert trial.mails() == []


@pytest.mark.parametrize("change", ["void", "delete"])
def test_a_bill_that_is_taken_back_is_not_chased(trial: Trial, platform: str, change: str) -> None:
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=8)
    trial.connect(platform, books)
    trial.run()
    assert len(trial.mails()) == 1
    trial.let_pass(days=3)
    (books.void_invoice if change == "void" else books.delete_invoice)(invoice)
    trial.run()
    trial.let_pass(days=30)
    trial.run()
    assert len(trial.mails()) == 1


def test_all_of_a_customers_invoices_go_into_one_message(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    customer, _ = overdue_invoice(books, trial.today, days=12)
    due_on = trial.today.replace(day=1)
    books.add_invoice(customer, [("Cups", Decimal("40.00"))], issued_on=due_on.replace(month=2), due_on=due_on)
    trial.connect(platform, books)
    trial.run()
    assert len(trial.mails()) == 1


def test_a_question_that_a_payment_has_settled_closes_itself(trial: Trial, platform: str) -> None:
    """no address on Monday; paid on Tuesday: nobody needs to look for one"""
    books = trial.open_company(platform)
    customer, invoice = overdue_invoice(books, trial.today, days=12, email="")
    trial.connect(platform, books)
    trial.run()
    assert [task.kind for task in trial.tasks()] == ["missing_email"]
    owed = books.open_invoices()[0].balance
    books.receive_payment(customer, owed, trial.today, {invoice: owed})
    trial.let_pass(days=1)
    trial.run()
    [task] = trial.rows(Task, kind="missing_email")
    assert (task.state, task.outcome.endswith(": nothing is owed any more.")) == ("lapsed", True)


def test_quickbooks_does_not_tell_its_time_zone_so_the_owner_is_asked_once(trial: Trial) -> None:
    """messages keep to the working hours of most of the country until then"""
    books = trial.open_company("quickbooks")
    company = trial.connect("quickbooks", books)
    trial.run()
    [task] = trial.rows(Task, state="open")
    assert (task.kind, "Europe/London" in task.detail) == ("time_zone", True)
    trial.save_policy(company)
    trial.let_pass(days=1)
    trial.run()
    assert trial.rows(Task, state="open") == []
