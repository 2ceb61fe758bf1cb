"""Notices: what Dunwell writes to the company's own people about its work."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.policy.ladder import Address
from engine.policy.part import Part
from engine.telling import LANGUAGES


class Notices(Part):
    """Who is written to when the unattended work does not run as it should, and about what. That the connection has to
    be renewed is always told: without it nothing else is."""

    to: Annotated[tuple[Address, ...], Field(max_length=10)] = ()
    """Empty: the people who own the company here, else the company's own address."""
    stale: bool = True
    """The books could not be read for a day."""
    held: bool = True
    """Messages that may or may not have gone out."""
    unsent: bool = True
    """Messages that should have gone out days ago."""
    language: Annotated[str, Field(pattern="^(" + "|".join(LANGUAGES) + ")$")] = "en"
    """In which these mails are written, invitations, and the notes that Dunwell leaves in the books."""
