"""A pause of the whole company with its last day, and how far the volume brake was let go.

Revision 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("company", sa.Column("paused_until_on", sa.Date(), nullable=True))
    op.add_column("company", sa.Column("let_go_id", sa.Integer(), nullable=False, server_default="0"))
