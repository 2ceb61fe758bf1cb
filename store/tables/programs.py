"""A company's other programs: the keys by which they ask, the addresses where they are told, and what they are told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class ApiKey(SQLModel, table=True):
    """One program's key to one company. The key itself is shown once and never kept: only its hash is."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id", index=True)
    name: str
    """What the owner calls the program."""
    key_hash: str = Field(unique=True)
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


class WebhookEndpoint(SQLModel, table=True):
    """An address of an owner's own that is told what happens here."""

    __tablename__ = "webhook_endpoint"

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id", index=True)
    url: str
    kinds: str
    """The kinds of event that it is told, with commas between them."""
    sealed: bytes
    """The secret that its messages are signed with, encrypted."""
    created_at: datetime = Field(sa_type=Instant)
    created_by: str
    off_at: datetime | None = Field(default=None, sa_type=Instant)
    """Since when nothing is sent there."""
    off_reason: str = ""


class WebhookMessage(SQLModel, table=True):
    """One event for one endpoint, written in the transaction in which it happened and sent afterwards."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        Index(
            "ix_webhook_message_due",
            "next_try_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_webhook_message_endpoint", "company_id", "endpoint_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    endpoint_id: int = Field(foreign_key="webhook_endpoint.id")
    event_id: str
    """The same for every endpoint that is told, and at every try: by it a program knows what it has had."""
    kind: str
    body: str
    """JSON, as it is sent."""
    state: str = "waiting"
    """waiting, delivered, given_up."""
    created_at: datetime = Field(sa_type=Instant)
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    tries: int = 0
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    answer: str = ""
    """What came back at the last try, in a few words."""
