"""Remarks: what was said about a customer, by the customer or by colleagues, in the order in which it was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session

from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import Remark

REMARK = table_of(Remark)
BY_CUSTOMER = "the customer"
"""Who said it, where the customer did: here, and in the audit."""
LONGEST = 1000


def add(
    session: Session,
    company_id: int,
    customer_id: str,
    what: str,
    text: str = "",
    *,
    invoice_id: str = "",
    on: date | None = None,
    now: datetime,
    by: str,
) -> None:
    """Write down what was said. `what` in a few words of ours, `text` in theirs; `on` is the day that was named."""
    row = {"company_id": company_id, "customer_id": customer_id, "invoice_id": invoice_id, "at": now, "by": by}
    run(session, insert_into(session, REMARK).values(**row, what=what, on=on, text=text[:LONGEST]))


def of_customer(session: Session, company_id: int, customer_ids: Sequence[str], limit: int) -> list[Remark]:
    """The latest, newest first. A customer's own and those of customers that were merged into it."""
    scope = Scope(session, company_id)
    wanted = scope.select(Remark).where(REMARK.c.customer_id.in_(customer_ids))
    return scope.all(wanted.order_by(REMARK.c.id.desc()).limit(limit))


def said_before(session: Session, company_id: int, customer_id: str, invoice_id: str, what: str) -> bool:
    """Whether the customer has said this of the invoice before."""
    wanted = select(func.count()).select_from(REMARK).where(REMARK.c.company_id == company_id)
    wanted = wanted.where(REMARK.c.customer_id == customer_id, REMARK.c.invoice_id == invoice_id)
    wanted = wanted.where(REMARK.c.what == what, REMARK.c.by == BY_CUSTOMER)
    return bool(session.execute(wanted).scalar_one())
