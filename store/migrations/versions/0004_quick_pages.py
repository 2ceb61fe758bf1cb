"""Indexes for the pages: what is owed, what is not yet applied, and the newest of everything, without reading all rows.

Revision 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

UNAPPLIED, LEFT = sa.text("unapplied > 0"), sa.text("remaining > 0")


def upgrade() -> None:
    op.drop_index("ix_invoice_customer", "invoice")
    op.drop_index("ix_invoice_open", "invoice")
    op.create_index("ix_invoice_customer", "invoice", ["company_id", "customer_id", "status"])
    op.create_index(
        "ix_invoice_owed",
        "invoice",
        ["company_id", "status", "due_on", "currency", "balance", "stated_balance", "customer_id"],
    )
    op.create_index(
        "ix_payment_unapplied", "payment", ["company_id"], sqlite_where=UNAPPLIED, postgresql_where=UNAPPLIED
    )
    op.create_index("ix_credit_note_left", "credit_note", ["company_id"], sqlite_where=LEFT, postgresql_where=LEFT)
    op.create_index("ix_decision_newest", "decision", ["company_id", "first_on", "id"])
    op.create_index("ix_action_newest", "action", ["company_id", "planned_on", "id"])
