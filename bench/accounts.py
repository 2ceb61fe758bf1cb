"""Made-up accounts, one after the other, so that a million invoices never stand in memory at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from engine.account import Account, Contact, CreditStanding, Invoice
from engine.books import InvoiceStatus
from engine.money import Money
from engine.policy import DEFAULT_LADDER

TODAY = date(2026, 3, 11)
STEPS = tuple((step.number, step.days) for step in DEFAULT_LADDER)


def made_up_accounts(customers: int, *, is_steady: bool, seed: int = 7) -> Iterator[Account]:
    """Customers with 1 to 9 open invoices each, five on average; some disputed, some with money not yet applied.

    Steady, as every night but the first finds them: an invoice has had the steps whose day has come, but for one in
    thirty. Otherwise what each has had is drawn at random, so that nine in ten customers are written to at once.
    """
    chance = random.Random(seed)
    return (_account(chance, number, is_steady) for number in range(customers))


def _account(chance: random.Random, number: int, is_steady: bool) -> Account:
    unapplied = (Money(chance.randrange(1, 400_000), "NZD"),) if chance.random() < 0.1 else ()
    contacts = (Contact(TODAY - timedelta(days=chance.randrange(1, 20)), "remind"),) if chance.random() < 0.4 else ()
    names = (f"{number}-{position}" for position in range(chance.randrange(1, 10)))
    return Account(
        customer_id=f"C-{number}",
        name=f"Customer {number}",
        emails=("pay@customer.example",),
        invoices=tuple(_invoice(chance, name, is_steady) for name in names),
        unapplied=unapplied,
        contacts=contacts,
        credit=CreditStanding(is_on_hold=chance.random() < 0.03),
    )


def _invoice(chance: random.Random, name: str, is_steady: bool) -> Invoice:
    days = chance.randrange(-30, 90)
    due_on = TODAY - timedelta(days=days)
    balance = Money(chance.randrange(1_000, 900_000), "NZD")
    had = max((number for number, offset in STEPS if offset <= days), default=0)
    if not is_steady or chance.random() < 1 / 30:
        had = chance.choice((0, 0, 1, 2, 3, 4))
    return Invoice(
        id=name,
        number=f"INV-{name}",
        status=InvoiceStatus.OPEN,
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        total=balance,
        balance=balance,
        last_step=had,
        is_disputed=chance.random() < 0.02,
    )
