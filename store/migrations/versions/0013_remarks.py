"""What was said about a customer; lists to open again; the language in which people read.

Revision 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TEXT, NUMBER, DAY, INSTANT = sa.String(), sa.Integer(), sa.Date(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("invoice_id", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("on", DAY, nullable=True),
        sa.Column("text", TEXT, nullable=False),
    )
    op.create_index("ix_remark_customer", "remark", ["company_id", "customer_id", "id"])
    op.create_table(
        "saved_view",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("page", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("query", TEXT, nullable=False),
    )
    op.create_index("ix_saved_view_company_id", "saved_view", ["company_id"])
    for table in ("user", "customer_wish"):
        op.add_column(table, sa.Column("language", TEXT, nullable=False, server_default=""))
