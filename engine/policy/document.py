"""The whole policy document, and how it is written down."""

from __future__ import annotations

from typing import Annotated

import yaml
from pydantic import Field

from engine.policy.booking import Booking
from engine.policy.brake import Brake
from engine.policy.budget import Budget
from engine.policy.calendar import Calendar
from engine.policy.consolidation import Consolidation
from engine.policy.credit import Credit
from engine.policy.discount import Discount
from engine.policy.escalation import Escalation
from engine.policy.exclusions import Exclusions
from engine.policy.fees import Fees
from engine.policy.groups import Group
from engine.policy.ladder import DEFAULT_LADDER, Steps
from engine.policy.messages import Delivery, Statements, Thanks
from engine.policy.notices import Notices
from engine.policy.part import Part
from engine.policy.promises import Promises
from engine.policy.rights import Rights
from engine.policy.sender import Sender


class Policy(Part):
    """The whole document. `version` is given by the store; 0 is not saved yet."""

    version: int = 0
    calendar: Calendar = Calendar()
    ladder: Steps = DEFAULT_LADDER
    budget: Budget = Budget()
    consolidation: Consolidation = Consolidation()
    discount: Discount = Discount()
    fees: Fees = Fees()
    credit: Credit = Credit()
    promises: Promises = Promises()
    escalation: Escalation = Escalation()
    exclusions: Exclusions = Exclusions()
    delivery: Delivery = Delivery()
    statements: Statements = Statements()
    thanks: Thanks = Thanks()
    rights: Rights = Rights()
    brake: Brake = Brake()
    groups: tuple[Group, ...] = ()
    sender: Sender = Sender()
    notices: Notices = Notices()
    booking: Booking = Booking()
    base_currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""

    def to_yaml(self) -> str:
        return yaml.safe_dump(self.model_dump(mode="json", exclude={"version"}), sort_keys=False, allow_unicode=True)

    @classmethod
    def from_yaml(cls, text: str) -> Policy:
        """Raises pydantic.ValidationError, naming every wrong field, or yaml.YAMLError."""
        return cls.model_validate(yaml.safe_load(text) or {})
