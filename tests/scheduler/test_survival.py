"""What a run survives: cut lines, busy platforms, dead mail servers, bad records. Never twice, lost or silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest

from connectors.errors import DunwellError
from connectors.pace import forget_paces
from connectors.ports import Note
from connectors.quickbooks.notes import Batch
from sandbox.company import SandboxCompany
from sandbox.faults import Fault
from store.tables import Company, SetAsideRecord
from tests.trial import Trial, overdue_invoice

NOTES = {"quickbooks": ("POST", "/attachable"), "xero": ("PUT", "(?i)/history")}
ONE_INVOICE = {"quickbooks": ("", "#Invoice"), "xero": ("GET", "(?i)/invoices")}
INVOICES = {"quickbooks": ("", "/query"), "xero": ("GET", "(?i)/invoices")}


def overdue_invoice_of_another(trial: Trial, books: SandboxCompany) -> None:
    other = books.add_customer("Bright Bakery", "pay@bakery.example")
    due_on = trial.today - timedelta(days=12)
    books.add_invoice(other, [("Flour", Decimal(80))], issued_on=due_on - timedelta(days=30), due_on=due_on)


def test_an_answer_lost_after_a_note_does_not_write_it_twice(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    method, path = NOTES[platform]
    trial.sandbox.faults.add(Fault("drop_after", method, path))
    [report] = trial.run()
    assert trial.sandbox.faults.struck
    assert report.performed == {"remind": 1, "note": 1}
    trial.run(times=2)
    assert len(books.notes_on("invoice", invoice)) == 1


def test_a_note_that_never_arrived_is_written_later(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    method, path = NOTES[platform]
    trial.sandbox.faults.add(Fault("drop_before", method, path))
    trial.run()
    trial.let_pass(minutes=20)
    trial.run()
    assert len(books.notes_on("invoice", invoice)) == 1
    assert len(trial.mails()) == 1


@pytest.fixture
def three_overdue(trial: Trial) -> SandboxCompany:
    """A customer who is reminded of three invoices at once, on a platform that takes three notes in one call."""
    books = trial.open_company("quickbooks")
    customer, _ = overdue_invoice(books, trial.today, days=12)
    for days in (11, 13):
        due_on = trial.today - timedelta(days=days)
        books.add_invoice(customer, [("Beans", Decimal(9))], issued_on=due_on - timedelta(days=30), due_on=due_on)
    trial.connect("quickbooks", books)
    return books


READINGS = 2
"""Batches before that of the notes: what the company is like, and what the message rests on."""


@contextmanager
def deleted_before_the_notes(books: SandboxCompany, invoice: str) -> Iterator[None]:
    """Between the mail and its notes, somebody deletes an invoice over there."""
    write = Batch.write

    def late(batch: Batch, notes: Sequence[Note]) -> list[str | DunwellError]:
        books.delete_invoice(invoice)
        return write(batch, notes)

    with patch.object(Batch, "write", late):
        yield


def notes_of_all(books: SandboxCompany) -> list[int]:
    return [len(books.notes_on("invoice", invoice.id)) for invoice in books.open_invoices()]


def test_the_notes_of_one_message_are_one_call(trial: Trial, three_overdue: SandboxCompany) -> None:
    [report] = trial.run()
    assert report.performed == {"remind": 1, "note": 3}
    assert sum(path.endswith("/attachable") for _, path in trial.sandbox.quickbooks.requests_seen) == 0
    assert notes_of_all(three_overdue) == [1, 1, 1]


@pytest.mark.parametrize(("fault", "noticed"), [("drop_before", 0), ("drop_after", 3)])
def test_notes_written_together_are_written_once_whatever_becomes_of_the_answer(
    trial: Trial, three_overdue: SandboxCompany, fault: str, noticed: int
) -> None:
    trial.sandbox.faults.add(Fault(fault, "POST", "/batch", skip=READINGS))
    [report] = trial.run()
    assert report.performed["note"] == noticed
    trial.let_pass(minutes=20)
    trial.run(times=2)
    assert notes_of_all(three_overdue) == [1, 1, 1]
    assert len(trial.mails()) == 1


def test_a_note_that_is_refused_keeps_none_of_the_others_from_being_written(
    trial: Trial, three_overdue: SandboxCompany
) -> None:
    gone = three_overdue.open_invoices()[0].id
    with deleted_before_the_notes(three_overdue, gone):
        [report] = trial.run()
    assert (report.performed["note"], report.failed) == (2, 1)


@pytest.mark.parametrize("retry_after", [None, 90])
def test_a_busy_platform_is_left_alone_and_tried_again(trial: Trial, platform: str, retry_after: int | None) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    method, path = INVOICES[platform]
    trial.sandbox.faults.add(Fault("throttle", method, path, args={"retry_after": retry_after}))
    [report] = trial.run()
    assert report.status == "partial"
    assert report.wait is not None
    assert trial.mails() == []
    trial.let_pass(minutes=5)
    [report] = trial.run()
    assert report.status == "ok", report.detail
    assert len(trial.mails()) == 1


def test_a_company_whose_day_is_used_up_is_parked_by_every_process_until_it_is_over(trial: Trial) -> None:
    books = trial.open_company("xero")
    company = trial.connect("xero", books)
    trial.sandbox.faults.add(Fault("throttle", args={"problem": "day", "retry_after": 20_000}))
    [report] = trial.run()
    assert (report.status, report.api_calls) == ("partial", 1)
    assert "pause of 6 hours: the calls that it allows this organisation in a day are used up" in report.detail
    [row] = trial.rows(Company, id=company)
    assert row.next_run_at - trial.sandbox.clock.now() > timedelta(hours=5)
    forget_paces()  # as another process, which has heard nothing
    [report] = trial.run()
    assert (report.status, report.api_calls) == ("partial", 0)
    trial.let_pass(seconds=20_001)
    [report] = trial.run()
    assert report.status == "ok", report.detail


def test_what_books_without_a_subscription_would_refuse_waits_and_the_mail_goes(trial: Trial) -> None:
    books = trial.open_company("quickbooks")
    overdue_invoice(books, trial.today, days=12)
    books.end_subscription("EXPIRED")  # type: ignore[attr-defined]
    trial.connect("quickbooks", books)
    [report] = trial.run()
    assert (report.status, dict(report.performed), report.failed) == ("ok", {"remind": 1}, 0)
    books.end_subscription("PAID")  # type: ignore[attr-defined]
    trial.let_pass(days=1)
    [report] = trial.run()
    assert (dict(report.performed), trial.tasks()) == ({"note": 1}, [])


def test_whoever_may_not_even_read_is_told_in_the_platforms_words(trial: Trial) -> None:
    books = trial.open_company("xero")
    trial.connect("xero", books)
    trial.sandbox.faults.add(Fault("forbidden", "GET", "/Contacts"))
    [report] = trial.run()
    assert report.status == "failed"
    assert "Xero does not permit this: " in report.detail


def test_a_token_that_dies_while_reading_is_renewed_and_reading_goes_on(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    method, path = INVOICES[platform]
    trial.sandbox.faults.add(Fault("token_expired", method, path))
    [report] = trial.run()
    assert trial.sandbox.faults.struck
    assert report.status == "ok", report.detail
    assert len(trial.mails()) == 1


def test_an_expired_access_token_is_renewed_before_it_is_used(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.let_pass(hours=2)
    [report] = trial.run()
    assert report.status == "ok", report.detail


def test_a_mail_server_that_is_away_costs_time_and_no_message(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.sandbox.faults.add(Fault("smtp_later"))
    [report] = trial.run()
    assert (report.status, trial.mails()) == ("partial", [])
    [act] = trial.acts(kind="remind")
    assert act.state == "approved"
    assert act.outcome
    trial.let_pass(minutes=40)
    trial.run()
    assert len(trial.mails()) == 1


def test_a_mail_that_may_have_gone_is_held_for_a_person_and_never_sent_again(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.sandbox.faults.add(Fault("smtp_cut_after_data"))
    [report] = trial.run()
    assert report.held == 1
    assert [task.kind for task in trial.tasks()] == ["held_action"]
    seen = len(trial.mails())
    trial.let_pass(days=1)
    trial.run(times=2)
    assert len(trial.mails()) == seen


def test_a_refused_address_is_told_and_the_rest_goes_on(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    overdue_invoice_of_another(trial, books)
    trial.connect(platform, books)
    trial.sandbox.faults.add(Fault("smtp_reject"))
    [report] = trial.run()
    assert (report.failed, report.performed["remind"]) == (1, 1)
    assert [task.kind for task in trial.tasks()] == ["failed_action"]


def test_one_record_with_a_word_nobody_knows_is_set_aside_and_named(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    overdue_invoice_of_another(trial, books)
    trial.connect(platform, books)
    method, path = ONE_INVOICE[platform]
    trial.sandbox.faults.add(Fault("bad_record", method, path))
    [report] = trial.run()
    assert report.status == "ok", report.detail
    [aside] = trial.rows(SetAsideRecord)
    assert aside.reason
    assert len(trial.mails()) == 1


def test_a_company_that_took_its_consent_back_waits_for_its_owner(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.disconnect_over_there(platform, books)
    [report] = trial.run()
    assert report.status == "reconnect_needed"
    [report] = trial.run()
    assert report.status == "reconnect_needed", "it is told at every cycle until the owner has connected again"
    assert trial.mails() == []
    trial.connect(platform, books)
    [report] = trial.run()
    assert report.status == "ok", report.detail
    assert len(trial.mails()) == 1


def test_one_bad_company_does_not_stop_another(trial: Trial) -> None:
    good, bad = trial.open_company("xero", "Good Ltd"), trial.open_company("quickbooks", "Bad Ltd")
    for books in (good, bad):
        overdue_invoice(books, trial.today, days=12)
    trial.connect("quickbooks", bad)
    trial.connect("xero", good)
    trial.disconnect_over_there("quickbooks", bad)
    statuses = {report.company: report.status for report in trial.run()}
    assert statuses == {"Good Ltd": "ok", "Bad Ltd": "reconnect_needed"}


def test_an_invoice_that_can_no_longer_be_read_is_not_chased_until_it_can(trial: Trial, platform: str) -> None:
    """reminded once; then its record turns unreadable; what we still hold of it may be out of date"""
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.run()
    trial.let_pass(days=8)
    books.change_due_date(invoice, trial.today + timedelta(days=30))
    method, path = ONE_INVOICE[platform]
    trial.sandbox.faults.add(Fault("bad_record", method, path, times=9))
    trial.run()
    assert len(trial.mails()) == 1
    assert trial.reasons()[invoice] == "unread"
    trial.sandbox.faults.clear()
    trial.let_pass(days=1)
    books.change_due_date(invoice, trial.today + timedelta(days=31))
    trial.run()
    assert trial.reasons()[invoice] == "starts_again"
