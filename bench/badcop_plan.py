"""The plan of `badcop` (PyPI) over the same invoices: which of its steps are due, and the late fee of each.

It sees one invoice at a time: no customer, no credit, no money received and not applied, no calendar, no reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from badcop.config import Config
from badcop.config import Step as Rung
from badcop.ledger import Invoice as Row
from badcop.schedule import DueStep, plan
from badcop.state import State

from bench.accounts import STEPS, TODAY
from engine.account import Account, Invoice

CONFIG = Config("Us", "us@example.com", "us@example.com", "us@example.com")
CONFIG.steps = [Rung(str(number), days) for number, days in STEPS]


def ledger(accounts: Sequence[Account]) -> tuple[list[Row], State]:
    """Its own rows for the invoices, and its memory of what was sent."""
    invoices = [invoice for account in accounts for invoice in account.invoices]
    state = State()
    for invoice in invoices:
        if invoice.last_step:
            state.record_sent(invoice.id, str(invoice.last_step), "")
    return [_row(invoice) for invoice in invoices], state


def planning(rows_and_state: tuple[list[Row], State]) -> list[DueStep]:
    """What it would send today."""
    rows, state = rows_and_state
    return plan(rows, CONFIG, TODAY, state)


def _row(invoice: Invoice) -> Row:
    return Row(
        invoice_id=invoice.id,
        client_name="",
        client_email="",
        amount=Decimal(invoice.balance.minor) / 100,
        currency=invoice.balance.currency,
        issued_date=invoice.issued_on,
        due_date=invoice.due_on,
    )
