"""A sign-in may be another way in for a person who is known already.

Revision 0026.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("user", sa.Column("same_as_id", sa.Integer(), nullable=True))
    op.create_index("ix_user_same_as_id", "user", ["same_as_id"])
