"""The finer print of a policy: promises, the volume brake, rights of contact, least amounts, and who each step is from.

What an owner sets once and hardly ever again; it has a page of its own, so that the one small page stays small.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_wtf import FlaskForm
from pydantic import ValidationError as PolicyRefused
from wtforms import BooleanField, HiddenField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice

from engine.policy import Policy
from webapp.forms.desks import DesksPart, shown_desks, with_desks
from webapp.forms.fields import LinesField, whole
from webapp.forms.parts import FINER, place, shown, told

RIGHTS = [
    SelectChoice("businesses", "Businesses: your own hours and limits are enough"),
    SelectChoice("consumers", "Private persons too: the limits of their law are kept as well"),
]


class MinimumsField(LinesField):
    """The least that is chased in single currencies, one to a line: JPY 500."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.typed = list(self.data)
        self.data = [_minimum(line) for line in self.typed]
        if len({one["currency"] for one in self.data}) < len(self.data):
            raise ValidationError("Name each currency once.")

    def _value(self) -> str:
        held = (f"{one['currency']} {one['amount']:f}" for one in self.data or () if isinstance(one, dict))
        return "\n".join(getattr(self, "typed", None) or held)


class FinerForm(DesksPart, FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """One company's finer print."""

    version = HiddenField()
    """Of the settings that the form was shown with."""
    grace_days = whole("Days after the promised day in which it still counts as kept", 0, 14, "Banks take their time.")
    longest_days = whole("Longest that a promise holds back reminders (days)", 1, 365)
    most_broken = whole("Promises broken within a year after which a new one holds nothing back", 1, 20)
    steps_up = BooleanField("The day after a broken promise, the next reminder goes out, whatever its own day")
    show_on_invoice = BooleanField("Show the promised day on the invoice, where the platform has a place for it")
    plan_broken_after_days = whole("An instalment so many days late ends its plan", 0, 60)
    brake_is_on = BooleanField("Hold back a day with far more messages than usual, and ask me")
    always_allowed = whole("Never held: so many messages in a day", 1, 100_000)
    times_usual = whole("Held above so many times the usual", 2, 100)
    days_to_compare = whole("The usual is known after so many days with messages", 1, 60)
    at_first = whole("Never held before that: so many messages in a day", 1, 100_000)
    customers = RadioField("Whom you chase", choices=RIGHTS)
    minimums = MinimumsField(
        "Smallest balance chased in other currencies",
        description="One to a line, such as JPY 500. Any other currency has the amount under Settings.",
    )

    def policy(self, former: Policy) -> Policy | None:
        """`former` with what this form says, or None with the errors put beside their fields."""
        kept = former.model_dump()
        for name, part in told(self, FINER).items():
            kept[name] |= part
        kept["exclusions"]["minimums"] = self.minimums.data
        kept["ladder"] = with_desks(self, kept["ladder"])
        try:
            return Policy.model_validate(kept)
        except PolicyRefused as refused:
            for problem in refused.errors():
                where, message = tuple(problem["loc"]), str(problem["msg"])
                if not place(self, where, message):
                    field = self.minimums if where[:1] == ("exclusions",) else self.brake_is_on
                    field.errors = [*field.errors, message.removeprefix("Value error, ")]
            return None


def present(policy: Policy) -> dict[str, Any]:
    """A policy's finer print, under the names the form uses."""
    minimums = [one.model_dump() for one in policy.exclusions.minimums]
    return {**shown(policy, FINER), "minimums": minimums, "desks": shown_desks(policy), "version": policy.version}


def _minimum(line: str) -> dict[str, Any]:
    currency, _, amount = line.partition(" ")
    try:
        held = Decimal(amount.strip())
    except InvalidOperation:
        held = Decimal(-1)
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha() or not held.is_finite() or held < 0:
        raise ValidationError(f"{line[:40]!r} is not a currency and an amount: write JPY 500, one to a line.")
    return {"currency": currency.upper(), "amount": held}
