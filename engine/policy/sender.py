"""Who the messages are from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.policy.part import Part


class Sender(Part):
    """Who the messages are from, as customers see it. Empty fields fall back on the company's own name and address."""

    name: Annotated[str, Field(max_length=80, pattern=r"^[^\r\n]*$")] = ""
    reply_to: Annotated[str, Field(max_length=254, pattern=r"^([^@\s,;<>]+@[^@\s,;<>]+)?$")] = ""
    """Where customers' replies go."""
