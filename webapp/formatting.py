"""How amounts, days and instants are written on a page: in the reader's language, the way of the company's country."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency
from flask import Flask, g

from engine.books import InvoiceStatus
from engine.money import Money
from engine.plan import FeeLine
from engine.telling import calculated, localised
from store.tables import Invoice
from webapp.language import in_reader_s_words, language
from webapp.services import now

FALLBACK = {"en": "en_GB"}
"""How a language is written where the company's country has no way of its own for it."""


def install(app: Flask) -> None:
    """Make the functions below known to every template."""
    app.jinja_env.tests["in_month"] = in_month
    app.jinja_env.filters.update(
        money=money,
        day=day,
        month=month,
        instant=instant,
        clock=clock,
        ago=ago,
        phrase=phrase,
        said=said,
        calculation=calculation,
        still_open=still_open,
    )


def said(sentence: str) -> str:
    """A sentence of ours as the reader knows it: their words, and days and amounts as they write them."""
    return localised(in_reader_s_words(sentence), reader_s_locale())


def calculation(line: FeeLine) -> str:
    """One line of a fee's calculation, behind the invoice that it is about."""
    return f"{line.number}: {calculated(line.calculation, language(), reader_s_locale())}"


def money(minor: int, currency: str) -> str:
    """`money(123050, "USD")` is "US$1,230.50" in London and "$1,230.50" in New York."""
    return format_currency(Money(minor, currency).amount, currency, locale=reader_s_locale())


def decimal(minor: int, currency: str) -> Decimal:
    """The plain figure, for a spreadsheet."""
    return Money(minor, currency).amount


def day(value: date | None) -> str:
    """ "22 Nov 2026"; a dash where there is none."""
    return format_date(value, "medium", locale=reader_s_locale()) if value else "–"


def in_month(value: date, first_on: date) -> bool:
    """A template's test: whether a day lies in the month that begins with the other."""
    return (value.year, value.month) == (first_on.year, first_on.month)


def month(value: date) -> str:
    """ "Nov 2026"."""
    return format_date(value, "MMM y", locale=reader_s_locale())


def instant(value: datetime | None) -> str:
    """Day and time in the company's own zone."""
    if value is None:
        return "–"
    return f"{day(value.astimezone(_zone()).date())}, {clock(value)}"


def clock(value: datetime) -> str:
    """ "14:05", in the company's own zone."""
    return format_datetime(value.astimezone(_zone()), "HH:mm", locale=reader_s_locale())


def still_open(invoice: Invoice) -> int:
    """What decisions count as owed on an invoice: the smaller of our balance and the platform's, in minor units."""
    if invoice.status != InvoiceStatus.OPEN:
        return 0
    return max(min(invoice.balance, invoice.stated_balance), 0)


def ago(value: datetime | None) -> str:
    """ "2 minutes ago", "in 3 hours"; "never" where there is none."""
    if value is None:
        return in_reader_s_words("never")
    gap = value - now()
    if abs(gap.total_seconds()) < 60:
        return in_reader_s_words("just now" if gap.total_seconds() <= 0 else "in a moment")
    return format_timedelta(gap, add_direction=True, locale=language())


def phrase(code: str) -> str:
    """A stable code as words: "covered_by_credit" is "Covered by credit"."""
    return in_reader_s_words(code.replace("_", " ").capitalize())


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


def reader_s_locale() -> str:
    """How days and amounts are written on the page being made."""
    company = g.get("company")
    return locale_of(language(), company.country if company else "")


@lru_cache(maxsize=512)
def locale_of(language: str, country: str) -> str:
    """The way of a language in a country, or its usual way where the country has none of its own."""
    with suppress(UnknownLocaleError):
        if country:
            return str(Locale(language, territory=country.upper()))
    return FALLBACK.get(language, language)
