"""Early-payment discounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class Discount(Part):
    """Early-payment discounts that customers are told of. Terms on the invoice itself always go before `percent`."""

    is_on: bool = True
    percent: Annotated[Decimal, Field(ge=0, le=50)] = Decimal(0)
    """Offered on every invoice without terms of its own; 0 offers only what an invoice's own terms give."""
    days: Annotated[int, Field(ge=1, le=120)] = 10
    """Days after the invoice date within which `percent` is earned."""
    tell_days_before: Annotated[int, Field(ge=0, le=60)] = 4
    """How long before the last day the customer is told."""
