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
    colour: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    """Of the button and the name in messages, as #rrggbb; empty takes the house's own."""
    logo: Annotated[str, Field(pattern=r"^([0-9a-f]{32})?$")] = ""
    """An uploaded picture in place of the name, by its fingerprint; it goes before `logo_url`."""
    logo_url: Annotated[str, Field(max_length=500, pattern=r"^(https://[!-~]+)?$")] = ""
    """Address of a picture that stands in place of the name, on a site of the company's own."""
