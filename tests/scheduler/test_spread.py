"""Messages spread over the morning: each customer has a time of their own, and the owner sees it beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.hours import SLOT
from engine.policy import Calendar
from tests.trial import Trial, a_trial, overdue_invoice

BEFORE_OPENING = datetime.fromisoformat("2026-03-04T07:00:00+00:00")


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with a_trial(tmp_path, at=BEFORE_OPENING) as trial:
        yield trial


def test_a_message_waits_for_its_customers_own_time_and_home_says_when(trial: Trial) -> None:
    books = trial.open_company("quickbooks")
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect("quickbooks", books)
    trial.save_policy(company, calendar=Calendar(time_zone="Europe/London", country="GB", spread_minutes=240))
    trial.run()
    [waiting] = trial.acts(kind="remind")
    opens = trial.sandbox.clock.now().replace(hour=9, minute=0)
    assert waiting.not_before_at is not None
    assert opens < waiting.not_before_at <= opens + timedelta(hours=4)
    page = trial.browser.get(f"{trial.address}/?company={company}").text
    assert f"{waiting.not_before_at:%H:%M}" in page
    trial.let_pass(seconds=(waiting.not_before_at - trial.sandbox.clock.now() - SLOT).total_seconds())
    trial.run()
    assert trial.mails() == []
    trial.let_pass(seconds=SLOT.total_seconds())
    trial.run()
    assert len(trial.mails()) == 1
