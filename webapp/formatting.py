"""How amounts, days and instants are written on a page: by the company's country, in English, never rounding twice."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency
from flask import Flask, g

from engine.books import InvoiceStatus
from engine.money import Money
from store.tables import Invoice
from webapp.services import now

FALLBACK = "en_GB"


def install(app: Flask) -> None:
    """Make the functions below known to every template."""
    app.jinja_env.tests["in_month"] = in_month
    app.jinja_env.filters.update(
        money=money, day=day, month=month, instant=instant, clock=clock, ago=ago, phrase=phrase, still_open=still_open
    )


def money(minor: int, currency: str) -> str:
    """`money(123050, "USD")` is "US$1,230.50" in London and "$1,230.50" in New York."""
    return format_currency(Money(minor, currency).amount, currency, locale=_locale())


def day(value: date | None) -> str:
    """ "22 Nov 2026"; a dash where there is none."""
    return format_date(value, "medium", locale=_locale()) if value else "–"


def in_month(value: date, first_on: date) -> bool:
    """A template's test: whether a day lies in the month that begins with the other."""
    return (value.year, value.month) == (first_on.year, first_on.month)


def month(value: date) -> str:
    """ "Nov 2026"."""
    return format_date(value, "MMM y", locale=_locale())


def instant(value: datetime | None) -> str:
    """Day and time in the company's own zone."""
    if value is None:
        return "–"
    return f"{day(value.astimezone(_zone()).date())}, {clock(value)}"


def clock(value: datetime) -> str:
    """ "14:05", in the company's own zone."""
    return format_datetime(value.astimezone(_zone()), "HH:mm", locale=_locale())


def still_open(invoice: Invoice) -> int:
    """What decisions count as owed on an invoice: the smaller of our balance and the platform's, in minor units."""
    if invoice.status != InvoiceStatus.OPEN:
        return 0
    return max(min(invoice.balance, invoice.stated_balance), 0)


def ago(value: datetime | None) -> str:
    """ "2 minutes ago", "in 3 hours"; "never" where there is none."""
    if value is None:
        return "never"
    gap = value - now()
    if abs(gap.total_seconds()) < 60:
        return "just now" if gap.total_seconds() <= 0 else "in a moment"
    return format_timedelta(gap, add_direction=True, locale="en")


def phrase(code: str) -> str:
    """A stable code as words: "covered_by_credit" is "Covered by credit"."""
    return code.replace("_", " ").capitalize()


def local_today() -> date:
    """Today in the company's calendar."""
    return now().astimezone(_zone()).date()


def _zone() -> ZoneInfo:
    company = g.get("company")
    return zone_of(company.time_zone if company else "")


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name; UTC where a company has not said."""
    return ZoneInfo(name or "UTC")


def _locale() -> str:
    company = g.get("company")
    return _locale_of(company.country if company else "")


@lru_cache(maxsize=512)
def _locale_of(country: str) -> str:
    if not country:
        return FALLBACK
    try:
        return str(Locale("en", territory=country.upper()))
    except UnknownLocaleError:
        return FALLBACK
