"""Which accounts need deciding: touched by something new, or due to be looked at again.

An account is a customer together with those that the platform merged into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import bindparam, or_, select, true
from sqlmodel import Session

from store.bulk import Columns, upsert_columns
from store.sql import ask, chunks, is_postgresql, run, table_of
from store.tables import AccountState, Customer

STATE = table_of(AccountState)
CUSTOMER = table_of(Customer)

_MERGED = select(CUSTOMER.c.id, CUSTOMER.c.merged_into_id).where(
    CUSTOMER.c.company_id == bindparam("company_id"), CUSTOMER.c.merged_into_id.is_not(None)
)

_DUE = (
    select(STATE.c.customer_id)
    .join(CUSTOMER, (CUSTOMER.c.company_id == STATE.c.company_id) & (CUSTOMER.c.id == STATE.c.customer_id))
    .where(STATE.c.company_id == bindparam("company_id"), CUSTOMER.c.merged_into_id.is_(None))
    .where(or_(STATE.c.is_touched == true(), STATE.c.look_again_on <= bindparam("today")))
    .order_by(STATE.c.customer_id)
)


def survivors(session: Session, company_id: int) -> dict[str, str]:
    """Merged customer id → the customer that stands for it now, through chains of merges."""
    into = dict(ask(session, _MERGED, company_id=company_id))
    return {customer_id: _end(customer_id, into) for customer_id in into}


def touch(session: Session, company_id: int, customer_ids: Iterable[str]) -> frozenset[str]:
    """Have these accounts decided at the next run; returns whose they are, merged customers as their survivors."""
    names = set(customer_ids)
    if not names:
        return frozenset()
    ends = survivors(session, company_id)
    touched = frozenset(ends.get(name, name) for name in names)
    every = len(touched)
    columns: Columns = {
        "company_id": [company_id] * every,
        "customer_id": sorted(touched),
        "is_touched": [True] * every,
    }
    upsert_columns(session, STATE, columns)
    return touched


def touch_all(session: Session, company_id: int) -> None:
    """Have every account of the company decided at the next run."""
    run(session, STATE.update().where(STATE.c.company_id == company_id).values(is_touched=True))


def due_customers(session: Session, company_id: int, today: date) -> list[str]:
    """Customers whose account was touched, or whose day to be looked at again has come."""
    return list(session.connection().scalars(_DUE, {"company_id": company_id, "today": today}))


def lock(session: Session, company_id: int, customer_ids: Iterable[str]) -> None:
    """Keep these accounts as they are until the transaction ends: what would touch one waits, and is not overlooked.

    On SQLite a writing session does so by itself.
    """
    if not is_postgresql(session):
        return
    for some in chunks(sorted(customer_ids)):
        here = (STATE.c.company_id == company_id) & STATE.c.customer_id.in_(some)
        session.execute(select(STATE.c.customer_id).where(here).order_by(STATE.c.customer_id).with_for_update())


def _end(customer_id: str, into: Mapping[str, str]) -> str:
    """Follow a chain of merges to its end. A ring, which makes no sense, ends where it closes."""
    seen = {customer_id}
    while (following := into.get(customer_id)) is not None and following not in seen:
        seen.add(following)
        customer_id = following
    return customer_id
