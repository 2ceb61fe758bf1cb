"""A promise reaches the platform where the policy says so, and where there is a place for it."""

from __future__ import annotations

from datetime import timedelta

from engine.policy import Promises
from store.scope import Scope
from store.tables import Invoice
from store.wishes import Speaker
from tests.trial import Trial, overdue_invoice


def test_a_promised_day_is_shown_once_on_the_invoice(trial: Trial, platform: str) -> None:
    """QuickBooks Online has no place for it: nothing is tried there"""
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=5)
    company = trial.connect(platform, books)
    trial.save_policy(company, promises=Promises(show_on_invoice=True))
    trial.set_mode(company, "approve")
    trial.run()
    day = trial.today + timedelta(days=10)
    with trial.house.database.begin() as session:
        Speaker(session, company, trial.sandbox.clock.now(), "user 1").promise(invoice, day)
    trial.run(times=2)
    expected = [("done", "")] if platform == "xero" else []
    assert [(act.state, act.outcome) for act in trial.acts(kind="expect")] == expected
    with trial.house.database.read() as session:
        row = Scope(session, company).get(Invoice, id=invoice)
    assert row is not None
    assert row.expected_on == (day if platform == "xero" else None)
    assert trial.mails() == []
