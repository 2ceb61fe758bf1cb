"""What people told us about a customer or an invoice: pauses, promises, disputes, limits, holds.

Apart from the synced copy, so that no sync ever overwrites a person's word.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger
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
