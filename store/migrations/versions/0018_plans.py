"""Plans to pay in parts.

Revision 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TEXT, NUMBER, DATE, MONEY = sa.String(), sa.Integer(), sa.Date(), sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "payment_plan",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("agreed_on", DATE, nullable=False),
        sa.Column("said_by", TEXT, nullable=False),
        sa.Column("ended_on", DATE, nullable=True),
        sa.Column("ending", TEXT, nullable=False),
    )
    op.create_index("ix_payment_plan_customer", "payment_plan", ["company_id", "customer_id"])
    op.create_table(
        "plan_part",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("plan_id", NUMBER, sa.ForeignKey("payment_plan.id"), primary_key=True),
        sa.Column("invoice_id", TEXT, primary_key=True),
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("due_on", DATE, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
    )
    op.create_index("ix_plan_part_invoice", "plan_part", ["company_id", "invoice_id"])
