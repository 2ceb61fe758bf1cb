"""Payments that the bank took back, as people note them: what credit rules count.

Neither platform says so itself: there a returned payment is deleted or voided, which may have many reasons. Where the
policy rests on it, a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import Session

from engine.books import DocumentStatus, Page
from engine.money import Money
from engine.policy import Policy
from store import attention, audit, companies, policies, tasks
from store.scope import Scope, any_of
from store.sql import chunks, insert_into, run, table_of
from store.tables import Customer, Payment, ReturnedPayment

PAYMENT = table_of(Payment)
RETURNED = table_of(ReturnedPayment)

_RETURNED = select(RETURNED.c.customer_id, RETURNED.c.on).where(
    RETURNED.c.company_id == bindparam("company_id"),
    any_of(RETURNED.c.customer_id),
    RETURNED.c.on > bindparam("since"),
)

ASKED_ABOUT = timedelta(days=90)
"""Banks take payments back within weeks: an older one that goes was corrected."""
COUNTED = timedelta(days=365)
"""How long a returned payment weighs on the customer's credit."""


def note(session: Session, company_id: int, customer_id: str, on: date, words: str, now: datetime, by: str) -> None:
    """The bank took a payment of this customer back on that day. Raises LookupError for an unknown customer."""
    if Scope(session, company_id).get(Customer, id=customer_id) is None:
        raise LookupError(f"there is no customer {customer_id}")
    row = {"company_id": company_id, "customer_id": customer_id, "on": on, "note": words}
    run(session, insert_into(session, RETURNED).values(**row, said_by=by, said_at=now))
    details = {"customer": customer_id, "on": on.isoformat(), "note": words}
    _tell(session, company_id, customer_id, "payment returned", details, now, by)


def take_back(session: Session, company_id: int, returned_id: int, now: datetime, by: str) -> str:
    """It was noted in error. Returns whose it was; raises LookupError for one that the company does not have."""
    row = Scope(session, company_id).get(ReturnedPayment, id=returned_id)
    if row is None:
        raise LookupError(f"there is no returned payment {returned_id}")
    run(session, RETURNED.delete().where(RETURNED.c.company_id == company_id, RETURNED.c.id == returned_id))
    details = {"customer": row.customer_id, "on": row.on.isoformat()}
    _tell(session, company_id, row.customer_id, "returned payment taken back", details, now, by)
    return row.customer_id


def ask_about_gone(session: Session, company_id: int, page: Page, now: datetime) -> None:
    """Ask about payments that this page takes out of the books, where returned ones weigh on credit.

    To be called before the page is written: what was there tells what is gone.
    """
    ids = {record.id for record in page.payments if record.status is not DocumentStatus.POSTED}
    ids |= {record_id for entity, record_id in page.deleted if entity == "payment"}
    policy = policies.current(session, company_id) if ids else None
    if policy is None or not _weighs(policy):
        return
    since = policies.local_day(session, company_id, now) - ASKED_ABOUT
    scope = Scope(session, company_id)
    for some in chunks(sorted(ids)):
        was_there = scope.select(Payment).where(PAYMENT.c.id.in_(some), PAYMENT.c.paid_on >= since)
        for row in scope.all(was_there.where(PAYMENT.c.status == DocumentStatus.POSTED.value, PAYMENT.c.total > 0)):
            tasks.open_task(
                session,
                company_id,
                kind="payment_gone",
                subject=row.id,
                customer_id=row.customer_id,
                title="A payment is gone from your books",
                detail=f"{Money(row.total, row.currency)} of {row.paid_on} was taken out of your books.",
                now=now,
            )


def _weighs(policy: Policy) -> bool:
    parts = [policy.credit, *(group.credit for group in policy.groups if group.credit is not None)]
    return any(credit.is_on and credit.hold_returned_payments is not None for credit in parts)


def days(scope: Scope, standing: Mapping[str, str], today: date) -> dict[str, list[date]]:
    """By account, the days of payments returned within a year; `standing` maps customers to their accounts."""
    found: dict[str, list[date]] = {}
    for names in chunks(standing):
        for row in scope.rows(_RETURNED, names=names, since=today - COUNTED):
            found.setdefault(standing[row.customer_id], []).append(row.on)
    return found


def _tell(
    session: Session, company_id: int, customer_id: str, what: str, details: dict[str, str], now: datetime, by: str
) -> None:
    audit.append(session, company_id, now, by, what, details)
    attention.touch(session, company_id, [customer_id])
    companies.bring_forward(session, company_id, now)
