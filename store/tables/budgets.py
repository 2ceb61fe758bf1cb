"""Call budgets that every process of the installation shares."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.types import Instant


class CallBudget(SQLModel, table=True):
    """What was lately taken out of one of a platform's limits. Not a company's row: a limit may be the app's."""

    __tablename__ = "call_budget"

    name: str = Field(primary_key=True)
    """The platform, and whose limit it is: `xero/<organisation>`, `xero/app`."""
    taken: str = "[]"
    """JSON: [second since 1970, calls taken in it], oldest first."""
    rest_until: datetime | None = Field(default=None, sa_type=Instant)
    """The platform has asked for quiet until then."""
    used_at: datetime = Field(sa_type=Instant)
