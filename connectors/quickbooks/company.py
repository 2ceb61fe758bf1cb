"""The company itself: CompanyInfo and Preferences in our words, and the facts that every document is read against.

One batch call brings all of it, the payment terms included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from babel.numbers import get_territory_currencies
from msgspec import Raw, Struct

from connectors.calls import AWAY_FOR
from connectors.errors import RetryLater, StopRun
from connectors.quickbooks import shapes
from connectors.quickbooks.client import Client
from connectors.quickbooks.faults import TITLE
from connectors.quickbooks.fields import ref_id
from connectors.quickbooks.query import select
from connectors.quickbooks.translate import Facts, read_terms
from connectors.texts import text
from engine.books import CompanyRecord
from engine.zones import time_zones

READ_ONLY = frozenset({"EXPIRED", "CANCELED", "CANCELLED", "SUSPENDED", "ENDED"})
"""Values of SubscriptionStatus that end writing. Intuit documents PAID and TRIAL only: any other counts as live."""
T = TypeVar("T")


class Company(Struct, frozen=True):
    """`numbers_itself`: documents get the number that is sent with them, and none without."""

    record: CompanyRecord
    facts: Facts
    numbers_itself: bool = False
    has_currencies: bool = False


def read_company(client: Client, realm: str) -> Company:
    """One call. Raises StopRun where the home currency can be found nowhere: no amount could be read."""
    # An old invoice may well carry a term that is no longer offered.
    terms = select("Term", "Active IN (true, false)")
    info_rows, preferences_rows, term_rows = client.queries([select("CompanyInfo"), select("Preferences"), terms])
    info = _only(info_rows.company_info, shapes.CompanyInfo)
    preferences = _only(preferences_rows.preferences, shapes.Preferences)
    record = _record(realm, info, preferences)
    if not record.base_currency:
        raise StopRun(f"{TITLE} does not tell the home currency of {record.name}")
    sales, currencies = preferences.sales_forms_prefs, preferences.currency_prefs
    return Company(
        record,
        Facts(record.base_currency, read_terms(term_rows.term or ())),
        numbers_itself=bool(sales and sales.custom_txn_numbers),
        has_currencies=bool(currencies and currencies.multi_currency_enabled),
    )


def _record(realm: str, info: shapes.CompanyInfo, preferences: shapes.Preferences) -> CompanyRecord:
    email = info.customer_communication_email_addr or info.email
    zone = text(info.default_time_zone)
    country = text(info.country).upper()
    accounting, currencies = preferences.accounting_info_prefs, preferences.currency_prefs
    return CompanyRecord(
        external_id=realm,
        name=text(info.company_name) or realm,
        legal_name=text(info.legal_name),
        country=country,
        base_currency=ref_id(currencies.home_currency if currencies else None) or _currency_of(country),
        time_zone=zone if zone in time_zones() else "",
        email=text(email.address if email else None),
        lock_on=accounting.book_close_date if accounting else None,
        # QuickBooks has reminders of its own, but its API does not tell whether they are on.
        sends_own_reminders=None,
        is_read_only=_subscription(info) in READ_ONLY,
    )


def _subscription(info: shapes.CompanyInfo) -> str:
    found = (pair.value for pair in info.name_value or () if pair.name == "SubscriptionStatus")
    return text(next(found, None)).upper()


def _currency_of(country: str) -> str:
    """A company that never switched multi-currency on may leave its currency unsaid: then it is its country's."""
    return next(iter(get_territory_currencies(country)), "") if len(country) == 2 else ""


def _only(rows: Sequence[Raw] | None, kind: type[T]) -> T:
    try:
        return msgspec.json.decode((rows or ())[0], type=kind, strict=False)
    except (IndexError, ValueError, RecursionError):
        raise RetryLater(TITLE, AWAY_FOR, f"it did not tell its {kind.__name__}") from None
