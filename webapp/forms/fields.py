"""Fields as the settings use them: numbers with limits, and lists written one to a line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from wtforms import DecimalField, IntegerField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import Select

ADDRESS = r"^[^@\s,;<>]+@[^@\s,;<>]+$"


def whole(label: str, low: int, high: int, description: str = "", *, may_be_empty: bool = False) -> IntegerField:
    first = Optional() if may_be_empty else InputRequired("Enter a whole number.")
    limits = NumberRange(low, high, f"Enter a whole number from {low} to {high}.")
    render: dict[str, Any] = {"inputmode": "numeric", "min": low, "max": high}
    return IntegerField(label, [first, limits], description=description, render_kw=render)


def decimal(label: str, low: str, high: str, description: str = "", *, may_be_empty: bool = False) -> DecimalField:
    first = Optional() if may_be_empty else InputRequired("Enter a number.")
    limits = NumberRange(Decimal(low), Decimal(high), f"Enter a number from {low} to {high}.")
    render: dict[str, Any] = {"inputmode": "decimal", "min": low, "max": high, "step": "any"}
    return DecimalField(label, [first, limits], places=None, description=description, render_kw=render)


def stripped(typed: str | None) -> str:
    """A filter: what was typed, without the spaces around it."""
    return (typed or "").strip()


class TerseSelect(Select):  # type: ignore[misc]  # WTForms carries no types
    """A long list at half its weight: no value where the words are it, and no end tag, which HTML does not ask for."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **_more: Any) -> Markup:
        words, chosen = choice.label or choice.value, " selected" if choice.selected else ""
        if words == choice.value:
            return Markup("<option{}>{}").format(Markup(chosen), words)  # noqa: S704  # one of the two above
        return Markup('<option value="{}"{}>{}').format(choice.value, Markup(chosen), words)  # noqa: S704  # the same


class LinesField(TextAreaField):  # type: ignore[misc]  # WTForms carries no types
    """A list, one entry to a line; empty lines count for nothing."""

    def _value(self) -> str:
        return "\n".join(str(entry) for entry in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: list[Any] = [line.strip() for text in valuelist for line in text.splitlines() if line.strip()]


class DaysField(LinesField):
    """Days, one to a line, as 2026-12-28."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.typed = list(self.data)
        self.data = [_day(line) for line in self.typed]

    def _value(self) -> str:
        return "\n".join(getattr(self, "typed", None) or [str(day) for day in self.data or ()])


def _day(line: str) -> date:
    try:
        return date.fromisoformat(line)
    except ValueError:
        raise ValidationError(
            f"{line[:40]!r} is not a day: write year, month and day with hyphens, one to a line."
        ) from None
