"""What was decided, what was done about it, and what waits for a person."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.tables.types import Instant, Rate


class PolicyVersion(SQLModel, table=True):
    """Every version of a company's policy ever saved; the highest number is in force."""

    __tablename__ = "policy_version"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    version: int = Field(primary_key=True)
    document: str
    """YAML, as `engine.policy.Policy.to_yaml` writes it."""
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str = ""


class Run(SQLModel, table=True):
    """One company, once."""

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id", index=True)
    worker: str = ""
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    status: str = "running"
    """running, ok, partial, reconnect_needed, failed."""
    detail: str = ""
    summary: str = "{}"
    """JSON: synced, decided, performed, failed, held, api_calls."""


class AccountState(SQLModel, table=True):
    """When a customer's account needs deciding: at once when it was touched, else on `look_again_on`."""

    __tablename__ = "account_state"
    __table_args__ = (Index("ix_account_due", "company_id", "is_touched", "look_again_on"),)

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    customer_id: str = Field(primary_key=True)
    is_touched: bool = True
    look_again_on: date | None = None
    decided_on: date | None = None


class Decision(SQLModel, table=True):
    """What was decided, from `first_on` up to and including `last_on`, and why. A new row only when the answer changes.

    `invoice_id` is "" for a decision about the customer. `is_current` marks the latest one of its subject.
    """

    __table_args__ = (
        Index("ix_decision_subject", "company_id", "customer_id", "invoice_id", "is_current"),
        Index("ix_decision_rule", "company_id", "is_current", "rule"),
        Index("ix_decision_newest", "company_id", "first_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    customer_id: str
    invoice_id: str = ""
    outcome: str
    rule: str
    sentence: str
    figures: str = "{}"
    """JSON with sorted keys."""
    policy_version: int = 0
    first_on: date
    last_on: date
    is_current: bool = True
    run_id: int | None = None


class Action(SQLModel, table=True):
    """One act on the outside world, written before it is done. `key` is derived from what it is, never from when.

    States: planned → approved → claimed → done | failed | held | cancelled. Only `store.ledger` moves them,
    by updates that name the state they expect.
    """

    __table_args__ = (
        UniqueConstraint("company_id", "key"),
        Index("ix_action_state", "company_id", "state", "not_before_at"),
        Index("ix_action_customer", "company_id", "customer_id"),
        Index("ix_action_after", "company_id", "after_key"),
        Index("ix_action_newest", "company_id", "planned_on", "id"),
        Index(
            "ix_action_open",
            "state",
            "kind",
            "company_id",
            sqlite_where=text("state IN ('planned', 'approved', 'claimed', 'held')"),
            postgresql_where=text("state IN ('planned', 'approved', 'claimed', 'held')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    key: str
    """32 hex characters."""
    after_key: str = ""
    """This act waits until the act with that key is done: a note after its mail."""
    kind: str
    """remind, discount_offer, statement, thank_you, deliver, fee, fee_reversal, discount_credit, expect, hold, release,
    note."""
    customer_id: str
    state: str = "planned"
    step: int = 0
    planned_on: date
    not_before_at: datetime | None = Field(default=None, sa_type=Instant)
    body: str
    """JSON: everything needed to do it, frozen when it was planned."""
    rule: str
    reason: str
    run_id: int | None = None
    attempts: int = 0
    claimed_by: str = ""
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str = ""
    """What became of it: the platform's id, or what went wrong, in a sentence."""
    created_at: datetime = Field(sa_type=Instant)


class ActionInvoice(SQLModel, table=True):
    """Which step of which invoice an action takes. The unique index makes a second send impossible to record."""

    __tablename__ = "action_invoice"
    __table_args__ = (
        Index(
            "ux_action_invoice_step",
            "company_id",
            "invoice_id",
            "kind",
            "step",
            unique=True,
            sqlite_where=text("is_live = 1"),
            postgresql_where=text("is_live"),
        ),
        Index("ix_action_invoice_action", "company_id", "action_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    action_key: str
    invoice_id: str
    kind: str
    step: int
    is_live: bool = True
    """False once the action was cancelled: the step is free again."""


class FeeCharge(SQLModel, table=True):
    """What one fee charges for one invoice, in minor units: recorded with the act, for the fees that follow.

    Whether it counts is its act's state: a fee that failed or was cancelled charged nothing.
    """

    __tablename__ = "fee_charge"
    __table_args__ = (Index("ix_fee_charge_invoice", "company_id", "invoice_id"),)

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    action_key: str = Field(primary_key=True)
    invoice_id: str = Field(primary_key=True)
    through_on: date
    """The charge day: the last day whose interest is in it."""
    currency: str
    fixed: int = Field(sa_type=BigInteger)
    interest: int = Field(sa_type=BigInteger)


class FeeWaiver(SQLModel, table=True):
    """A fee that a person takes back, and why. What it charged stays kept: it is not charged a second time."""

    __tablename__ = "fee_waiver"
    __table_args__ = (Index("ix_fee_waiver_customer", "company_id", "customer_id"),)

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    action_key: str = Field(primary_key=True)
    """The act that charged it."""
    customer_id: str
    why: str = ""
    said_by: str = ""
    said_at: datetime = Field(sa_type=Instant)


class DiscountOffer(SQLModel, table=True):
    """The terms of an early-payment offer that was sent: what the customer may take, whatever the policy says since."""

    __tablename__ = "discount_offer"
    __table_args__ = (Index("ix_discount_offer_invoice", "company_id", "invoice_id"),)

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    action_key: str = Field(primary_key=True)
    invoice_id: str
    percent: Decimal = Field(sa_type=Rate)
    until_on: date
    """Its last day."""


class ContactEvent(SQLModel, table=True):
    """A message that reached, or may have reached, a customer: what the contact budget counts."""

    __tablename__ = "contact_event"
    __table_args__ = (
        Index("ix_contact_customer", "company_id", "customer_id", "on"),
        Index("ix_contact_action", "company_id", "action_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    customer_id: str
    on: date
    at: datetime = Field(sa_type=Instant)
    kind: str
    action_key: str = ""


class Task(SQLModel, table=True):
    """Something only a person can do. One open task per kind and subject."""

    __table_args__ = (
        UniqueConstraint("company_id", "kind", "subject"),
        Index("ix_task_customer", "company_id", "customer_id", "state"),
        Index("ix_task_lapsed", "company_id", "lapsed_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    kind: str
    """missing_email, review_old_debt, call, never_sent, fee_rate, fee_booking, held_action, failed_action, approve,
    time_zone, brake, credit_new_customer, credit_review, terms_tighter, terms_wider, handover, write_off,
    late_discount, payment_gone."""
    subject: str
    customer_id: str = ""
    title: str
    detail: str = ""
    invoice_ids: str = Field(default="[]", sa_column_kwargs={"server_default": "[]"})
    """JSON: which invoices it is about, where it is about any."""
    state: str = "open"
    """open; done by a person; lapsed: closed by itself, and `outcome` says why."""
    created_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    lapsed_on: date | None = None
    outcome: str = ""
