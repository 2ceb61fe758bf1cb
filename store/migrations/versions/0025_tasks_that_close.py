"""Tasks know their invoices, so that they can close by themselves, and the day on which they did.

Revision 0025.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("task", sa.Column("invoice_ids", sa.String(), nullable=False, server_default="[]"))
    op.add_column("task", sa.Column("lapsed_on", sa.Date(), nullable=True))
    op.create_index("ix_task_customer", "task", ["company_id", "customer_id", "state"])
    op.create_index("ix_task_lapsed", "task", ["company_id", "lapsed_on", "id"])
