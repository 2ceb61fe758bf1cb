"""What people told us about a customer or an invoice: pauses, promises, disputes, limits, holds.

Apart from the synced copy, so that no sync ever overwrites a person's word.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class CustomerWish(SQLModel, table=True):
    __tablename__ = "customer_wish"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    customer_id: str = Field(primary_key=True)
    do_not_chase: bool = False
    opted_out_at: datetime | None = Field(default=None, sa_type=Instant)
    is_paused: bool = False
    paused_until_on: date | None = None
    credit_limit: int | None = Field(default=None, sa_type=BigInteger)
    credit_currency: str = ""
    is_on_hold: bool = False
    hold_since_on: date | None = None
    hold_is_manual: bool = False
    note: str = ""
    is_fee_exempt: bool = False
    """Never charged for paying late."""
    is_consumer: bool = False
    """A private person."""
    language: str = ""
    """The language in which we write to them; empty: the company's."""
    hold_reason: str = ""
    """Why a person set or lifted the hold."""
    override_limit: int | None = Field(default=None, sa_type=BigInteger)
    override_currency: str = ""
    override_until_on: date | None = None
    """A limit for the time being, through that day."""
    unbilled: int | None = Field(default=None, sa_type=BigInteger)
    unbilled_currency: str = ""
    """Ordered and not billed yet."""
    reviewed_on: date | None = None
    """The day on which a person last looked at the limit."""


class InvoiceWish(SQLModel, table=True):
    __tablename__ = "invoice_wish"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    invoice_id: str = Field(primary_key=True)
    is_disputed: bool = False
    dispute_reason: str = ""
    is_paused: bool = False
    paused_until_on: date | None = None
    promised_on: date | None = None
    """The day the customer said they would pay."""
    promised_amount: int | None = Field(default=None, sa_type=BigInteger)
    """None promises the whole invoice."""
    promise_made_on: date | None = None
    late_discount: str = ""
    """What a person says of a discount taken late: credit it, or chase the rest; empty where nobody was asked."""


class FormerPromise(SQLModel, table=True):
    """A promise about one invoice that no longer stands: another one took its place, or it was taken back."""

    __tablename__ = "former_promise"
    __table_args__ = (Index("ix_former_promise_customer", "company_id", "customer_id", "pay_on"),)

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    customer_id: str
    invoice_id: str
    pay_on: date
    amount: int | None = Field(default=None, sa_type=BigInteger)
    made_on: date | None = None
    ended_on: date
    was_taken_back: bool = False


class PromiseOutcome(SQLModel, table=True):
    """What was told of one promise: the latest word, so that nobody is told twice."""

    __tablename__ = "promise_outcome"
    __table_args__ = (
        UniqueConstraint("company_id", "invoice_id", "pay_on"),
        Index("ix_promise_outcome_newest", "company_id", "on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    invoice_id: str
    pay_on: date
    customer_id: str
    state: str
    """kept or broken."""
    on: date
    at: datetime = Field(sa_type=Instant)
    sentence: str


class PaymentPlan(SQLModel, table=True):
    """A plan to pay invoices in parts, as it was agreed with the customer."""

    __tablename__ = "payment_plan"
    __table_args__ = (Index("ix_payment_plan_customer", "company_id", "customer_id"),)

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    customer_id: str
    currency: str
    agreed_on: date
    said_by: str = ""
    ended_on: date | None = None
    """The day on which a person ended it: the whole debt is due again."""
    ending: str = ""
    """Why, in that person's words."""


class PlanPart(SQLModel, table=True):
    """What one instalment of a plan pays of one invoice."""

    __tablename__ = "plan_part"
    __table_args__ = (Index("ix_plan_part_invoice", "company_id", "invoice_id"),)

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    plan_id: int = Field(primary_key=True, foreign_key="payment_plan.id")
    invoice_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    """Counts on from plan to plan: each instalment takes steps of its own on the invoice's ladder."""
    due_on: date
    amount: int = Field(sa_type=BigInteger)


class ReturnedPayment(SQLModel, table=True):
    """A payment that the bank took back, as a person noted it: the books themselves only show that it is gone."""

    __tablename__ = "returned_payment"
    __table_args__ = (Index("ix_returned_payment_customer", "company_id", "customer_id"),)

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    customer_id: str
    on: date
    note: str = ""
    said_by: str = ""
    said_at: datetime = Field(sa_type=Instant)
