"""Who signs in, what they may do, what they asked for, and the record of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class User(SQLModel, table=True):
    """A person, known by the platform's own OpenID subject: there are no passwords here."""

    __table_args__ = (UniqueConstraint("platform", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    subject: str
    email: str = ""
    name: str = ""
    created_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime | None = Field(default=None, sa_type=Instant)
    language: str = ""
    """The language that the person chose to read in; empty: whatever their browser asks for."""
    same_as_id: int | None = Field(default=None, index=True)
    """The person whose further sign-in this is, because they said so."""


class Membership(SQLModel, table=True):
    """A person's role in a company: owner, bookkeeper or viewer."""

    user_id: int = Field(primary_key=True, foreign_key="user.id")
    company_id: int = Field(primary_key=True, foreign_key="company.id")
    role: str = "owner"


class Invitation(SQLModel, table=True):
    """A role in a company, offered to whoever opens the link: good once, for some days. Only its hash is kept."""

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id", index=True)
    token_hash: str = Field(unique=True)
    email: str
    role: str
    invited_by_id: int = Field(foreign_key="user.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was taken up or withdrawn."""


class OAuthRequest(SQLModel, table=True):
    """One authorisation under way: bound to the browser that began it, good once, for ten minutes."""

    __tablename__ = "oauth_request"

    state_hash: str = Field(primary_key=True)
    platform: str
    browser_hash: str
    sealed: bytes
    """PKCE verifier, nonce, and whether only the person is asked for, encrypted."""
    created_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class WebhookDelivery(SQLModel, table=True):
    """A verified delivery, stored before it is worked on. The hash drops repeats."""

    __tablename__ = "webhook_delivery"

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    body_hash: str = Field(unique=True)
    body: bytes
    received_at: datetime = Field(sa_type=Instant)
    worked_at: datetime | None = Field(default=None, sa_type=Instant)


class AuditEntry(SQLModel, table=True):
    """What happened, by whom; each entry carries the hash of the one before it in its company."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("company_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    position: int
    at: datetime = Field(sa_type=Instant)
    actor: str
    """The word dunwell, or a person as `user 7`."""
    what: str
    details: str = "{}"
    """JSON with sorted keys; never a secret."""
    previous_hash: str
    hash: str
