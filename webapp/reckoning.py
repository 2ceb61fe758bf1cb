"""What would have been done, and what would be done tonight: the two reckonings behind several pages, as jobs.

A job's key holds everything that the answer rests on, so that an answer is used again exactly as long as it is right.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from engine.financing import Book, Criteria, books
from engine.forecast import Outlook
from engine.policy import Policy
from engine.recovery import OwnLoss, own_losses, told_until
from engine.would import Change, Would, differences
from store import audit, forecast, lending, losses
from store.backtests import Tell, run_backtest
from store.forecast import Trend
from store.tonight import sending_day, tonight
from webapp import access
from webapp.formatting import local_today
from webapp.jobs import Job, jobs
from webapp.services import services

MONTHS = (3, 6, 12, 24)


def backtest_of(policy: Policy, months: int) -> Job:
    """A job whose result is an `engine.backtest.Backtest` of the company of this request."""
    database, company_id, today = services().database, access.company_id(), local_today()
    key = ("backtest", months, today, policy.to_yaml(), *_books_as_they_are())
    return jobs().ask(key, lambda tell: run_backtest(database, company_id, policy, today, months, tell))


def tonight_of(*policies: Policy) -> Job:
    """A job whose result is, for each policy, the list of what it would do on the next sending day."""
    database, company_id, today = services().database, access.company_id(), local_today()
    key = ("tonight", today, *(policy.to_yaml() for policy in policies), *_books_as_they_are())
    return jobs().ask(key, lambda tell: tonight(database, company_id, policies, today, tell))


def outlook_of() -> Job:
    """A job whose result is expected cash and the trend of DSO, each by currency."""
    database, company_id, today = services().database, access.company_id(), local_today()

    def work(_tell: Tell) -> tuple[list[Outlook], list[Trend]]:
        with database.read() as session:
            return forecast.expected_cash(session, company_id, today), forecast.dso_trend(session, company_id, today)

    return jobs().ask(("outlook", today, *_books_as_they_are()), work)


def financing_of(criteria: Criteria) -> Job:
    """A job whose result is the receivables as a lender looks at them, a `Book` for each currency."""
    database, company_id, today = services().database, access.company_id(), local_today()

    def work(_tell: Tell) -> tuple[Book, ...]:
        with database.read() as session:
            found = lending.receivables(session, company_id, today)
        return books(found.debts, found.unapplied, found.sales, today, criteria)

    return jobs().ask(("financing", today, criteria, *_books_as_they_are()), work)


def losses_of(currency: str, ages: tuple[int, ...]) -> Job:
    """A job whose result is an `OwnLoss` for each age that the company's own books tell of, in that currency."""
    database, company_id, today = services().database, access.company_id(), local_today()

    def work(_tell: Tell) -> list[OwnLoss]:
        with database.read() as session:
            known = losses.fates(session, company_id, currency, today, told_until(today, ages))
        return own_losses(known, today, ages)

    return jobs().ask(("losses", today, currency, ages, *_books_as_they_are()), work)


def changes_in(job: Job) -> list[Change]:
    """What the second of two policies would do otherwise than the first; empty while the job is under way."""
    both: Sequence[list[Would]] | None = job.result
    return [] if both is None else differences(both[0], both[1])


def next_sending_day(policy: Policy) -> date:
    """Today, or the day on which messages go out next."""
    return sending_day(policy, local_today())


def _books_as_they_are() -> tuple[Hashable, ...]:
    company = access.current_company()
    with services().database.read() as reading:
        said = audit.last_word(reading, access.company_id())
    return company.id, company.last_synced_at, said
