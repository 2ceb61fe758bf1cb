"""The day on which a promise was given, and promises that no longer stand.

Revision 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

TEXT, NUMBER, FLAG, DATE, MONEY = sa.String(), sa.Integer(), sa.Boolean(), sa.Date(), sa.BigInteger()


def upgrade() -> None:
    op.add_column("invoice_wish", sa.Column("promise_made_on", DATE, nullable=True))
    op.create_table(
        "former_promise",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("invoice_id", TEXT, nullable=False),
        sa.Column("pay_on", DATE, nullable=False),
        sa.Column("amount", MONEY, nullable=True),
        sa.Column("made_on", DATE, nullable=True),
        sa.Column("ended_on", DATE, nullable=False),
        sa.Column("was_taken_back", FLAG, nullable=False),
    )
    op.create_index("ix_former_promise_customer", "former_promise", ["company_id", "customer_id", "pay_on"])
