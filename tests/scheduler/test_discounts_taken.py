"""A discount that was taken in time is credited from end to end, once, and never asked for again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.policy import Discount
from sandbox.company import SandboxCompany
from sandbox.faults import Fault
from store import ledger
from store.tables import Invoice
from tests.trial import Trial

OFFER = Discount(percent=Decimal(2), days=10, tell_days_before=10, credit_taken=True)
"""2 % within 10 days, told at once."""


@pytest.fixture
def books(trial: Trial, platform: str) -> SandboxCompany:
    """A company with one invoice over 1,000.00, and tax where there is some, issued today and due in 30 days."""
    books = trial.open_company(platform)
    customer = books.add_customer("Larkspur Café", "ap@larkspur.example")
    due_on = trial.today + timedelta(days=30)
    books.add_invoice(customer, [("Beans", Decimal("1000.00"))], issued_on=trial.today, due_on=due_on)
    return books


def pays_less_the_discount(trial: Trial, books: SandboxCompany, *, after_days: int = 5) -> str:
    """The offer is made, and so many days later the customer pays 98 %; returns the invoice's id."""
    trial.run()
    trial.let_pass(days=after_days)
    [invoice] = books.open_invoices()
    paid = (invoice.balance * Decimal("0.98")).quantize(Decimal("0.01"))
    books.receive_payment(invoice.customer_id, paid, trial.today, {invoice.id: paid})
    return invoice.id


def test_what_is_left_of_an_invoice_paid_in_time_is_credited_once(
    trial: Trial, books: SandboxCompany, platform: str
) -> None:
    company = trial.connect(platform, books)
    trial.save_policy(company, discount=OFFER)
    invoice = pays_less_the_discount(trial, books)
    [report] = trial.run()
    assert (report.status, report.performed) == ("ok", {"discount_credit": 1, "note": 1}), report.detail
    trial.run(times=2)
    assert list(books.open_invoices()) == []
    [row] = trial.rows(Invoice, id=invoice)
    assert (row.status, row.balance, row.has_drift) == ("paid", 0, False)
    assert "Early-payment discount of " in books.notes_on("invoice", invoice)[-1]


def test_a_discount_taken_too_late_is_owed(trial: Trial, books: SandboxCompany, platform: str) -> None:
    trial.save_policy(trial.connect(platform, books), discount=OFFER)
    pays_less_the_discount(trial, books, after_days=12)
    trial.run()
    assert (trial.acts(kind="discount_credit"), len(books.open_invoices())) == ([], 1)


@pytest.mark.parametrize("write", ["the credit", "its application"])
def test_a_credit_whose_answer_is_lost_is_made_and_applied_once(
    trial: Trial, books: SandboxCompany, platform: str, write: str
) -> None:
    calls = {
        ("xero", "the credit"): ("PUT", "/CreditNotes$"),
        ("xero", "its application"): ("PUT", "/Allocations$"),
        ("quickbooks", "the credit"): ("POST", "(?i)/creditmemo$"),
        ("quickbooks", "its application"): ("POST", "(?i)/payment$"),
    }
    trial.save_policy(trial.connect(platform, books), discount=OFFER)
    pays_less_the_discount(trial, books)
    trial.sandbox.faults.add(Fault("drop_after", *calls[platform, write]))
    trial.run(times=3)
    assert [act.state for act in trial.acts(kind="discount_credit")] == ["done"]
    assert list(books.open_invoices()) == []


def test_what_a_person_turns_down_is_owed(trial: Trial, books: SandboxCompany, platform: str) -> None:
    company = trial.connect(platform, books)
    trial.save_policy(company, discount=OFFER)
    invoice = pays_less_the_discount(trial, books)
    trial.set_mode(company, "approve")
    trial.run()
    [act] = trial.acts(kind="discount_credit")
    assert (act.state, len(books.open_invoices())) == ("planned", 1)
    with trial.house.database.begin() as session:
        assert ledger.reject(session, company, act.key, trial.sandbox.clock.now(), "test")
    trial.run()
    assert trial.reasons()[invoice] != "discount_taken"
    assert len(books.open_invoices()) == 1


@pytest.mark.parametrize("answer", ["credit", "chase"])
def test_a_discount_taken_late_waits_for_the_owners_word(trial: Trial, answer: str) -> None:
    books = trial.open_company("xero")
    customer = books.add_customer("Larkspur Café", "ap@larkspur.example")
    due_on = trial.today + timedelta(days=30)
    books.add_invoice(customer, [("Beans", Decimal("1000.00"))], issued_on=trial.today, due_on=due_on)
    company = trial.connect("xero", books)
    trial.save_policy(company, discount=OFFER.model_copy(update={"taken_late": "ask"}))
    pays_less_the_discount(trial, books, after_days=12)
    trial.run()
    [question] = trial.tasks()
    assert (question.kind, trial.acts(kind="discount_credit")) == ("late_discount", [])
    page = trial.browser.get(f"{trial.address}/tasks?company={company}")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    said = {"csrf_token": token, "company": company, "task": question.id, "answer": answer}
    trial.browser.post(f"{trial.address}/tasks/settle", data=said, headers={"Referer": page.url}).raise_for_status()
    trial.run(times=2)
    assert (len(trial.acts(kind="discount_credit", state="done")), trial.tasks()) == (int(answer == "credit"), [])
    assert len(books.open_invoices()) == int(answer == "chase")
