"""What the latest comparison of our copy with the platform's books found.

Revision 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TEXT, NUMBER, INSTANT = sa.String(), sa.Integer(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "books_check",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("compared", NUMBER, nullable=False),
        sa.Column("differing", NUMBER, nullable=False),
        sa.Column("findings", TEXT, nullable=False),
    )
