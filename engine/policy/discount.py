"""Early-payment discounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

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
    only_if_worth: bool = False
    """Offer `percent` at the most, and no more than paying early is worth with this customer; nothing where it is worth
    nothing, as with those who pay early anyway."""
    cost_of_money: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(12)
    """What the company's own money costs, per cent a year."""
    loss_percent: Annotated[Decimal, Field(ge=0, lt=100)] = Decimal(1)
    """The chance that an invoice is never paid, in per cent."""
    credit_taken: bool = True
    """Credit what is left of an invoice that was paid in time less exactly its discount."""
    tolerance: Annotated[Decimal, Field(ge=0, le=10)] = Decimal("0.05")
    """How far what is left may be from the discount, in units of its currency."""
    taken_late: Literal["chase", "accept", "ask"] = "chase"
    """What becomes of a discount taken after its last day: the rest is chased, credited all the same, or a person is
    asked, case by case."""
    late_days: Annotated[int, Field(ge=0, le=60)] = 5
    """`accept` and `ask` hold for so many days after the last day; what is paid later still is chased."""
