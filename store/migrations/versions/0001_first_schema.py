"""The first schema: companies, the copy of their books, what people wished, what was decided and done.

Revision 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT, NUMBER, FLAG, DATE, BYTES = sa.String(), sa.Integer(), sa.Boolean(), sa.Date(), sa.LargeBinary()
MONEY, INSTANT = sa.BigInteger(), sa.DateTime(timezone=True)


def upgrade() -> None:
    _companies()
    _books()
    _wishes()
    _decisions()
    _actions()


def _companies() -> None:
    """Companies, their consents and tokens, and the people who sign in."""
    op.create_table(
        "company",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("base_currency", TEXT, nullable=False),
        sa.Column("time_zone", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("status_detail", TEXT, nullable=False),
        sa.Column("mode", TEXT, nullable=False),
        sa.Column("is_paused", FLAG, nullable=False),
        sa.Column("watched_since_on", DATE),
        sa.Column("lock_on", DATE),
        sa.Column("sends_own_reminders", FLAG),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_synced_at", INSTANT),
        sa.Column("next_run_at", INSTANT),
        sa.Column("claimed_by", TEXT, nullable=False),
        sa.Column("lease_until", INSTANT),
        sa.UniqueConstraint("platform", "external_id"),
    )
    op.create_index("ix_company_next_run_at", "company", ["next_run_at"])
    op.create_table(
        "stored_tokens",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("refresh_expires_at", INSTANT),
        sa.Column("hard_expires_at", INSTANT),
        sa.Column("refreshing_by", TEXT, nullable=False),
        sa.Column("refreshing_until", INSTANT),
        sa.Column("lost_reason", TEXT, nullable=False),
        sa.UniqueConstraint("platform", "owner"),
    )
    op.create_table(
        "user",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT),
        sa.UniqueConstraint("platform", "subject"),
    )
    op.create_table(
        "connection",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("tokens_id", NUMBER, sa.ForeignKey("stored_tokens.id"), nullable=False),
        sa.Column("connection_id", TEXT, nullable=False),
        sa.Column("connected_by_id", NUMBER, sa.ForeignKey("user.id")),
        sa.Column("connected_at", INSTANT, nullable=False),
    )
    op.create_index("ix_connection_tokens_id", "connection", ["tokens_id"])
    op.create_table(
        "membership",
        sa.Column("user_id", NUMBER, sa.ForeignKey("user.id"), primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("role", TEXT, nullable=False),
    )
    op.create_table(
        "oauth_request",
        sa.Column("state_hash", TEXT, primary_key=True),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("browser_hash", TEXT, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("body_hash", TEXT, nullable=False),
        sa.Column("body", BYTES, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("worked_at", INSTANT),
        sa.UniqueConstraint("body_hash"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.Column("previous_hash", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.UniqueConstraint("company_id", "position"),
    )


def _books() -> None:
    """The copy of the books."""
    op.create_table(
        "customer",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("is_active", FLAG, nullable=False),
        sa.Column("parent_id", TEXT),
        sa.Column("is_billed_with_parent", FLAG, nullable=False),
        sa.Column("merged_into_id", TEXT),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("updated_at", INSTANT),
        sa.Column("fingerprint", TEXT, nullable=False),
    )
    op.create_index("ix_customer_merged", "customer", ["company_id", "merged_into_id"])
    op.create_index("ix_customer_name", "customer", ["company_id", "name"])
    op.create_table(
        "contact_person",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("customer_id", TEXT, primary_key=True),
        sa.Column("position", NUMBER, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("is_included", FLAG, nullable=False),
    )
    op.create_table(
        "invoice",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("issued_on", DATE, nullable=False),
        sa.Column("due_on", DATE, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("balance", MONEY, nullable=False),
        sa.Column("stated_balance", MONEY, nullable=False),
        sa.Column("paid_at_issue", MONEY, nullable=False),
        sa.Column("has_drift", FLAG, nullable=False),
        sa.Column("is_sent", FLAG),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("settled_on", DATE),
        sa.Column("expected_on", DATE),
        sa.Column("discount_percent", TEXT),
        sa.Column("discount_days", NUMBER),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("updated_at", INSTANT),
        sa.Column("fingerprint", TEXT, nullable=False),
    )
    op.create_index("ix_invoice_customer", "invoice", ["company_id", "customer_id"])
    op.create_index("ix_invoice_number", "invoice", ["company_id", "number"])
    op.create_index("ix_invoice_open", "invoice", ["company_id", "status", "due_on"])
    op.create_table(
        "payment",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("paid_on", DATE, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("unapplied", MONEY, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("updated_at", INSTANT),
        sa.Column("fingerprint", TEXT, nullable=False),
    )
    op.create_index("ix_payment_customer", "payment", ["company_id", "customer_id"])
    op.create_table(
        "credit_note",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("issued_on", DATE, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("remaining", MONEY, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("updated_at", INSTANT),
        sa.Column("fingerprint", TEXT, nullable=False),
    )
    op.create_index("ix_credit_note_customer", "credit_note", ["company_id", "customer_id"])
    op.create_table(
        "allocation",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("source_kind", TEXT, primary_key=True),
        sa.Column("source_id", TEXT, primary_key=True),
        sa.Column("invoice_id", TEXT, primary_key=True),
        sa.Column("position", NUMBER, primary_key=True),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("allocated_on", DATE, nullable=False),
    )
    op.create_index("ix_allocation_invoice", "allocation", ["company_id", "invoice_id"])
    op.create_table(
        "sync_cursor",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("cursor", TEXT, nullable=False),
        sa.Column("is_complete", FLAG, nullable=False),
        sa.Column("pages", NUMBER, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    )
    op.create_table(
        "set_aside",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("entity", TEXT, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("excerpt", TEXT, nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT),
    )


def _wishes() -> None:
    """What people told us."""
    op.create_table(
        "customer_wish",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("customer_id", TEXT, primary_key=True),
        sa.Column("do_not_chase", FLAG, nullable=False),
        sa.Column("opted_out_at", INSTANT),
        sa.Column("is_paused", FLAG, nullable=False),
        sa.Column("paused_until_on", DATE),
        sa.Column("credit_limit", MONEY),
        sa.Column("credit_currency", TEXT, nullable=False),
        sa.Column("is_on_hold", FLAG, nullable=False),
        sa.Column("hold_since_on", DATE),
        sa.Column("hold_is_manual", FLAG, nullable=False),
        sa.Column("note", TEXT, nullable=False),
    )
    op.create_table(
        "invoice_wish",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("invoice_id", TEXT, primary_key=True),
        sa.Column("is_disputed", FLAG, nullable=False),
        sa.Column("dispute_reason", TEXT, nullable=False),
        sa.Column("is_paused", FLAG, nullable=False),
        sa.Column("paused_until_on", DATE),
        sa.Column("promised_on", DATE),
        sa.Column("promised_amount", MONEY),
    )


def _decisions() -> None:
    """What was decided, and what waits."""
    op.create_table(
        "policy_version",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("version", NUMBER, primary_key=True),
        sa.Column("document", TEXT, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("saved_by", TEXT, nullable=False),
    )
    op.create_table(
        "run",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("worker", TEXT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("summary", TEXT, nullable=False),
    )
    op.create_index("ix_run_company_id", "run", ["company_id"])
    op.create_table(
        "account_state",
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), primary_key=True),
        sa.Column("customer_id", TEXT, primary_key=True),
        sa.Column("is_touched", FLAG, nullable=False),
        sa.Column("look_again_on", DATE),
        sa.Column("decided_on", DATE),
    )
    op.create_index("ix_account_due", "account_state", ["company_id", "is_touched", "look_again_on"])
    op.create_table(
        "decision",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("invoice_id", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("sentence", TEXT, nullable=False),
        sa.Column("figures", TEXT, nullable=False),
        sa.Column("policy_version", NUMBER, nullable=False),
        sa.Column("first_on", DATE, nullable=False),
        sa.Column("last_on", DATE, nullable=False),
        sa.Column("is_current", FLAG, nullable=False),
        sa.Column("run_id", NUMBER),
    )
    op.create_index("ix_decision_rule", "decision", ["company_id", "is_current", "rule"])
    op.create_index("ix_decision_subject", "decision", ["company_id", "customer_id", "invoice_id", "is_current"])
    op.create_table(
        "contact_event",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("on", DATE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("action_key", TEXT, nullable=False),
    )
    op.create_index("ix_contact_action", "contact_event", ["company_id", "action_key"])
    op.create_index("ix_contact_customer", "contact_event", ["company_id", "customer_id", "on"])
    op.create_table(
        "task",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.Column("outcome", TEXT, nullable=False),
        sa.UniqueConstraint("company_id", "kind", "subject"),
    )


def _actions() -> None:
    """The action ledger."""
    op.create_table(
        "action",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("after_key", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("step", NUMBER, nullable=False),
        sa.Column("planned_on", DATE, nullable=False),
        sa.Column("not_before_at", INSTANT),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("run_id", NUMBER),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("claimed_by", TEXT, nullable=False),
        sa.Column("claimed_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.UniqueConstraint("company_id", "key"),
    )
    op.create_index("ix_action_after", "action", ["company_id", "after_key"])
    op.create_index("ix_action_customer", "action", ["company_id", "customer_id"])
    op.create_index("ix_action_state", "action", ["company_id", "state", "not_before_at"])
    op.create_table(
        "action_invoice",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("company_id", NUMBER, sa.ForeignKey("company.id"), nullable=False),
        sa.Column("action_key", TEXT, nullable=False),
        sa.Column("invoice_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("step", NUMBER, nullable=False),
        sa.Column("is_live", FLAG, nullable=False),
    )
    op.create_index("ix_action_invoice_action", "action_invoice", ["company_id", "action_key"])
    op.create_index(
        "ux_action_invoice_step",
        "action_invoice",
        ["company_id", "invoice_id", "kind", "step"],
        unique=True,
        sqlite_where=sa.text("is_live = 1"),
        postgresql_where=sa.text("is_live"),
    )
