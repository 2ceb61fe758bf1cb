"""Once a day all open invoices are read again: what nobody announced is found, put right and told."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import update

from sandbox.faults import Fault
from store.sql import table_of
from store.tables import BooksCheck, Invoice, Payment, SetAsideRecord
from tests.trial import Trial, overdue_invoice

INVOICE = table_of(Invoice)


def read_books(trial: Trial, platform: str) -> None:
    """One customer with two open invoices, read long enough ago for no feed to repeat them to be safe."""
    books = trial.open_company(platform)
    customer, _ = overdue_invoice(books, trial.today, days=12)
    books.add_invoice(customer, [("Cups", Decimal(50))], issued_on=trial.today, due_on=trial.today)
    trial.set_mode(trial.connect(platform, books), "observe")
    for _ in range(2):
        trial.let_pass(days=2)
        trial.run()
    trial.let_pass(days=2)


def forget(trial: Trial, **values: object) -> Invoice:
    """Our copy misses something about one invoice, as if a feed had never told of it; returns how it was."""
    [invoice] = trial.rows(Invoice, due_on=trial.today - timedelta(days=6))
    with trial.house.database.begin() as session:
        session.execute(update(INVOICE).where(INVOICE.c.id == invoice.id).values(fingerprint="", **values))
    was: Invoice = invoice
    return was


def findings(trial: Trial) -> list[str]:
    [check] = trial.rows(BooksCheck)
    assert check.kind == "nightly"
    found: list[str] = json.loads(check.findings)
    assert check.differing == len(found)
    return found


def test_a_night_on_which_all_agrees_says_so(trial: Trial, platform: str) -> None:
    read_books(trial, platform)
    [report] = trial.run()
    assert (report.status, report.drift, findings(trial)) == ("ok", 0, [])
    [check] = trial.rows(BooksCheck)
    assert check.compared == 2


def test_a_change_that_no_feed_told_of_is_found_put_right_and_told(trial: Trial, platform: str) -> None:
    read_books(trial, platform)
    was = forget(trial, stated_balance=4000, balance=4000)
    [report] = trial.run()
    assert report.drift == 1
    assert findings(trial)[0].startswith(f"{was.number}: balance 40.00 GBP here, ")
    [invoice] = trial.rows(Invoice, id=was.id)
    assert (invoice.balance, invoice.has_drift) == (was.balance, False)


DAMAGED_PAYMENT = {"quickbooks": "#Payment", "xero": "/Payments"}


def test_a_payment_that_came_damaged_is_read_again_at_night_and_counts(trial: Trial, platform: str) -> None:
    """it does not change over there, and other things do: no feed tells of it again"""
    books = trial.open_company(platform)
    customer, invoice = overdue_invoice(books, trial.today, days=12)
    balance = books.open_invoices()[0].balance
    books.receive_payment(customer, balance, trial.today, {invoice: balance})
    trial.set_mode(trial.connect(platform, books), "observe")
    trial.let_pass(hours=1)
    books.add_customer("Somebody Else")
    trial.sandbox.faults.add(Fault("bad_record", path=DAMAGED_PAYMENT[platform]))
    trial.run()
    assert [aside.entity for aside in trial.rows(SetAsideRecord, resolved_at=None)] == ["payment"]
    for _ in range(2):
        trial.let_pass(days=2)
        [report] = trial.run()
        assert report.status == "ok", report.detail
    assert trial.rows(SetAsideRecord, resolved_at=None) == []
    assert len(trial.rows(Payment)) == 1


def test_an_invoice_that_is_gone_without_a_word_is_owed_no_more(trial: Trial, platform: str) -> None:
    read_books(trial, platform)
    forget(trial, id="00000000-0000-4000-8000-000000000000" if platform == "xero" else "90210", number="LOST")
    trial.run()
    assert "LOST: no longer there on the platform" in findings(trial)
    [lost] = trial.rows(Invoice, number="LOST")
    assert lost.status == "deleted"
