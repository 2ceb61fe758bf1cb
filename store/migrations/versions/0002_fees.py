"""What fees charged for each invoice, and customers who are exempt from them.

Revision 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT, NUMBER, FLAG, DATE, MONEY = sa.String(), sa.Integer(), sa.Boolean(), sa.Date(), sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "fee_charge",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("action_key", TEXT, primary_key=True),
        sa.Column("invoice_id", TEXT, primary_key=True),
        sa.Column("through_on", DATE, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("fixed", MONEY, nullable=False),
        sa.Column("interest", MONEY, nullable=False),
    )
    op.create_index("ix_fee_charge_invoice", "fee_charge", ["company_id", "invoice_id"])
    for name in ("is_fee_exempt", "is_consumer"):
        op.add_column("customer_wish", sa.Column(name, FLAG, nullable=False, server_default=sa.false()))
