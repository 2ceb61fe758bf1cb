"""Keys for other programs.

Revision 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXT, NUMBER, INSTANT = sa.String(), sa.Integer(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("key_hash", TEXT, nullable=False, unique=True),
        sa.Column("ending", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
    )
    op.create_index("ix_api_key_company_id", "api_key", ["company_id"])
