"""The settings form, and its translation to and from a policy.

The form asks; `engine.policy` has the last word: what it refuses comes back as an error beside the field it is about.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from pydantic import ValidationError as PolicyRefused
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput

from engine.policy import Policy
from store.tables import Company
from webapp.forms.choices import COUNTRIES, MODES, UNITS, WEEKDAYS, WORDINGS, ZONES, tone_of

ADDRESS = r"^[^@\s,;<>]+@[^@\s,;<>]+$"
MOST_STEPS = 20


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


class StepForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """One rung of the ladder. Its number is its place: rungs are sorted by their days when saved."""

    days = IntegerField(
        "Days after the due date",
        [InputRequired("Enter a whole number."), NumberRange(-60, 365, "Enter a whole number from -60 to 365.")],
        render_kw={"min": -60, "max": 365},
    )
    unit = SelectField("Counted in", choices=UNITS)
    template = SelectField("Wording")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A policy edited as a file may name wordings of its own: they stay selectable.
        own = self.template.object_data if isinstance(self.template.object_data, str) else None
        known = {choice.value for choice in WORDINGS}
        other = [] if own is None or own in known else [SelectChoice(own, own or "A telephone call")]
        self.template.choices = [*WORDINGS, *other]


class SettingsForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """Every setting of a company, as the one small page shows it."""

    mode = RadioField("What Dunwell may do", choices=MODES)
    is_paused = BooleanField("Pause everything", description="While ticked, nothing goes out, whatever else is set.")

    paused_until_on = DateField(
        "Paused until the end of",
        [Optional()],
        description="Empty: until you untick it.",
        render_kw={"autocomplete": "off"},
    )

    sender_name = StringField(
        "Sender name",
        [Length(max=80), Regexp(r"^[^\r\n]*$", message="Enter one line.")],
        description="Whom customers see the message is from. Empty: the company's own name.",
        render_kw={"autocomplete": "organization"},
    )
    reply_to = EmailField(
        "Replies go to",
        [
            Optional(),
            Length(max=254),
            Regexp(ADDRESS, message="Enter one address, such as accounts@example.com."),
        ],
        description="Empty: the company's own address.",
    )

    ladder = FieldList(FormField(StepForm), max_entries=MOST_STEPS)

    time_zone = SelectField("Time zone", choices=ZONES)
    country = SelectField("Public holidays of", choices=COUNTRIES)
    weekdays = SelectMultipleField("Send on", choices=WEEKDAYS, coerce=int, option_widget=CheckboxInput())
    opens = TimeField("From", [InputRequired("Enter a time, such as 09:00.")])
    closes = TimeField("Until", [InputRequired("Enter a time, such as 17:00.")])

    messages = whole("Messages at most", 1, 50)
    per_days = whole("In days", 1, 31)
    minimum_gap_days = whole("Days between two", 0, 60)
    minimum_balance = decimal("Smallest balance chased", "0", "1000000000")
    review_after_days = whole("Ask you when overdue by (days)", 30, 3650)

    discount_is_on = BooleanField("Tell customers about early-payment discounts")
    discount_percent = decimal("Per cent off", "0", "50", "0 offers only what an invoice's own terms give.")
    discount_days = whole("If paid within (days)", 1, 120, "Counted from the invoice date.")
    tell_days_before = whole("Told before it ends (days)", 0, 60)

    credit_is_on = BooleanField("Put customers on credit hold, and lift it again when they pay")
    hold_days_overdue = whole("Hold when overdue by (days)", 1, 720, "Empty: never for lateness.", may_be_empty=True)
    default_limit = decimal(
        "Credit limit", "0.01", "1000000000000", "In your base currency. Empty: no limit.", may_be_empty=True
    )

    def validate_weekdays(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError("Choose at least one day.")

    def validate_closes(self, field: TimeField) -> None:
        if self.opens.data and field.data and self.opens.data >= field.data:
            raise ValidationError(f"Choose a time after {self.opens.data:%H:%M}, when sending starts.")

    def validate_ladder(self, field: FieldList) -> None:
        days = [rung.form.days.data for rung in field if rung.form.days.data is not None]
        if len(days) != len(set(days)):
            raise ValidationError("Two steps fall on the same day: give each its own.")

    def policy(self, former: Policy) -> Policy | None:
        """The policy this form describes, or None with the errors put beside their fields.

        What the form does not ask about is kept from `former`.
        """
        kept = former.model_dump()
        for name, part in self._parts(former).items():
            kept[name] = kept[name] | part if isinstance(part, dict) else part
        try:
            return Policy.model_validate(kept)
        except PolicyRefused as refused:
            for problem in refused.errors():
                self._place(tuple(problem["loc"]), str(problem["msg"]))
            return None

    def _parts(self, former: Policy) -> dict[str, Any]:
        return {
            "calendar": {name: self[name].data for name in ("time_zone", "country", "weekdays", "opens", "closes")},
            "ladder": self._ladder(former),
            "budget": {name: self[name].data for name in ("messages", "per_days", "minimum_gap_days")},
            "discount": {
                "is_on": self.discount_is_on.data,
                "percent": self.discount_percent.data,
                "days": self.discount_days.data,
                "tell_days_before": self.tell_days_before.data,
            },
            "credit": {
                "is_on": self.credit_is_on.data,
                "hold_days_overdue": self.hold_days_overdue.data,
                "default_limit": self.default_limit.data,
            },
            "exclusions": {name: self[name].data for name in ("minimum_balance", "review_after_days")},
            "sender": {"name": (self.sender_name.data or "").strip(), "reply_to": (self.reply_to.data or "").strip()},
        }

    def _ladder(self, former: Policy) -> list[dict[str, Any]]:
        """The steps, numbered by their place; what the form does not ask about a step is kept from the former one."""
        by_day = {(step.template, step.days): step for step in former.ladder}
        by_wording = {step.template: step for step in reversed(former.ladder)}
        steps: list[dict[str, Any]] = []
        number = 1
        for rung in sorted((rung.form for rung in self.ladder), key=lambda rung: rung.days.data):
            template, days = rung.template.data, rung.days.data
            same = by_day.get((template, days)) or by_wording.get(template)
            told = {"number": number, "days": days, "unit": rung.unit.data, "template": template}
            steps.append((same.model_dump() if same else {}) | told | {"tone": tone_of(template, former)})
            number += 1 + (same.repeat_times if same else 0)
        return steps

    def _place(self, where: tuple[int | str, ...], message: str) -> None:
        """Put what the policy refused beside the field of that name, or above the form where there is none."""
        name = str(where[-1]) if where else ""
        field = self._fields.get(name) or self._fields.get(f"{where[0]}_{name}" if where else "")
        field = field if field is not None else self.mode
        field.errors = [*field.errors, message.removeprefix("Value error, ")]


def shown(policy: Policy, company: Company) -> dict[str, Any]:
    """A company's present settings, under the names the form uses."""
    return {
        **policy.calendar.model_dump(),
        **policy.budget.model_dump(),
        **policy.exclusions.model_dump(),
        "weekdays": list(policy.calendar.weekdays),
        "ladder": [step.model_dump() for step in policy.ladder],
        "discount_is_on": policy.discount.is_on,
        "discount_percent": policy.discount.percent,
        "discount_days": policy.discount.days,
        "tell_days_before": policy.discount.tell_days_before,
        "credit_is_on": policy.credit.is_on,
        "hold_days_overdue": policy.credit.hold_days_overdue,
        "default_limit": policy.credit.default_limit,
        "sender_name": policy.sender.name,
        "reply_to": policy.sender.reply_to,
        "mode": company.mode,
        "is_paused": company.is_paused,
        "paused_until_on": company.paused_until_on,
    }
