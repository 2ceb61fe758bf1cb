"""Habits: how this customer usually pays, from the company's own records alone.

Pure arithmetic on invoices settled of late; nothing is compared across companies.
"""

from __future__ import annotations

from statistics import median

from engine.account import Account
from engine.books import InvoiceStatus

ENOUGH = 3
"""Settled invoices without which nothing is usual yet."""


def typical_days_late(account: Account) -> int | None:
    """The median of whole days between due date and settlement, rounded down; None with fewer than three to go by.

    What shows here is when payments were booked: a customer who pays on the day, by a bank that takes four days, is
    four days late here, and is not to be chased for those.
    """
    late = [
        (invoice.settled_on - invoice.due_on).days
        for invoice in account.invoices
        if invoice.status is InvoiceStatus.PAID and invoice.settled_on is not None
    ]
    return int(median(late)) if len(late) >= ENOUGH else None
