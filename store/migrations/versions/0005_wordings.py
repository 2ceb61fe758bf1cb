"""A company's own wording of its messages, every version kept.

Revision 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT, NUMBER, FLAG, INSTANT = sa.String(), sa.Integer(), sa.Boolean(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("version", NUMBER, primary_key=True),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("is_house", FLAG, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("saved_by", TEXT, nullable=False),
    )
