"""First delivery from end to end: the platform sends what was approved and never sent, once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from engine.policy import Delivery
from sandbox.company import SandboxCompany
from sandbox.faults import Fault
from tests.trial import Trial

SEND = Delivery(unsent="send", only_if_usual=False)


def unsent_invoice(trial: Trial, books: SandboxCompany) -> str:
    """Issued today, due in a month, and forgotten."""
    customer = books.add_customer("Larkspur Café", "ap@larkspur.example")
    due_on = trial.today + timedelta(days=30)
    return books.add_invoice(
        customer, [("Beans", Decimal("120.00"))], issued_on=trial.today, due_on=due_on, is_sent=False
    )


def sent_by(books: SandboxCompany) -> int:
    """Mails that the platform itself has sent."""
    return len(getattr(books, "outbox", None) or getattr(getattr(books, "books", None), "outbox", []))


def test_an_invoice_that_was_never_sent_is_sent_by_the_platform_once(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    unsent_invoice(trial, books)
    company = trial.connect(platform, books)
    trial.save_policy(company, delivery=SEND)
    [report] = trial.run()
    assert (report.status, report.performed) == ("ok", {"deliver": 1}), report.detail
    trial.run(times=2)
    assert (sent_by(books), trial.mails()) == (1, [])


def test_delivery_waits_for_the_morning_and_for_approval(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    unsent_invoice(trial, books)
    company = trial.connect(platform, books)
    trial.save_policy(company, delivery=SEND)
    trial.set_mode(company, "approve")
    trial.run()
    [act] = trial.acts(kind="deliver")
    trial.approve(company, act.key)
    trial.let_pass(hours=12)
    trial.run()
    assert sent_by(books) == 0
    trial.let_pass(hours=12)
    trial.run()
    assert sent_by(books) == 1


def test_a_delivery_nobody_heard_of_is_held_for_a_person(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    unsent_invoice(trial, books)
    company = trial.connect(platform, books)
    trial.save_policy(company, delivery=SEND)
    path = "(?i)/email$" if platform == "xero" else "(?i)/send$"
    trial.sandbox.faults.add(Fault("drop_after", "POST", path))
    trial.run(times=3)
    assert (sent_by(books), [task.kind for task in trial.tasks()]) == (1, ["held_action"])
