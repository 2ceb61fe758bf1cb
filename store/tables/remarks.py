"""What was said about a customer, by whom and when: the part of a customer's story that no document tells."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class Remark(SQLModel, table=True):
    """One word said: a note of a colleague's, the outcome of a call, or what the customer told us on their own page."""

    __table_args__ = (Index("ix_remark_customer", "company_id", "customer_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    customer_id: str
    invoice_id: str = ""
    at: datetime = Field(sa_type=Instant)
    by: str
    """The customer, or a person as `user 7`."""
    what: str
    """In a few words of ours: note, paused, disputed, says it is paid, …"""
    on: date | None = None
    """The day that was named, where one was."""
    text: str = ""
    """In their own words."""


class SavedView(SQLModel, table=True):
    """A list that somebody wants to open again: which one, and what it was filtered by."""

    __tablename__ = "saved_view"

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id", index=True)
    page: str
    """customers, activity or tasks."""
    name: str
    query: str
    """As in the address, without the question mark."""
