"""A message that waits for approval is put into other words: those go out, unless the books say something else now."""

from __future__ import annotations

import json
from decimal import Decimal

import msgspec

from connectors.mail.message import SendMail, edited
from connectors.mail.templates import Source
from store import ledger
from store.tables import AuditEntry
from tests.trial import Trial, overdue_invoice


def reworded(trial: Trial, company: int) -> str:
    """The one reminder that waits, in the owner's words; returns its key."""
    [act] = trial.acts(kind="remind", state="planned")
    message = msgspec.json.decode(act.body, type=SendMail)
    words = Source("About the beans", "Hi Jo, you owe us 144.00.\n\n{{ invoice_table }}")
    body = msgspec.json.encode(edited(message, words, "user 1")).decode()
    at = trial.sandbox.clock.now()
    with trial.house.database.begin() as session:
        assert ledger.reword(session, company, act.key, act.body, body, at, "user 1", subject=words.subject)
        assert not ledger.reword(session, company, act.key, act.body, body, at, "user 2"), "somebody was first"
    return act.key


def test_what_the_owner_wrote_is_what_goes_out_once(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect(platform, books)
    trial.set_mode(company, "approve")
    trial.run()
    key = reworded(trial, company)
    trial.let_pass(days=1)
    trial.approve(company, key)
    trial.run(times=2)
    [mail] = trial.mails()
    assert mail.subject == "About the beans"
    assert "Hi Jo, you owe us 144.00." in mail.text
    assert "13 days overdue" in mail.text
    [said] = trial.rows(AuditEntry, what="reworded")
    assert (said.actor, json.loads(said.details)["subject"]) == ("user 1", "About the beans")


def test_words_about_an_old_balance_do_not_go_out(trial: Trial) -> None:
    """100.00 of 144.00 is paid after the owner wrote "you owe us 144.00": it is written anew, and asked again"""
    books = trial.open_company("xero")
    customer, invoice = overdue_invoice(books, trial.today, days=12)
    company = trial.connect("xero", books)
    trial.set_mode(company, "approve")
    trial.run()
    key = reworded(trial, company)
    books.receive_payment(customer, Decimal(100), trial.today, {invoice: Decimal(100)})
    trial.approve(company, key)
    trial.run()
    assert trial.mails() == []
    [act] = trial.acts(kind="remind", state="planned")
    assert "About the beans" not in act.body
    assert [task.kind for task in trial.tasks()] == ["approve"]
