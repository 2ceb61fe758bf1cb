"""What owners have to be told of, and an index that counts open acts without reading those that are done.

Revision 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT, NUMBER, INSTANT = sa.String(), sa.Integer(), sa.DateTime(timezone=True)
OPEN = sa.text("state IN ('planned', 'approved', 'claimed', 'held')")


def upgrade() -> None:
    op.create_table(
        "owner_alert",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
    )
    op.create_index(
        "ix_action_open", "action", ["state", "kind", "company_id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
