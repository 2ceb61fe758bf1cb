"""A company's own words in place of the house's messages."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class Wording(SQLModel, table=True):
    """Every version of one message's wording ever saved; the highest number counts."""

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    name: str = Field(primary_key=True)
    """The message's name, as a step of the ladder gives it; for another language than English with its code behind it,
    as in "reminder_2:es"."""
    version: int = Field(primary_key=True)
    subject: str
    body: str
    is_house: bool = False
    """Back to the house's own wording; subject and body are empty."""
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str
