"""Messages beside the ladder: first delivery, statements of account, and thanks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.policy.part import Part


class Delivery(Part):
    """Invoices that were approved and never sent. The ladder of such an invoice waits until it has been."""

    unsent: Literal["ignore", "ask", "send"] = "ask"
    """`ask` puts them before a person the same day; `send` has the platform send its own email."""
    only_if_usual: bool = True
    """Only for customers who got other invoices by the platform's email: who never does, gets them some other way."""


class Statements(Part):
    """A statement of account once a month, to customers who owe something. Never on the day of another message."""

    is_on: bool = False
    day_of_month: Annotated[int, Field(ge=1, le=28)] = 1
    """The day from which it goes out, on the first sending day that the contact budget allows."""
    for_days: Annotated[int, Field(ge=1, le=20)] = 10
    """A statement that could not go out within so many days is left out that month."""


class Thanks(Part):
    """A word of thanks when an invoice that had been reminded of is paid in full."""

    is_on: bool = False
    within_days: Annotated[int, Field(ge=1, le=14)] = 5
    """Thanks that come later than this after the payment are not sent."""
