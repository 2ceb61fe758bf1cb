"""The form of one group: who belongs to it, and which sections of the settings are its own."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from pydantic import ValidationError as PolicyRefused
from wtforms import BooleanField, Form, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from engine.policy import Group, Policy
from webapp.forms.fields import stripped
from webapp.forms.ladder import LadderPart, shown_steps, steps_of
from webapp.forms.parts import (
    STANDS_AT,
    BudgetPart,
    CreditPart,
    DiscountPart,
    ExclusionsPart,
    FeesPart,
    place,
    shown,
    told,
)

SECTIONS = {
    "ladder": "Reminders",
    "budget": "How much is enough",
    "exclusions": "What is left alone",
    "discount": "Early-payment discounts",
    "fees": "Late fees and interest",
    "credit": "Credit holds",
}
"""Sections that a group may have of its own."""


class OwnPart(Form):  # type: ignore[misc]  # WTForms carries no types
    """One box per section: ticked, the group has it of its own."""

    own_ladder = BooleanField("Other reminders for this group")
    own_budget = BooleanField("Other limits for this group")
    own_exclusions = BooleanField("Other exclusions for this group")
    own_discount = BooleanField("Other discounts for this group")
    own_fees = BooleanField("Other fees for this group")
    own_credit = BooleanField("Other credit rules for this group")


class GroupForm(
    FlaskForm,  # type: ignore[misc]  # flask_wtf carries no types
    OwnPart,
    LadderPart,
    BudgetPart,
    ExclusionsPart,
    DiscountPart,
    FeesPart,
    CreditPart,
):
    """One group of customers."""

    name = StringField(
        "Name of the group",
        [InputRequired("Enter a name."), Length(max=60)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    customers = SelectMultipleField("Customers", option_widget=CheckboxInput(), validate_choice=False)
    find = StringField("Find customers to add", [Length(max=100)], render_kw={"autocomplete": "off"})
    members_when = StringField(
        "Or whoever this holds for",
        [Length(max=500)],
        filters=[stripped],
        description='A condition such as customer.country == "AU" or customer.balance >= 10000.0. Empty: nobody else.',
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def offer(self, names: dict[str, str]) -> None:
        """Let these customers be ticked, by name; those that are ticked already stand first."""
        held = set(self.customers.data or ())
        listed = sorted(names.items(), key=lambda one: (one[0] not in held, one[1].casefold()))
        self.customers.choices = [SelectChoice(id_, name) for id_, name in listed]

    def own(self) -> list[str]:
        """The sections that are ticked."""
        return [section for section in SECTIONS if self[f"own_{section}"].data]

    def makes_sense(self) -> bool:
        """Whether every field that counts does: what stands in a section that is not ticked counts for nothing."""
        if self.validate():
            return True
        idle = {field for section in SECTIONS if section not in self.own() for field in _fields(section)}
        for field in idle:
            self[field].errors = ()
        return not set(self.errors) - idle

    def policy(self, former: Policy, at: int) -> Policy | None:
        """`former` with this group at place `at`, or None with the errors put beside their fields."""
        kept = former.model_dump()
        held = former.groups[at] if at < len(former.groups) else None
        group: dict[str, Any] = {
            # Sections that the form does not ask about, set in the settings as text, stay.
            **{section: part for section, part in (held.sections() if held else {}).items() if section not in SECTIONS},
            "name": self.name.data,
            "customers": self.customers.data,
            "when": self.members_when.data,
        }
        group |= told(self, [section for section in self.own() if section != "ladder"])
        if self.own_ladder.data:
            group["ladder"] = steps_of(self, (held.ladder if held else None) or former.ladder, former)
        kept["groups"] = [*kept["groups"][:at], group, *kept["groups"][at + 1 :]]
        try:
            return Policy.model_validate(kept)
        except PolicyRefused as refused:
            for problem in refused.errors():
                self._place(tuple(problem["loc"])[2:], str(problem["msg"]))
            return None

    def _place(self, where: tuple[int | str, ...], message: str) -> None:
        if where[:1] == ("when",):
            self.members_when.errors = [*self.members_when.errors, message.removeprefix("Value error, ")]
        elif not (where and place(self, where, message)):
            self.name.errors = [*self.name.errors, message.removeprefix("Value error, ")]


def _fields(section: str) -> list[str]:
    return ["ladder"] if section == "ladder" else list(STANDS_AT[section].values())


def shown_group(group: Group | None, policy: Policy) -> dict[str, Any]:
    """A group under the names of the form; sections that it leaves out show those of everybody."""
    own = group.sections() if group else {}
    sections = [section for section in SECTIONS if section != "ladder"]
    return {
        **shown(policy, sections),
        **(shown(group, sections) if group else {}),
        "ladder": shown_steps((group.ladder if group else None) or policy.ladder),
        "name": group.name if group else "",
        "customers": list(group.customers) if group else [],
        "members_when": group.when if group else "",
        **{f"own_{section}": section in own for section in SECTIONS},
    }
