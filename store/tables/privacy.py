"""Customers whose personal data was removed, so that no sync brings it back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class ErasedCustomer(SQLModel, table=True):
    """Only the platform's id stays: it tells whose records are to be stripped when they are read again."""

    __tablename__ = "erased_customer"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    customer_id: str = Field(primary_key=True)
    erased_at: datetime = Field(sa_type=Instant)
    erased_by: str = ""
