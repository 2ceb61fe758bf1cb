"""What people say of discounts that were taken late.

Revision 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("invoice_wish", sa.Column("late_discount", sa.String(), nullable=False, server_default=""))
