"""Promises to pay, and payment plans."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class Promises(Part):
    """How long a customer's word holds back reminders, and what follows when it is broken."""

    grace_days: Annotated[int, Field(ge=0, le=14)] = 0
    """Days after the promised day in which a payment still counts as kept: banks take their time."""
    longest_days: Annotated[int, Field(ge=1, le=365)] = 60
    """The longest that a promise holds back reminders, counted from the day on which it was given."""
    most_broken: Annotated[int, Field(ge=1, le=20)] = 3
    """Who has broken so many within twelve months is reminded in spite of a new one."""
    steps_up: bool = True
    """The day after a promise was broken the next step of the ladder is due, whatever its own day."""
    show_on_invoice: bool = False
    """Xero shows the promised day as the invoice's expected date; QuickBooks Online has no place for it."""
    plan_broken_after_days: Annotated[int, Field(ge=0, le=60)] = 7
    """An instalment so many days overdue ends its plan: the whole debt is due again."""
