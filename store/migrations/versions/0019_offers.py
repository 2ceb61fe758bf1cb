"""Fees that people take back, and the terms of offers that were sent.

Revision 0019.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

TEXT, NUMBER, DATE, INSTANT = sa.String(), sa.Integer(), sa.Date(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "fee_waiver",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("action_key", TEXT, primary_key=True),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("said_by", TEXT, nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
    )
    op.create_index("ix_fee_waiver_customer", "fee_waiver", ["company_id", "customer_id"])
    op.create_table(
        "discount_offer",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("action_key", TEXT, primary_key=True),
        sa.Column("invoice_id", TEXT, nullable=False),
        sa.Column("percent", TEXT, nullable=False),
        sa.Column("until_on", DATE, nullable=False),
    )
    op.create_index("ix_discount_offer_invoice", "discount_offer", ["company_id", "invoice_id"])
