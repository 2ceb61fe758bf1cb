"""What is left alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class Exclusions(Part):
    """What is left alone."""

    minimum_balance: Annotated[Decimal, Field(ge=0)] = Decimal(5)
    """Customers who owe less than this in a currency get no message about it."""
    review_after_days: Annotated[int, Field(ge=30, le=3650)] = 365
    """Debt older than this is put on a list for a person instead of being chased."""
