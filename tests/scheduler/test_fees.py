"""Late fees from end to end, on both platforms: charged once, booked where the owner said, never on a fee."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.keys import fee_reference
from engine.policy import Booking, Place
from sandbox.faults import Fault
from store.tables import FeeCharge
from store.wishes import Speaker
from tests.scheduler.booked import CLAUSE, charge_fees, documents, fees_made, place
from tests.trial import Trial, overdue_invoice


def test_a_late_invoice_is_charged_once_a_month(trial: Trial, platform: str) -> None:
    """
    policy   12 % a year, on the first of the month
    invoice  120.00 and tax, due on 2 February: 27 days up to 1 March, 58 up to 1 April
    """
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    charge_fees(trial, trial.connect(platform, books))
    owed = books.open_invoices()[0].balance
    [report] = trial.run()
    assert (report.status, report.performed["fee"]) == ("ok", 1), report.detail
    trial.run(times=2)
    [fee] = fees_made(books)
    assert fee.total >= (owed * 12 * 27 / 36500).quantize(Decimal("0.01"))
    trial.let_pass(days=28)
    trial.run(times=2)
    assert [act.state for act in trial.acts(kind="fee")] == ["done", "done"]
    assert len(fees_made(books)) == 2


def test_no_fee_is_charged_on_a_fee_nor_is_it_reminded_of(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    charge_fees(trial, trial.connect(platform, books))
    trial.run()
    [fee] = fees_made(books)
    trial.let_pass(days=60)
    trial.run(times=2)
    assert trial.reasons()[fee.id] == "own_fee"
    assert trial.mails() == []
    charged = {row.invoice_id for row in trial.rows(FeeCharge)}
    assert fee.id not in charged


def test_the_invoice_says_what_was_charged_for_it(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=30, amount="1200.00")
    charge_fees(trial, trial.connect(platform, books))
    trial.run()
    [note] = books.notes_on("invoice", invoice)
    assert "Late payment" in note
    assert "LF-" in note


def test_no_fee_before_its_place_is_chosen_and_one_question_for_the_owner(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    company = trial.connect(platform, books)
    charge_fees(trial, company, is_booked=False)
    trial.run(times=2)
    [task] = trial.tasks()
    assert (task.kind, task.title) == ("fee_booking", "Choose where late fees are booked")
    assert trial.acts(kind="fee") == []
    trial.save_policy(company, booking=Booking(fees=place(trial, company)))
    trial.run()
    assert (len(fees_made(books)), trial.tasks()) == (1, [])


def test_observe_mode_charges_nothing_and_asks_nothing(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    company = trial.connect(platform, books)
    charge_fees(trial, company, is_booked=False)
    trial.set_mode(company, "observe")
    [report] = trial.run()
    assert report.decided["fee"] == 1
    assert (fees_made(books), trial.acts(), trial.tasks()) == ([], [], [])


def test_a_fee_waits_for_approval_over_there_or_here_where_there_are_no_drafts(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    company = trial.connect(platform, books)
    charge_fees(trial, company, as_draft=True)
    trial.run()
    assert fees_made(books) == []
    [fee] = trial.acts(kind="fee")
    if platform == "xero":
        assert (fee.state, documents(trial, company).find_fee(fee_reference(fee.key))) == ("done", fee.outcome)
        return
    assert fee.state == "planned"
    trial.approve(company, fee.key)
    trial.run()
    assert len(fees_made(books)) == 1


def test_a_payment_that_comes_before_the_approval_is_reckoned_with_and_asked_anew(trial: Trial, platform: str) -> None:
    """the customer paid on 20 February, which is booked only after the fee was put before a person"""
    books = trial.open_company(platform)
    customer, invoice = overdue_invoice(books, trial.today, days=30, amount="1200.00")
    company = trial.connect(platform, books)
    charge_fees(trial, company)
    trial.set_mode(company, "approve")
    trial.run()
    [fee] = trial.acts(kind="fee")
    trial.approve(company, fee.key)
    owed = books.open_invoices()[0].balance
    books.receive_payment(customer, owed, date(2026, 2, 20), {invoice: owed})
    trial.run()
    [again] = trial.acts(kind="fee")
    assert (again.state, fees_made(books)) == ("planned", [])
    assert again.reason != fee.reason


def test_a_lost_answer_makes_one_fee(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    charge_fees(trial, trial.connect(platform, books))
    trial.sandbox.faults.add(Fault("drop_after", "PUT" if platform == "xero" else "POST", "(?i)/invoices?$"))
    trial.run(times=3)
    assert [act.state for act in trial.acts(kind="fee")] == ["done"]
    assert len(fees_made(books)) == 1


def test_a_fee_that_the_platform_refuses_is_told(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    company = trial.connect(platform, books)
    charge_fees(trial, company)
    nowhere = Place(account="000", item="9999", tax="9999")
    trial.save_policy(company, booking=Booking(fees=nowhere))
    trial.run(times=2)
    assert [task.kind for task in trial.tasks()] == ["failed_action"]
    assert fees_made(books) == []


def test_an_exempt_customer_is_charged_nothing(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    customer, _ = overdue_invoice(books, trial.today, days=30, amount="1200.00")
    company = trial.connect(platform, books)
    trial.run()
    charge_fees(trial, company)
    with trial.house.database.begin() as session:
        Speaker(session, company, trial.sandbox.clock.now(), "test").exempt_from_fees(customer, True)
    trial.run()
    assert (trial.acts(kind="fee"), fees_made(books)) == ([], [])


def test_the_document_carries_the_clause_and_the_calculation(trial: Trial) -> None:
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    charge_fees(trial, trial.connect("xero", books))
    trial.run()
    [body] = [act.body for act in trial.acts(kind="fee")]
    assert CLAUSE in body
    assert "× 12 % a year × 27/365" in body


def test_a_document_is_in_the_customers_language(trial: Trial) -> None:
    """The clause is the company's own and stays as it is."""
    books = trial.open_company("xero")
    customer, _ = overdue_invoice(books, trial.today, days=30, amount="1200.00")
    company = trial.connect("xero", books)
    trial.run()
    with trial.house.database.begin() as session:
        Speaker(session, company, trial.sandbox.clock.now(), "test").language(customer, "es")
    charge_fees(trial, company)
    trial.run()
    [act] = trial.acts(kind="fee")
    assert (act.state, CLAUSE in act.body) == ("done", True)
    assert "× 12 % anual × 27/365" in act.body


def test_a_fee_that_a_person_takes_back_leaves_the_books_and_is_not_charged_again(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=30, amount="1200.00")
    company = trial.connect(platform, books)
    charge_fees(trial, company)
    trial.run()
    [fee] = trial.acts(kind="fee")
    with trial.house.database.begin() as session:
        Speaker(session, company, trial.sandbox.clock.now(), "user 1").take_back_fee(fee.key, "a good customer")
    [report] = trial.run()
    assert (report.status, report.performed["fee_reversal"]) == ("ok", 1), report.detail
    assert fees_made(books) == []
    assert "a good customer" in books.notes_on("invoice", invoice)[-1]
    trial.run()
    assert [act.state for act in trial.acts(kind="fee")] == ["done"]
