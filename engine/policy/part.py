"""What every section of a policy has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A section, or a part of one: frozen, and an unknown field is an error rather than a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")
