"""The ladder in a form: its steps, and the buttons that add, move and remove one.

The buttons only reshape what was sent, on the server: they work without any script.
"""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from engine.policy import Policy, Step
from webapp.forms.choices import ANCHORS, UNITS, WORDINGS, tone_of
from webapp.forms.fields import whole

MOST_STEPS = 20
CALL = "call"
"""Stands among the wordings for a step that is a telephone call."""
RESHAPING = ("add_step", "remove_step", "move_step")
STAYS = ("days", "unit", "anchor")
"""What belongs to the place on the ladder, not to what is said there."""


class StepForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """One rung of the ladder. Its number is its place."""

    days = IntegerField(
        "Days after the due date",
        [InputRequired("Enter a whole number."), NumberRange(-60, 365, "Enter a whole number from -60 to 365.")],
        render_kw={"min": -60, "max": 365},
    )
    unit = SelectField("Counted in", choices=UNITS)
    anchor = SelectField("Counted from", choices=ANCHORS)
    template = SelectField("Wording")
    when = StringField(
        "Only when",
        [Length(max=500)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    needs_approval = BooleanField("Waits for a person, in automatic mode too")
    repeat_times = whole("Repeated (times)", 0, 30)
    repeat_every_days = whole("Each after (days)", 1, 90, may_be_empty=True)
    minimum_gap_days = whole("Days after the step before, at least", 0, 60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A policy edited as a file may name wordings of its own: they stay selectable.
        own = self.template.object_data if isinstance(self.template.object_data, str) else None
        other = [] if not own or own in {choice.value for choice in WORDINGS} else [SelectChoice(own)]
        self.template.choices = [*WORDINGS, SelectChoice(CALL, "A telephone call, on your task list"), *other]

    @property
    def is_plain(self) -> bool:
        """Whether nothing is set beyond the day and the words."""
        more = (self.when, self.needs_approval, self.repeat_times, self.repeat_every_days, self.minimum_gap_days)
        return self.anchor.data == "due" and not any(field.data or field.errors for field in more)


class LadderPart(Form):  # type: ignore[misc]  # WTForms carries no types
    ladder = FieldList(FormField(StepForm), max_entries=MOST_STEPS)

    def validate_ladder(self, field: FieldList) -> None:
        days = [(rung.form.anchor.data, rung.form.days.data) for rung in field if rung.form.days.data is not None]
        if len(days) != len(set(days)):
            raise ValidationError("Two steps fall on the same day: give each its own.")


def shown_steps(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    """Steps under the names of the form."""
    return [step.model_dump() | {"template": step.template if step.channel == "email" else CALL} for step in steps]


def steps_of(form: LadderPart, former: tuple[Step, ...], policy: Policy) -> list[dict[str, Any]]:
    """The steps, numbered by their place; what the form does not ask about a step is kept from the former one.

    Steps that all count from the same day are sorted by it; where they count from different ones, their order on the
    page is theirs on the ladder.
    """
    rungs = [rung.form for rung in form.ladder]
    if len({rung.anchor.data for rung in rungs}) <= 1:
        rungs.sort(key=lambda rung: rung.days.data)
    by_day = {(step.template, step.days): step for step in former}
    by_wording = {step.template: step for step in reversed(former)}
    steps: list[dict[str, Any]] = []
    number = 1
    for rung in rungs:
        told = _told(rung, policy)
        same = by_day.get((told["template"], told["days"])) or by_wording.get(told["template"])
        steps.append((same.model_dump() if same else {}) | told | {"number": number})
        number += 1 + (told["repeat_times"] or 0)
    return steps


def _told(rung: StepForm, policy: Policy) -> dict[str, Any]:
    is_call = rung.template.data == CALL
    template = "" if is_call else rung.template.data
    named = {name: rung[name].data for name in ("days", "unit", "anchor", "repeat_times", "repeat_every_days")}
    return named | {
        "channel": "call" if is_call else "email",
        "template": template,
        "tone": tone_of(template, policy),
        "when": (rung.when.data or "").strip(),
        "minimum_gap_days": rung.minimum_gap_days.data,
        "needs_approval": rung.needs_approval.data,
    }


def reshaped(sent: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """The form as posted, with a step more or less, or two exchanged, where one of those buttons was pressed."""
    fields = sent.copy()
    if "remove_step" in fields:
        for name in _of_step(fields, fields["remove_step"]):
            del fields[name]
    elif "move_step" in fields:
        _move_up(fields, fields["move_step"])
    elif "add_step" in fields:
        _add(fields)
    return ImmutableMultiDict(fields)


def is_reshaping(sent: MultiDict[str, str]) -> bool:
    return any(button in sent for button in RESHAPING)


def _add(fields: MultiDict[str, str]) -> None:
    days = [fields[name] for name in fields if _is(name, "days")]
    last = max((int(day) for day in days if day.lstrip("-").isdigit()), default=-7)
    place = max(_places(fields), default=-1) + 1
    new = {"days": str(min(last + 10, 365)), "unit": "calendar", "anchor": "due", "repeat_times": "0"}
    new |= {"minimum_gap_days": "0", "template": "reminder_1" if place == 0 else "final_notice"}
    for name, value in new.items():
        fields[f"ladder-{place}-{name}"] = value


def _move_up(fields: MultiDict[str, str], place: str) -> None:
    """Say what this step says one step earlier, and what that one said here: the days stay where they are."""
    places = sorted(_places(fields))
    at = places.index(int(place)) if place.isdigit() and int(place) in places else 0
    if at == 0:
        return
    above = places[at - 1]
    names = {name.split("-", 2)[2] for name in (*_of_step(fields, place), *_of_step(fields, str(above)))}
    for name in names - set(STAYS):
        mine, theirs = f"ladder-{place}-{name}", f"ladder-{above}-{name}"
        fields[mine], fields[theirs] = fields.get(theirs, ""), fields.get(mine, "")


def _places(fields: MultiDict[str, str]) -> list[int]:
    return [int(name.split("-")[1]) for name in fields if _is(name, "days")]


def _of_step(fields: MultiDict[str, str], place: str) -> list[str]:
    return [name for name in fields if name.startswith(f"ladder-{place}-")]


def _is(name: str, field: str) -> bool:
    parts = name.split("-")
    return len(parts) == 3 and parts[0] == "ladder" and parts[1].isdigit() and parts[2] == field
