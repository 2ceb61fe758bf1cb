"""The volume brake."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class Brake(Part):
    """When a day would see so many more messages than usual that a person should look first."""

    is_on: bool = True
    always_allowed: Annotated[int, Field(ge=1, le=100000)] = 50
    """So many messages in one day are never held."""
    times_usual: Annotated[int, Field(ge=2, le=100)] = 4
    """A day stops above this many times the median of the days on which messages went out."""
    days_to_compare: Annotated[int, Field(ge=1, le=60)] = 5
    """With fewer such days to compare with, everything above `at_first` stops."""
    at_first: Annotated[int, Field(ge=1, le=100000)] = 250
    """So many messages in one day are never held while there is too little to compare with."""
