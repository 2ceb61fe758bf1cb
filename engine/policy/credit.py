"""Credit: limits and holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class Credit(Part):
    """When a customer gets no new credit, and when it gets credit again."""

    is_on: bool = True
    hold_days_overdue: Annotated[int, Field(ge=1, le=720)] | None = 60
    """Hold when any invoice is this many days overdue; None never holds for lateness."""
    default_limit: Annotated[Decimal, Field(gt=0)] | None = None
    """Credit limit of a customer that has none of its own, in the company's base currency; None is unlimited."""
