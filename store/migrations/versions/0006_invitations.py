"""Invitations to look after a company together.

Revision 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TEXT, NUMBER, INSTANT = sa.String(), sa.Integer(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("token_hash", TEXT, nullable=False, unique=True),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("invited_by_id", NUMBER, sa.ForeignKey("user.id"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
    )
    op.create_index("ix_invitation_company_id", "invitation", ["company_id"])
