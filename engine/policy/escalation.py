"""Escalation: what becomes of debt that the ladder did not bring in."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class LostByAge(Part):
    """Of debt so many days overdue, this share was lost in the end."""

    days: Annotated[int, Field(ge=1, le=3650)]
    percent: Annotated[Decimal, Field(ge=0, le=100)]


class Escalation(Part):
    """When a person is asked to hand a debt over to a collector or lawyer, or to write it off."""

    handover_after_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Days after the last step of the ladder; None never asks."""
    handover_from: Annotated[Decimal, Field(ge=0)] = Decimal(100)
    """Less than this in all, in units of its currency, is not worth handing over."""
    write_off_days: Annotated[int, Field(ge=90, le=3650)] | None = None
    """Days overdue from which a write-off is suggested; None never suggests one."""
    lost_by_age: tuple[LostByAge, ...] = (
        LostByAge(days=90, percent=Decimal(26)),
        LostByAge(days=180, percent=Decimal(70)),
        LostByAge(days=365, percent=Decimal(90)),
    )
    """Rules of thumb, to be replaced by the company's own experience."""
