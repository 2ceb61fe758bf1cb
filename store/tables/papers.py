"""Papers that are kept as they were made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class KeptPaper(SQLModel, table=True):
    """The paper that goes with a task, made when the task appeared: what it shows does not change after."""

    __tablename__ = "kept_paper"
    __table_args__ = (Index("ix_kept_paper_customer", "company_id", "customer_id"),)

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    task_id: int = Field(primary_key=True)
    opened_at: datetime = Field(sa_type=Instant)
    """Of the task: one that is opened again gets a paper of its own day."""
    customer_id: str
    name: str
    """Of the file."""
    made_at: datetime = Field(sa_type=Instant)
    content: bytes
