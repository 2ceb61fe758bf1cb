"""How long a company's webhook has waited for a run.

Revision 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("company", sa.Column("webhook_at", sa.DateTime(timezone=True), nullable=True))
