"""The contact budget: how often one customer may hear from us."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class Budget(Part):
    """How often one customer may be contacted, over every kind of message."""

    messages: Annotated[int, Field(ge=1, le=50)] = 2
    per_days: Annotated[int, Field(ge=1, le=31)] = 7
    """At most `messages` in any `per_days` days."""
    minimum_gap_days: Annotated[int, Field(ge=0, le=60)] = 3
    """Whole days between one message to a customer and the next."""
    after_person_days: Annotated[int, Field(ge=0, le=30)] = 3
    """Whole days between a person's own contact, such as a call, and the next message."""
