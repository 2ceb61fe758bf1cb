"""Right of contact: what laws and regulators say about how often, and at what hours, a debtor may be contacted.

Pure, dated data with its sources; no legal advice. A rule binds whoever its source says it binds; where a source speaks
of collectors only (the United States), the same limits serve as the safe default for consumers. Hours are the debtor's
(`engine.hours`); the company's own time zone stands in for one that is not known.
"""

from __future__ import annotations

from datetime import date, time

from msgspec import Struct

from engine.policy import Budget, Calendar
from engine.policy.rights import Rights

_ALL_DAY = (time(0, 0), time(23, 59, 59))


class ContactLaw(Struct, frozen=True, kw_only=True):
    """The limits of one place, from `since_on` on. Hours are (from, until) on weekdays and on weekends."""

    name: str
    country: str
    """ISO 3166; empty for the default where no other is known."""
    binds_businesses: bool
    """Whether it also protects debtors who are businesses."""
    since_on: date
    per_days: int = 7
    contacts: int = 7
    """At most so many contacts in `per_days` days."""
    weekdays: tuple[time, time] = _ALL_DAY
    weekends: tuple[time, time] = _ALL_DAY
    source: str = ""


LAWS = (
    ContactLaw(
        name="Regulation F",
        country="US",
        binds_businesses=False,
        since_on=date(2021, 11, 30),
        contacts=7,
        weekdays=(time(8), time(21)),
        weekends=(time(8), time(21)),
        source=(
            "12 CFR 1006.6 (8 am to 9 pm at the consumer's place) and 1006.14(b)(2) (7 calls in 7 days per debt); "
            "consumerfinance.gov/rules-policy/regulations/1006. Collectors only; no number is set for emails."
        ),
    ),
    ContactLaw(
        name="RG 96",
        country="AU",
        binds_businesses=False,
        since_on=date(2010, 1, 1),
        contacts=3,
        weekdays=(time(7, 30), time(21)),
        weekends=(time(9), time(21)),
        source=(
            "ACCC and ASIC, Debt collection guideline (RG 96): 7.30 am to 9 pm on weekdays, 9 am to 9 pm on weekends, "
            "at most 3 contacts a week. Binds creditors who collect their own debts."
        ),
    ),
    ContactLaw(
        name="safe default for consumers",
        country="",
        binds_businesses=False,
        since_on=date(2021, 11, 30),
        contacts=3,
        weekdays=(time(8), time(21)),
        weekends=(time(9), time(21)),
        source="The stricter of Regulation F and RG 96, where no rule of the country is known here.",
    ),
)


def law_of(calendar: Calendar, rights: Rights) -> ContactLaw | None:
    """The limits to keep; None between businesses where no rule protects them."""
    own = next((law for law in LAWS if law.country and law.country == calendar.country), LAWS[-1])
    return own if rights.customers == "consumers" or own.binds_businesses else None


def within_law(budget: Budget, law: ContactLaw | None) -> Budget:
    """The contact budget, never above the law's. Where their windows differ the law's count holds in the longer one."""
    if law is None:
        return budget
    return budget.model_copy(
        update={
            "messages": min(budget.messages, law.contacts),
            "per_days": max(budget.per_days, law.per_days),
        }
    )


def hours_on(calendar: Calendar, law: ContactLaw | None, day: date) -> tuple[time, time]:
    """From when until before when messages may go out on `day`: the policy's window, narrowed to the law's hours.

    Where the two never meet the law's hours alone count: a message that may never go out would be lost.
    """
    if law is None:
        return calendar.opens, calendar.closes
    lawful = law.weekdays if day.weekday() < 5 else law.weekends
    opens, closes = max(calendar.opens, lawful[0]), min(calendar.closes, lawful[1])
    return (opens, closes) if opens < closes else lawful
