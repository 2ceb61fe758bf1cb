"""A statement of account: what was billed, paid and credited, line by line, from an opening to a closing balance.

The closing balance is what the books say is owed, less what is not matched yet; the opening one is what makes the lines
come to it. So a statement always agrees with the books, whatever lies before its first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.types import String
from sqlmodel import Session

from engine.books import DocumentStatus, InvoiceStatus
from store.attention import survivors
from store.home.owed import owed
from store.sql import table_of
from store.tables import CreditNote, Invoice, Payment

INVOICE, PAYMENT, CREDIT = table_of(Invoice), table_of(Payment), table_of(CreditNote)
MOST = 2000
"""Lines of one statement; who bills more within its span asks for a shorter one."""


class StatementLine(Struct, frozen=True, kw_only=True):
    """One document. Amounts in minor units; `amount` is below zero for what lowers the balance."""

    on: date
    kind: str
    """invoice, payment, credit_note, overpayment or prepayment."""
    number: str
    amount: int
    balance: int
    """Of the account, after this line."""


class Statement(Struct, frozen=True, kw_only=True):
    """One currency, from the first day to the last."""

    currency: str
    opening: int
    lines: tuple[StatementLine, ...]
    closing: int


def statements(session: Session, company_id: int, customer_id: str, since: date, today: date) -> list[Statement]:
    """One per currency in which anything was billed, paid or credited since then, or is open."""
    ends = survivors(session, company_id)
    names = (customer_id, *(name for name, survivor in ends.items() if survivor == customer_id))
    closing = {one.currency: one.owed - one.unapplied for one in owed(session, company_id, today, names)}
    rows = session.execute(_documents(company_id, names, since)).all()
    return [
        _statement(currency, closing.get(currency, 0), [row for row in rows if row.currency == currency])
        for currency in sorted(closing.keys() | {row.currency for row in rows})
    ]


def _statement(currency: str, closing: int, rows: Sequence[object]) -> Statement:
    opening = balance = closing - sum(row.amount for row in rows)  # type: ignore[attr-defined]  # rows of `_documents`
    lines = []
    for row in rows:
        balance += row.amount  # type: ignore[attr-defined]
        lines.append(
            StatementLine(on=row.on, kind=row.kind, number=row.number, amount=row.amount, balance=balance)  # type: ignore[attr-defined]
        )
    return Statement(currency=currency, opening=opening, lines=tuple(lines), closing=closing)


def _documents(company_id: int, names: Sequence[str], since: date) -> Select[tuple[object, ...]]:
    billed = (InvoiceStatus.OPEN.value, InvoiceStatus.PAID.value)
    posted = DocumentStatus.POSTED.value
    parts = []
    for table, on, kind, number, amount, counts in (
        (
            INVOICE,
            "issued_on",
            literal("invoice", String),
            INVOICE.c.number,
            INVOICE.c.total,
            INVOICE.c.status.in_(billed),
        ),
        (
            PAYMENT,
            "paid_on",
            literal("payment", String),
            PAYMENT.c.reference,
            -PAYMENT.c.total,
            PAYMENT.c.status == posted,
        ),
        (CREDIT, "issued_on", CREDIT.c.kind, CREDIT.c.number, -CREDIT.c.total, CREDIT.c.status == posted),
    ):
        day = table.c[on]
        part = select(
            day.label("on"),
            kind.label("kind"),
            number.label("number"),
            table.c.currency,
            amount.label("amount"),
            table.c.id,
        )
        here = (table.c.company_id == company_id) & table.c.customer_id.in_(names)
        parts.append(part.where(here, counts, day >= since))
    rows = union_all(*parts).subquery()
    return select(rows).order_by(rows.c.on, rows.c.kind, rows.c.id).limit(MOST)
