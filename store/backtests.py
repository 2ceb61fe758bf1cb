"""A backtest of one company's stored history: family by family, in short reads, telling how far it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from engine.backtest import Backtest, Tally
from engine.policy import Policy
from store import families, history
from store.database import Database

FAMILIES_AT_ONCE = 100
MOST_MONTHS = 24

Tell = Callable[[int, int], None]
"""Called with how many are done, and how many there are: customers, each with those told of together with it."""


def run_backtest(
    database: Database, company_id: int, policy: Policy, today: date, months: int, tell: Tell = lambda _done, _all: None
) -> Backtest:
    """What `policy` would have done in the so many months up to yesterday. `today` is the company's own."""
    first_on, last_on = months_before(today, months), today - timedelta(days=1)
    with database.read() as session:
        names = history.customers_with_history(session, company_id, first_on)
        every = families.families(session, company_id, names, [policy])
    tally = Tally(policy, first_on, last_on)
    tell(0, len(every))
    for start in range(0, len(every), FAMILIES_AT_ONCE):
        some = every[start : start + FAMILIES_AT_ONCE]
        with database.read() as session:
            found = history.pasts(session, company_id, [name for family in some for name in family], today, first_on)
        known = {past.account.customer_id: past for past in found}
        for done, family in enumerate(some, start + 1):
            if present := [known[name] for name in family if name in known]:
                tally.add(present)
            tell(done, len(every))
    return tally.result()


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; the last of that month where it has no such day."""
    place = day.year * 12 + day.month - 1 - months
    first = date(place // 12, place % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
