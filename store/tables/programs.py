"""Other programs that a company lets in: their keys."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class ApiKey(SQLModel, table=True):
    """One program's key to one company. The key itself is shown once and never kept: only its hash is."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id", index=True)
    name: str
    """What the owner calls the program."""
    hash: str = Field(unique=True)
    """SHA-256 of the key, in hex. A key is 256 random bits, so that nothing slower is called for."""
    ending: str
    """Its last four characters, by which an owner knows it again."""
    scope: str
    """read, or act: read and speak."""
    created_at: datetime = Field(sa_type=Instant)
    created_by: str
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was last seen, to the hour."""
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
