"""Tonight: what policies would do on the next day on which messages go out, over every account with something open.

Reads only; nothing is recorded. The same `decide` as in the run, on the same accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, true
from sqlmodel import Session

from engine.books import InvoiceStatus
from engine.policy import Policy
from engine.rules import rules_of
from engine.would import Would, would_do
from store import accounts, families
from store.attention import survivors
from store.backtests import Tell
from store.database import Database
from store.sql import table_of
from store.tables import CustomerWish, Invoice

INVOICE = table_of(Invoice)
WISH = table_of(CustomerWish)

CUSTOMERS_AT_ONCE = 200


def tonight(
    database: Database,
    company_id: int,
    policies: Sequence[Policy],
    today: date,
    tell: Tell = lambda _done, _all: None,
) -> list[list[Would]]:
    """For each policy, everything it would do. `today` is the company's own day."""
    with database.read() as session:
        every = families.families(session, company_id, customers_in_play(session, company_id), policies)
    found: list[list[Would]] = [[] for _ in policies]
    for done in range(0, len(every), CUSTOMERS_AT_ONCE):
        tell(done, len(every))
        some = every[done : done + CUSTOMERS_AT_ONCE]
        with database.read() as session:
            loaded = accounts.load(session, company_id, [name for family in some for name in family], today)
        known = {account.customer_id: account for account in loaded}
        for family in some:
            for policy, would in zip(policies, found, strict=True):
                for account, plan in families.together(family, known, policy, sending_day(policy, today)):
                    would.extend(would_do(account, plan))
    return found


def sending_day(policy: Policy, today: date) -> date:
    """Today, or the next day on which messages go out: on a Saturday, what Monday would do is the answer."""
    return rules_of(policy).working.on_or_after(today)


def customers_in_play(session: Session, company_id: int) -> list[str]:
    """Customers who owe something or are on hold; merged ones as their survivors."""
    owe = select(INVOICE.c.customer_id).where(
        INVOICE.c.company_id == company_id, INVOICE.c.status == InvoiceStatus.OPEN.value
    )
    held = select(WISH.c.customer_id).where(WISH.c.company_id == company_id, WISH.c.is_on_hold == true())
    ends = survivors(session, company_id)
    return sorted({ends.get(name, name) for name in session.scalars(owe.union(held))})
