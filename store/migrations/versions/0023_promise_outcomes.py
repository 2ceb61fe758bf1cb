"""What was told of promises that were kept or broken.

Revision 0023.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

TEXT, NUMBER, DATE, INSTANT = sa.String(), sa.Integer(), sa.Date(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "promise_outcome",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("invoice_id", TEXT, nullable=False),
        sa.Column("pay_on", DATE, nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("on", DATE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("sentence", TEXT, nullable=False),
        sa.UniqueConstraint("company_id", "invoice_id", "pay_on"),
    )
    op.create_index("ix_promise_outcome_newest", "promise_outcome", ["company_id", "on", "id"])
