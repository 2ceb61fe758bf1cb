"""A backtest of one company's stored history: customer by customer, in short reads, telling how far it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from engine.backtest import Backtest, Tally
from engine.policy import Policy
from store import history
from store.database import Database
from store.sql import chunks

CUSTOMERS_AT_ONCE = 100
MOST_MONTHS = 24

Tell = Callable[[int, int], None]
"""Called with (customers done, customers in all)."""


def run_backtest(
    database: Database, company_id: int, policy: Policy, today: date, months: int, tell: Tell = lambda _done, _all: None
) -> Backtest:
    """What `policy` would have done in the so many months up to yesterday. `today` is the company's own."""
    first_on, last_on = months_before(today, months), today - timedelta(days=1)
    with database.read() as session:
        names = history.customers_with_history(session, company_id, first_on)
    tally, done = Tally(policy, first_on, last_on), 0
    tell(done, len(names))
    for some in chunks(names, CUSTOMERS_AT_ONCE):
        with database.read() as session:
            pasts = history.pasts(session, company_id, some, today, first_on)
        for past in pasts:
            tally.add(past)
            done += 1
            tell(done, len(names))
    return tally.result()


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; the last of that month where it has no such day."""
    place = day.year * 12 + day.month - 1 - months
    first = date(place // 12, place % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
