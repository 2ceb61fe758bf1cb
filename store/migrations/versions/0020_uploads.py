"""Books that live elsewhere: what their owners upload.

Revision 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

TEXT, NUMBER, DATE, INSTANT = sa.String(), sa.Integer(), sa.Date(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "uploaded_books",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("uploaded_on", DATE),
        sa.Column("fresh_days", NUMBER, nullable=False),
        sa.Column("columns", TEXT, nullable=False),
    )
    op.create_table(
        "uploaded_record",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("entity", TEXT, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("applies_to", TEXT, nullable=False),
        sa.Column("states_balance", sa.Boolean(), nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_uploaded_record_customer", "uploaded_record", ["company_id", "customer_id"])
    op.create_table(
        "upload",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("file_name", TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("is_everything", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("uploaded_by", TEXT, nullable=False),
        sa.Column("good", NUMBER, nullable=False),
        sa.Column("bad", NUMBER, nullable=False),
        sa.Column("gone", NUMBER, nullable=False),
    )
    op.create_index("ix_upload_company_id", "upload", ["company_id"])
