"""What owners upload where books live elsewhere: the books as a whole, each record kept, and each file that came."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class UploadedBooks(SQLModel, table=True):
    """A company whose books are uploaded, and how its files are read."""

    __tablename__ = "uploaded_books"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    version: int = 0
    """Rises with each upload that is taken in."""
    uploaded_on: date | None = None
    """The day of the latest that held documents, in UTC."""
    fresh_days: int = 7
    """For so long after it anything goes out."""
    columns: str = "{}"
    """JSON: which column is what, as the owner said."""


class UploadedRecord(SQLModel, table=True):
    """One record of the uploaded files, as `engine.uploads.UploadedRow`."""

    __tablename__ = "uploaded_record"
    __table_args__ = (Index("ix_uploaded_record_customer", "company_id", "customer_id"),)

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    entity: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    customer_id: str = ""
    record: str = ""
    """JSON of an `engine.books` record; empty for what never could be read and for what is gone."""
    applies_to: str = ""
    states_balance: bool = False
    problem: str = ""
    is_gone: bool = False


class Upload(SQLModel, table=True):
    """One file that somebody uploaded. It is kept until they have said what to do with it."""

    company_id: int = Field(foreign_key="company.id", index=True)
    id: int | None = Field(default=None, primary_key=True)
    entity: str
    file_name: str
    sealed: bytes = b""
    """The file itself, encrypted, while it waits; empty from then on."""
    state: str = "waiting"
    """waiting, taken, discarded."""
    is_everything: bool = False
    """Whoever took it in said that it leaves nothing out: what is not in it was paid, or is gone."""
    uploaded_at: datetime = Field(sa_type=Instant)
    uploaded_by: str
    good: int = 0
    bad: int = 0
    gone: int = 0
