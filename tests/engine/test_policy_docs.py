"""docs/policy.md: every field is in it with its default, and its examples are true."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import ROUND_DOWN, Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from engine.account import Promise
from engine.conditions import CUSTOMER_NAMES, STEP_NAMES
from engine.contact_law import LAWS
from engine.discounts import break_even
from engine.history import PastPromise
from engine.plan import AskPerson, SendReminder
from engine.policy import Calendar, Place, Policy, Promises
from engine.policy.escalation import LostByAge
from engine.policy.exclusions import Minimum
from engine.policy.groups import Group
from engine.policy.ladder import Step
from engine.policy.presets import PRESETS, with_preset
from engine.promises import holds_until
from tests.engine.builder import Books
from tests.engine.simulate import days_of_plans

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "policy.md").read_text("utf-8")
MEANT = {
    "law": ("the calendar's country",),
    "issued_from_on": ("the day Dunwell was switched on",),
    "reference_rates": ("none",),
    "release_days_overdue": ("as above",),
}
"""Defaults that are told by what they come to."""
SECTIONS = (
    "calendar",
    "budget",
    "consolidation",
    "exclusions",
    "discount",
    "promises",
    "escalation",
    "delivery",
    "statements",
    "thanks",
    "rights",
    "brake",
    "sender",
    "notices",
)
ELSEWHERE = {"fees": "fees.md", "credit": "credit.md"}
"""Sections whose fields stand on a page of their own."""
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def _rows(text: str) -> dict[str, list[str]]:
    """Every table row by what its first cell names."""
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:3] == "| `"]
    return {row[0].strip("`"): row for row in cells}


def _part(heading: str) -> str:
    return TEXT.split(f"\n## `{heading}`\n", 1)[1].split("\n## ", 1)[0]


def _written(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, Enum):
        return str(default.value)
    if isinstance(default, time):
        return f"{default:%H:%M}"
    if default and isinstance(default, tuple) and isinstance(default[0], LostByAge):
        return ", ".join(f"{each.percent} % after {each.days}" for each in default)
    if isinstance(default, tuple):
        return f"[{', '.join(map(str, default))}]"
    return {None: "none", "": "empty"}.get(default, str(default))


def _check(model: type[BaseModel], heading: str) -> None:
    rows = _rows(_part(heading))
    for name, field in model.model_fields.items():
        assert name in rows, f"{heading}.{name} is not documented"
        assert rows[name][2] == ("required" if field.is_required() else _written(field.default)), name
        assert len(rows[name][3]) > 8, f"{heading}.{name} has no meaning"


@pytest.mark.parametrize("section", SECTIONS)
def test_every_field_of_a_section_is_documented_with_its_default(section: str) -> None:
    _check(type(Policy.model_fields[section].default), section)


@pytest.mark.parametrize("section", ELSEWHERE)
def test_every_field_of_a_page_of_its_own_is_documented(section: str) -> None:
    rows = _rows((DOCS / ELSEWHERE[section]).read_text("utf-8"))
    for name, field in type(Policy.model_fields[section].default).model_fields.items():
        written = _written(field.default)
        assert rows[name][1].strip("`") in (written, *MEANT.get(name, ())), name


def test_every_section_is_documented_somewhere() -> None:
    listed = {*SECTIONS, *ELSEWHERE, "ladder", "groups", "booking"}
    assert set(Policy.model_fields) - listed == {"version", "base_currency"}


def test_the_worked_discount_is_what_it_is_told_to_be_worth() -> None:
    worth = break_even(Decimal(12), 40, Decimal(1))
    assert f"worth {worth:.2f} %" in TEXT
    assert f"so {worth.quantize(Decimal('0.1'), rounding=ROUND_DOWN)} % is offered" in TEXT


def test_the_worked_promise_holds_as_long_as_it_is_told() -> None:
    made_on = date(2026, 3, 1)
    past = [PastPromise(pay_on=made_on, was_kept=kept) for kept in (True, False, False)]
    until = holds_until(Promise(date(2026, 12, 1), made_on=made_on), past, Promises())
    assert until is not None
    assert f"for {(until - made_on).days} days at the most" in TEXT


@pytest.mark.parametrize(
    ("model", "heading"), [(Step, "ladder"), (Group, "groups"), (Minimum, "exclusions"), (Place, "booking")]
)
def test_every_field_of_a_list_is_documented_with_its_default(model: type[BaseModel], heading: str) -> None:
    _check(model, heading)


def test_every_name_of_the_conditions_is_documented() -> None:
    rows = _rows(_part("ladder"))
    for name, each in STEP_NAMES.items():
        assert rows[name][1:] == [each.type, each.means, "yes" if name in CUSTOMER_NAMES else "no"]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_valid_policy(example: str) -> None:
    assert Policy.from_yaml(example) != Policy()


def test_the_worked_ladder_comes_out_as_it_is_told() -> None:
    ladder = Policy.from_yaml(next(example for example in EXAMPLES if example.startswith("ladder"))).ladder
    books = Books().ladder(*ladder).calendar().budget()
    books.has_invoice("INV-7", issued="2026-02-03", due="2026-03-05", balance="1200.00 USD")
    told = dict(re.findall(r"\| (2026-\d\d-\d\d) \| step (\d) \|", TEXT))
    assert _days(books) == told


def _days(books: Books) -> dict[str, str]:
    """The first day of each step; a call stays on the list until somebody makes it."""
    days: dict[str, str] = {}
    for _, plan in days_of_plans(books.account, books.rules, date(2026, 2, 20), date(2026, 6, 30)):
        for action in plan.actions:
            if isinstance(action, SendReminder):
                days[plan.on.isoformat()] = str(action.step)
            if isinstance(action, AskPerson) and str(action.reason.figures["step"]) not in days.values():
                days[plan.on.isoformat()] = str(action.reason.figures["step"])
    return days


def test_the_laws_stand_as_they_are_kept() -> None:
    for law in LAWS:
        hours = [f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in (law.weekdays, law.weekends)]
        cells = [law.name, law.country or "elsewhere", f"{law.contacts} in {law.per_days} days", *hours]
        assert f"| {' | '.join(cells)} |" in TEXT


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_told_as_it_is(name: str) -> None:
    preset = PRESETS[name]  # type: ignore[index]  # the keys themselves
    budget = f"{preset.budget.messages} in {preset.budget.per_days} days, {preset.budget.minimum_gap_days} apart"
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| {name} |"))
    assert f"| {len(preset.ladder)}," in row
    assert f"| {budget} | {preset.credit.hold_days_overdue} days overdue |" in row


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_can_be_written_down_and_read(name: str) -> None:
    preset = PRESETS[name]  # type: ignore[index]  # the keys themselves
    assert Policy.from_yaml(preset.to_yaml()) == preset


def test_a_preset_keeps_the_companys_own_calendar() -> None:
    own = Policy(calendar=Calendar(country="NZ"), base_currency="NZD", version=3)
    firm = with_preset(own, "firm")
    assert (firm.calendar, firm.base_currency, firm.ladder) == (own.calendar, "NZD", PRESETS["firm"].ladder)
