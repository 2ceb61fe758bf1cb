"""Whether a company's books may be read only.

Revision 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("company", sa.Column("is_read_only", sa.Boolean(), nullable=False, server_default=sa.false()))
