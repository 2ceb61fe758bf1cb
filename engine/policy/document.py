"""The whole policy document, and how it is written down."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

import yaml
from pydantic import Field, ValidationInfo, field_validator

from engine.policy.budget import Budget
from engine.policy.calendar import Calendar
from engine.policy.credit import Credit
from engine.policy.discount import Discount
from engine.policy.exclusions import Exclusions
from engine.policy.fees import Fees
from engine.policy.ladder import DEFAULT_LADDER, Step
from engine.policy.part import Part
from engine.policy.sender import Sender


class Policy(Part):
    """The whole document. `version` is given by the store; 0 is not saved yet."""

    version: int = 0
    calendar: Calendar = Calendar()
    ladder: tuple[Step, ...] = DEFAULT_LADDER
    budget: Budget = Budget()
    discount: Discount = Discount()
    fees: Fees = Fees()
    credit: Credit = Credit()
    exclusions: Exclusions = Exclusions()
    sender: Sender = Sender()
    base_currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""

    @field_validator("ladder")
    @classmethod
    def _climbs(cls, ladder: tuple[Step, ...], _info: ValidationInfo) -> tuple[Step, ...]:
        for lower, upper in pairwise(ladder):
            if upper.number <= lower.number or upper.days <= lower.days:
                raise ValueError(
                    f"step {upper.number} ({upper.days} days) must come after step {lower.number} ({lower.days} days)"
                )
        return ladder

    def to_yaml(self) -> str:
        return yaml.safe_dump(self.model_dump(mode="json", exclude={"version"}), sort_keys=False, allow_unicode=True)

    @classmethod
    def from_yaml(cls, text: str) -> Policy:
        """Raises pydantic.ValidationError, naming every wrong field, or yaml.YAMLError."""
        return cls.model_validate(yaml.safe_load(text) or {})
