"""Addresses of owners' programs, and what they are told.

Revision 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT, NUMBER, INSTANT, BYTES = sa.String(), sa.Integer(), sa.DateTime(timezone=True), sa.LargeBinary()


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("kinds", TEXT, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("off_at", INSTANT, nullable=True),
        sa.Column("off_reason", TEXT, nullable=False),
    )
    op.create_index("ix_webhook_endpoint_company_id", "webhook_endpoint", ["company_id"])
    op.create_table(
        "webhook_message",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("endpoint_id", NUMBER, sa.ForeignKey("webhook_endpoint.id"), nullable=False),
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=True),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("answer", TEXT, nullable=False),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_webhook_message_due", "webhook_message", ["next_try_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_webhook_message_endpoint", "webhook_message", ["company_id", "endpoint_id", "id"])
