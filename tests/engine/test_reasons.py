"""The list of rules: complete, and nothing in it that no rule says."""

from __future__ import annotations

import ast
import inspect

import pytest

from engine import reasons
from engine.reasons import RULES, count_days
from tests.engine.builder import Books


def _codes_made() -> list[str]:
    """The code of every Reason that the module makes."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(reasons))) if isinstance(node, ast.Call)]
    made = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Reason"]
    return [str(argument.value) for argument in made if isinstance(argument, ast.Constant)]


def test_the_list_names_every_rule_that_can_speak_and_no_other() -> None:
    assert set(_codes_made()) == set(RULES)


def test_every_rule_has_a_name_on_screen() -> None:
    assert all(label[0].isupper() for label in RULES.values())
    assert len(set(RULES.values())) == len(RULES)


@pytest.mark.parametrize(
    ("count", "unit", "said"), [(1, "", "1 day"), (12, "", "12 days"), (1, "business", "1 business day")]
)
def test_days_are_counted_in_words(count: int, unit: str, said: str) -> None:
    assert count_days(count, unit) == said


def test_the_figures_of_a_reminder_can_be_checked_by_hand(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01")
    figures = books.reason("INV-7", on="2026-03-11").figures
    assert {name: str(value) for name, value in figures.items()} == {
        "due_on": "2026-03-01",
        "days_overdue": "10",
        "balance": "120.00 USD",
        "step": "2",
        "step_days": "10",
        "unit": "calendar",
    }


def test_a_waiting_invoice_says_the_same_every_day(books: Books) -> None:
    """A decision that stands must not read differently tomorrow."""
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.reason("INV-7", on="2026-02-10") == books.reason("INV-7", on="2026-03-03")
