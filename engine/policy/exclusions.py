"""What is left alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class Minimum(Part):
    """The least that is chased in one currency."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    amount: Annotated[Decimal, Field(ge=0)]


class Exclusions(Part):
    """What is left alone, and for how long."""

    minimum_balance: Annotated[Decimal, Field(ge=0)] = Decimal(5)
    """Customers who owe less than this in a currency get no message about it."""
    minimums: tuple[Minimum, ...] = ()
    """Other minimums for single currencies: 5 is little in USD and nothing in JPY."""
    bank_lag_days: Annotated[int, Field(ge=0, le=14)] = 5
    """The first overdue step waits as long as this customer's payments are usually booked late, up to this; 0 never."""
    autopay_days: Annotated[int, Field(ge=1, le=60)] | None = None
    """For customers who are charged automatically: nothing is sent before an invoice is so many days overdue."""
    review_after_days: Annotated[int, Field(ge=30, le=3650)] = 365
    """Debt older than this is put on a list for a person instead of being chased."""
