"""Credit: limits and holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.policy.part import Part


class Credit(Part):
    """When a customer gets no new credit, and when it gets credit again."""

    is_on: bool = True
    hold_days_overdue: Annotated[int, Field(ge=1, le=720)] | None = 60
    """Hold when any invoice is this many days overdue; None never holds for lateness."""
    release_days_overdue: Annotated[int, Field(ge=1, le=720)] | None = None
    """A hold goes only when nothing is this many days overdue any more; None takes `hold_days_overdue`."""
    default_limit: Annotated[Decimal, Field(gt=0)] | None = None
    """Credit limit of a customer that has none of its own, in the company's base currency; None is unlimited."""
    release_percent: Annotated[int, Field(ge=1, le=100)] = 90
    """A hold goes only when no more than this share of the limit is open: one small payment does not lift it."""
    hold_broken_promises: Annotated[int, Field(ge=1, le=20)] | None = None
    """Hold who has broken so many promises within twelve months, while anything is overdue; None never does."""
    hold_returned_payments: Annotated[int, Field(ge=1, le=20)] | None = None
    """Hold who has had so many payments returned within twelve months, while anything is overdue; None never does."""
    review_new_from: Annotated[Decimal, Field(gt=0)] | None = None
    """Ask a person about a customer without any history whose open balance, in the base currency, reaches this."""
    review_every_days: Annotated[int, Field(ge=30, le=1000)] | None = None
    """Ask a person to look at a customer's own limit again so many days after it was last looked at."""
    advises_terms: bool = False
    """Ask a person about other terms for customers whose habits call for them, once a year each."""

    @model_validator(mode="after")
    def _releases_below_the_hold(self) -> Self:
        hold, release = self.hold_days_overdue, self.release_days_overdue
        if hold is not None and release is not None and release > hold:
            raise ValueError(f"release_days_overdue {release} must not be above hold_days_overdue {hold}")
        return self
