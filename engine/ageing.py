"""Ageing: how late the open balances are, as of one day.

Pure. Amounts stay in their own currency; nothing is converted. A disputed invoice is aged like any other: disputing a
bill does not make it younger.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from engine.account import Invoice
from engine.books import InvoiceStatus
from engine.money import CurrencyMismatch, Money


class AgeingBucket(StrEnum):
    """How long after its due date a balance is still open, in whole calendar days."""

    CURRENT = "current"
    """Not due yet, or due today."""
    DAYS_1_30 = "1-30"
    DAYS_31_60 = "31-60"
    DAYS_61_90 = "61-90"
    OVER_90 = "over 90"


def bucket_of(due_on: date, today: date) -> AgeingBucket:
    days = (today - due_on).days
    if days <= 0:
        return AgeingBucket.CURRENT
    if days <= 30:
        return AgeingBucket.DAYS_1_30
    if days <= 60:
        return AgeingBucket.DAYS_31_60
    return AgeingBucket.DAYS_61_90 if days <= 90 else AgeingBucket.OVER_90


def age(invoices: Iterable[Invoice], currency: str, today: date) -> dict[AgeingBucket, Money]:
    """Total the balances of open invoices by how late they are.

    Returns every bucket, empty ones as zero in `currency`. Raises CurrencyMismatch on the first open invoice in another
    currency: converting comes before ageing, not inside it.
    """
    totals = dict.fromkeys(AgeingBucket, 0)
    for invoice in invoices:
        if invoice.status is not InvoiceStatus.OPEN:
            continue
        if invoice.balance.currency != currency:
            raise CurrencyMismatch(currency, invoice.balance.currency)
        totals[bucket_of(invoice.due_on, today)] += invoice.balance.minor
    return {bucket: Money(minor, currency) for bucket, minor in totals.items()}


def age_by_currency(invoices: Iterable[Invoice], today: date) -> dict[str, dict[AgeingBucket, Money]]:
    """`age` for books in several currencies, each on its own, in the order of their codes."""
    groups: dict[str, list[Invoice]] = {}
    for invoice in invoices:
        if invoice.status is InvoiceStatus.OPEN:
            groups.setdefault(invoice.balance.currency, []).append(invoice)
    return {currency: age(groups[currency], currency, today) for currency in sorted(groups)}
