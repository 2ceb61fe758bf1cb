"""Our copy of the books. Rows are keyed by company and the platform's own id, so that a re-sync lands on the same rows.

Amounts are integers in minor units of the row's `currency`. Written in bulk by `store.pages` from `engine.books`. A
`fingerprint` is the hash of the record a row was made from, so that a record read again unchanged writes nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from store.tables.types import Instant, Rate


class Customer(SQLModel, table=True):
    __table_args__ = (
        Index("ix_customer_name", "company_id", "name"),
        Index("ix_customer_merged", "company_id", "merged_into_id"),
    )

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    id: str = Field(primary_key=True)
    name: str
    email: str = ""
    phone: str = ""
    currency: str = ""
    country: str = ""
    is_active: bool = True
    parent_id: str | None = None
    is_billed_with_parent: bool = False
    merged_into_id: str | None = None
    version: str = ""
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    fingerprint: str = ""


class ContactPerson(SQLModel, table=True):
    __tablename__ = "contact_person"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    customer_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    name: str = ""
    email: str = ""
    is_included: bool = True


class Invoice(SQLModel, table=True):
    """`balance` is recomputed from documents: total − allocations − paid_at_issue, never below what they explain.

    Where the platform states another balance, `has_drift` is set and decisions use the smaller of the two.
    """

    __table_args__ = (
        Index("ix_invoice_customer", "company_id", "customer_id", "status"),
        # Holds all that sums of what is owed are made of, so that they never touch the rows themselves.
        Index(
            "ix_invoice_owed", "company_id", "status", "due_on", "currency", "balance", "stated_balance", "customer_id"
        ),
        Index("ix_invoice_number", "company_id", "number"),
    )

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    id: str = Field(primary_key=True)
    customer_id: str
    number: str = ""
    status: str
    issued_on: date
    due_on: date
    currency: str
    total: int = Field(sa_type=BigInteger)
    balance: int = Field(sa_type=BigInteger)
    stated_balance: int = Field(sa_type=BigInteger)
    paid_at_issue: int = Field(default=0, sa_type=BigInteger)
    has_drift: bool = False
    is_sent: bool | None = None
    reference: str = ""
    settled_on: date | None = None
    expected_on: date | None = None
    discount_percent: Decimal | None = Field(default=None, sa_type=Rate)
    discount_days: int | None = None
    email: str = ""
    url: str = ""
    version: str = ""
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    fingerprint: str = ""


class Payment(SQLModel, table=True):
    __table_args__ = (
        Index("ix_payment_customer", "company_id", "customer_id"),
        Index(
            "ix_payment_unapplied",
            "company_id",
            sqlite_where=text("unapplied > 0"),
            postgresql_where=text("unapplied > 0"),
        ),
    )

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    id: str = Field(primary_key=True)
    customer_id: str
    status: str
    paid_on: date
    currency: str
    total: int = Field(sa_type=BigInteger)
    unapplied: int = Field(default=0, sa_type=BigInteger)
    reference: str = ""
    version: str = ""
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    fingerprint: str = ""


class CreditNote(SQLModel, table=True):
    """A credit note, overpayment or prepayment: `kind` says which. Ids are unique per kind."""

    __tablename__ = "credit_note"
    __table_args__ = (
        Index("ix_credit_note_customer", "company_id", "customer_id"),
        Index(
            "ix_credit_note_left",
            "company_id",
            sqlite_where=text("remaining > 0"),
            postgresql_where=text("remaining > 0"),
        ),
    )

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    customer_id: str
    number: str = ""
    status: str
    issued_on: date
    currency: str
    total: int = Field(sa_type=BigInteger)
    remaining: int = Field(sa_type=BigInteger)
    reference: str = ""
    version: str = ""
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    fingerprint: str = ""


class Allocation(SQLModel, table=True):
    """Part of one payment or credit applied to one invoice. Replaced as a whole whenever its source is written."""

    __table_args__ = (Index("ix_allocation_invoice", "company_id", "invoice_id"),)

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    source_kind: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    invoice_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    amount: int = Field(sa_type=BigInteger)
    currency: str
    allocated_on: date


class SyncCursor(SQLModel, table=True):
    """How far the copy has got. `cursor` is the connector's own; `is_complete` says that no pages are outstanding."""

    __tablename__ = "sync_cursor"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    cursor: str = ""
    is_complete: bool = False
    pages: int = 0
    """Pages stored since the sync began: what a progress bar shows."""
    updated_at: datetime = Field(sa_type=Instant)


class SetAsideRecord(SQLModel, table=True):
    """A record we could not understand. It is told in Activity and cleared once it reads well again."""

    __tablename__ = "set_aside"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    entity: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    reason: str
    excerpt: str = ""
    first_seen_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime = Field(sa_type=Instant)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
