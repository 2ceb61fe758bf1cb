"""Sums in words: what several invoices come to, currency by currency. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from engine.account import Invoice
from engine.money import Money


def sum_of(invoices: Iterable[Invoice]) -> str:
    """`90.00 EUR and 120.00 USD`."""
    sums: dict[str, int] = {}
    for invoice in invoices:
        balance = invoice.balance
        sums[balance.currency] = sums.get(balance.currency, 0) + balance.minor
    return " and ".join(str(Money(minor, currency)) for currency, minor in sorted(sums.items()))
