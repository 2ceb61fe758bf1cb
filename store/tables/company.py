"""A connected company, the consent that opened it, and the tokens behind that consent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class Company(SQLModel, table=True):
    """One set of books. The row outlives its connection: connecting again finds it by platform and external id."""

    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    external_id: str
    name: str
    country: str = ""
    base_currency: str = ""
    time_zone: str = ""
    """IANA name; empty until the platform or the owner says."""
    email: str = ""
    """Where customers' replies go."""
    status: str = "connected"
    """connected, reconnect_needed, disconnected."""
    status_detail: str = ""
    mode: str = "observe"
    """observe, approve or automatic."""
    is_paused: bool = False
    paused_until_on: date | None = None
    """The last day of the pause; None holds until somebody ends it."""
    let_go_id: int = 0
    """The last act that a person saw when the volume brake was let go: messages up to it are not counted again."""
    watched_since_on: date | None = None
    """The day of the first decision: the first-run guard counts from here."""
    lock_on: date | None = None
    sends_own_reminders: bool | None = None
    is_read_only: bool = False
    """The platform lets nothing be written any more, as when its subscription has ended: only mail can go out."""
    created_at: datetime = Field(sa_type=Instant)
    last_synced_at: datetime | None = Field(default=None, sa_type=Instant)
    """When a sync was last complete. Nothing goes out when this is old."""
    next_run_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    webhook_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the first webhook came that no run has answered yet."""
    claimed_by: str = ""
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    """A run holds the company until then; its heartbeat moves it on."""

    @property
    def stored_id(self) -> int:
        """`id` of a company that is stored, as every company that a run or a page meets is."""
        if self.id is None:
            raise LookupError(f"{self.name} is not stored yet")
        return self.id


class StoredTokens(SQLModel, table=True):
    """One token set, encrypted. QuickBooks Online: one per company. Xero: one per person, shared by their companies."""

    __tablename__ = "stored_tokens"
    __table_args__ = (UniqueConstraint("platform", "owner"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    owner: str
    """The realm id or the person's subject, whichever the platform's tokens belong to."""
    sealed: bytes
    """The whole token set, encrypted."""
    version: int = 1
    expires_at: datetime = Field(sa_type=Instant)
    refresh_expires_at: datetime | None = Field(default=None, sa_type=Instant)
    hard_expires_at: datetime | None = Field(default=None, sa_type=Instant)
    refreshing_by: str = ""
    refreshing_until: datetime | None = Field(default=None, sa_type=Instant)
    """Somebody is refreshing until then: others wait for the version to change."""
    lost_reason: str = ""
    """Why these tokens no longer work; empty while they do."""


class Connection(SQLModel, table=True):
    """A company's consent: which tokens speak for it, and what to name when we disconnect."""

    company_id: int = Field(primary_key=True, foreign_key="company.id")
    tokens_id: int = Field(foreign_key="stored_tokens.id", index=True)
    connection_id: str = ""
    connected_by_id: int | None = Field(default=None, foreign_key="user.id")
    connected_at: datetime = Field(sa_type=Instant)
