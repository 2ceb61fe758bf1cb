"""Alembic's entry point: runs the migrations on the connection that `Database.upgrade` has locked and hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import store.tables  # noqa: F401 - fills the metadata

connection = context.config.attributes["connection"]
# One transaction around all of it, which the caller has begun: a schema is either the old one or the new one.
context.configure(
    connection=connection, target_metadata=SQLModel.metadata, transactional_ddl=True, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
