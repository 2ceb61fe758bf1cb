"""Odd days: clocks go forward or back in the night, February has 29 days. Each step once, on its day, in the window."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from store import companies
from tests.crash.checks import money_agrees, nothing_silent, nothing_twice
from tests.crash.conftest import Count
from tests.crash.stage import Case, Stage

EVERY = timedelta(hours=3)
OPENS, CLOSES = time(9), time(17)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("time_zone", "from_on", "due_on", "steps_on"),
    [
        # Forward on Sunday 29 March 2026: step 2, three days overdue, falls on it and waits for Monday.
        ("Europe/London", date(2026, 3, 27), date(2026, 3, 26), [date(2026, 3, 30)]),
        # Back on Sunday 25 October 2026.
        ("Europe/London", date(2026, 10, 23), date(2026, 10, 22), [date(2026, 10, 26)]),
        ("America/New_York", date(2026, 3, 6), date(2026, 3, 5), [date(2026, 3, 9)]),
        ("Pacific/Auckland", date(2026, 4, 2), date(2026, 4, 1), [date(2026, 4, 6)]),
        # Half an hour of daylight saving, back on Sunday 5 April 2026.
        ("Australia/Lord_Howe", date(2026, 4, 2), date(2026, 4, 1), [date(2026, 4, 6)]),
        # Three days after 26 February 2028 is the 29th, a Tuesday.
        ("Europe/London", date(2028, 2, 27), date(2028, 2, 26), [date(2028, 2, 29)]),
    ],
    ids=str,
)
def test_each_step_goes_out_once_on_its_own_day(
    stage: Stage, platform: str, time_zone: str, from_on: date, due_on: date, steps_on: list[date], count: Count
) -> None:
    zone = ZoneInfo(time_zone)

    def a_bill(case: Case) -> None:
        """Due on that day, in a company whose owner has said where it is: QuickBooks Online does not."""
        with case.parts.database.begin() as session:
            companies.set_contact(session, case.company_id, time_zone=time_zone, email="", now=case.now, by="test")
        lines = [("Beans, 5 kg", Decimal(120))]
        case.books.add_invoice(case.customer(), lines, issued_on=due_on - timedelta(days=30), due_on=due_on)

    at = datetime.combine(from_on, time(0, 10), zone).astimezone(UTC)
    case = stage.open(platform, a_bill, at=at, time_zone=time_zone)
    while case.now.astimezone(zone).date() <= steps_on[-1] + timedelta(days=2):
        report = case.run()
        assert report.status == "ok", report.detail
        case.let_pass(EVERY)
    count(1)
    sent = [mail.received_at.astimezone(zone) for mail in case.mails()]
    assert [at.date() for at in sent] == steps_on
    assert all(OPENS <= at.time() < CLOSES for at in sent)
    assert nothing_twice(case) + nothing_silent(case) + money_agrees(case) == []
