"""Groups: customers who are treated by rules of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from engine.conditions import check
from engine.policy.budget import Budget
from engine.policy.credit import Credit
from engine.policy.discount import Discount
from engine.policy.escalation import Escalation
from engine.policy.exclusions import Exclusions
from engine.policy.fees import Fees
from engine.policy.ladder import Steps
from engine.policy.messages import Delivery, Statements, Thanks
from engine.policy.part import Part
from engine.policy.promises import Promises


class Group(Part):
    """Customers named by id or found by a condition, and the sections that replace the policy's own for them.

    A customer belongs to the first group that fits. A section left out stays as it is for everybody; one that is given
    replaces the whole section.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    customers: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = ()
    """Ids on the platform."""
    when: Annotated[str, AfterValidator(check(about_customers=True))] = ""
    """A condition over customer names; whoever it holds for belongs to the group."""
    ladder: Steps | None = None
    budget: Budget | None = None
    discount: Discount | None = None
    fees: Fees | None = None
    credit: Credit | None = None
    exclusions: Exclusions | None = None
    promises: Promises | None = None
    escalation: Escalation | None = None
    delivery: Delivery | None = None
    statements: Statements | None = None
    thanks: Thanks | None = None

    @model_validator(mode="after")
    def _has_members(self) -> Self:
        if not self.customers and not self.when:
            raise ValueError("a group names its `customers`, or says in `when` whom it is for")
        return self

    def sections(self) -> dict[str, object]:
        """The sections that the group replaces, by their name in the policy."""
        names = [name for name in type(self).model_fields if name not in ("name", "customers", "when")]
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def moved(groups: Sequence[Group], customers: Collection[str], name: str) -> tuple[Group, ...]:
    """The groups once these customers belong to the one of that name, and to no other by id; to none for no name.

    Raises ValueError for a name that no group has, and where a group would be left without anybody.
    """
    if name and all(group.name != name for group in groups):
        raise ValueError(f"there is no group {name!r}")
    found = []
    for group in groups:
        kept = tuple(one for one in group.customers if one not in customers)
        members = (*kept, *sorted(customers)) if group.name == name else kept
        if not members and not group.when:
            raise ValueError(f"the group {group.name!r} would be empty: take it out of the settings instead")
        found.append(group.model_copy(update={"customers": members}))
    return tuple(found)
