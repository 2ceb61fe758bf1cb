"""Temporary limits, orders not billed, reviews and reasons of credit; payments that the bank took back.

Revision 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

TEXT, NUMBER, DATE, MONEY, INSTANT = (
    sa.String(),
    sa.Integer(),
    sa.Date(),
    sa.BigInteger(),
    sa.DateTime(timezone=True),
)


def upgrade() -> None:
    for name in ("hold_reason", "override_currency", "unbilled_currency"):
        op.add_column("customer_wish", sa.Column(name, TEXT, nullable=False, server_default=""))
    for name, kind in (
        ("override_limit", MONEY),
        ("override_until_on", DATE),
        ("unbilled", MONEY),
        ("reviewed_on", DATE),
    ):
        op.add_column("customer_wish", sa.Column(name, kind, nullable=True))
    op.create_table(
        "returned_payment",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("on", DATE, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("said_by", TEXT, nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
    )
    op.create_index("ix_returned_payment_customer", "returned_payment", ["company_id", "customer_id"])
