"""Call budgets that every process of the installation shares.

Revision 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

TEXT, INSTANT = sa.String(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "call_budget",
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("taken", TEXT, nullable=False),
        sa.Column("rest_until", INSTANT, nullable=True),
        sa.Column("used_at", INSTANT, nullable=False),
    )
