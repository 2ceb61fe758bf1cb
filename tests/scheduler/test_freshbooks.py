"""A run on FreshBooks: what it has a place for is done there, and nothing is tried that it has none for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from engine.keys import is_fee_reference
from engine.policy import Discount
from store.tables import CustomerWish
from tests.scheduler.booked import charge_fees
from tests.trial import KEYS, Trial, a_trial, overdue_invoice


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with a_trial(tmp_path, freshbooks_client_id=KEYS[0], freshbooks_client_secret=KEYS[1]) as trial:
        yield trial


def test_a_late_payer_is_reminded_and_held_without_a_note_over_there(trial: Trial) -> None:
    """no place for notes that the customer would not see: none is written, none fails, and the hold is known here"""
    books = trial.open_company("freshbooks")
    customer, invoice = overdue_invoice(books, trial.today, days=75)
    trial.connect("freshbooks", books)
    [report] = trial.run()
    assert (report.status, report.failed, report.held) == ("ok", 0, 0), report.detail
    assert [mail.subject for mail in trial.mails()] != []
    assert {act.kind for act in trial.acts()} == {"remind", "hold"}
    assert [row.is_on_hold for row in trial.rows(CustomerWish, customer_id=customer)] == [True]
    assert books.notes_on("customer", customer) == []
    page = trial.browser.get(f"{trial.address}/customers/{customer}", timeout=10).text
    assert "your books have no place for it" in page
    books.receive_payment(customer, Decimal("120.00"), trial.today, {invoice: Decimal("120.00")})
    trial.let_pass(hours=24)
    [report] = trial.run()
    assert (report.status, report.performed) == ("ok", {"release": 1}), report.detail
    assert [row.is_on_hold for row in trial.rows(CustomerWish, customer_id=customer)] == [False]


def test_a_late_fee_is_made_there_once_sent_and_never_charged_on(trial: Trial) -> None:
    books = trial.open_company("freshbooks")
    overdue_invoice(books, trial.today, days=30, amount="1200.00")
    charge_fees(trial, trial.connect("freshbooks", books), is_booked=False)
    trial.run(times=2)
    fee = min(books.open_invoices(), key=lambda one: one.total)
    assert is_fee_reference(books.books.invoices[int(fee.id)].po_number or "")  # type: ignore[attr-defined]
    trial.let_pass(days=20)
    trial.run()
    assert (trial.reasons()[fee.id], len(books.open_invoices())) == ("own_fee", 2)


@pytest.mark.parametrize("is_made_first", [True, False])
def test_a_discount_is_credited_by_hand_and_not_chased_meanwhile(trial: Trial, *, is_made_first: bool) -> None:
    """how FreshBooks puts a credit on one invoice is not established: a person does it and says so, in either order"""
    books = trial.open_company("freshbooks")
    customer, invoice = overdue_invoice(books, trial.today, days=-20, amount="1000.00")
    company = trial.connect("freshbooks", books)
    trial.save_policy(company, discount=Discount(percent=Decimal(2), days=20, tell_days_before=20, credit_taken=True))
    trial.run()
    trial.let_pass(days=1)
    books.receive_payment(customer, Decimal(980), trial.today, {invoice: Decimal(980)})
    trial.run(times=2)
    assert trial.reasons()[invoice] == "discount_taken"
    [act] = trial.acts(kind="discount_credit")
    [task] = trial.tasks()
    assert "Make a credit of 20.00" in task.detail

    def makes_it() -> None:
        books.add_credit_note(customer, Decimal(20), trial.today, {invoice: Decimal(20)})

    def says_so() -> None:
        trial.approve(company, act.key)

    for step in (makes_it, says_so) if is_made_first else (says_so, makes_it):
        step()
        trial.let_pass(days=1)
        [report] = trial.run()
        assert (report.status, report.failed) == ("ok", 0), report.detail
    assert (trial.reasons(), trial.tasks(), len(trial.mails())) == ({}, [], 1)
    assert [act.state for act in trial.acts(kind="discount_credit")] == ["done"]
