"""Pictures that stand in place of a company's name in its messages."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class Logo(SQLModel, table=True):
    """Every picture ever uploaded: messages that have gone still show theirs. Which one counts stands in the policy."""

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    fingerprint: str = Field(primary_key=True)
    """32 hex characters, of the content."""
    content: bytes
    """PNG, made by us from what was uploaded."""
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str
