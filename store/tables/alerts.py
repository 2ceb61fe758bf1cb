"""What the owner of a company has to be told about the running itself, until it is well again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class OwnerAlert(SQLModel, table=True):
    """One trouble of one company, for as long as it lasts: the row goes when the trouble does."""

    __tablename__ = "owner_alert"

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    kind: str = Field(primary_key=True)
    """reconnect_needed, consent_ends, upload_ends, read_only, sync_stale, held, nothing_sent, brake."""
    detail: str = ""
    since_at: datetime = Field(sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the owner was last written to about it."""
