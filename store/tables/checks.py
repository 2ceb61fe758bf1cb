"""What the latest comparison of our copy with the platform's books found."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class BooksCheck(SQLModel, table=True):
    """The latest check of each kind for one company."""

    __tablename__ = "books_check"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    kind: str = Field(primary_key=True)
    """nightly: open invoices read again; full: every document, asked for by an operator."""
    checked_at: datetime = Field(sa_type=Instant)
    compared: int
    """Documents looked at."""
    differing: int
    findings: str = "[]"
    """JSON: the first of them, a sentence each."""
