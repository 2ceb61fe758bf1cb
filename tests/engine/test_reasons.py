"""The list of rules: complete, and nothing in it that no rule says."""

from __future__ import annotations

import pytest

from engine.reasons import RULES
from engine.reasons import guards as why
from engine.reasons.words import count_days
from tests.engine.builder import Books


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


def test_reasons_are_equal_when_they_say_the_same() -> None:
    assert why.do_not_chase("Acme") == why.do_not_chase("Acme")
    assert why.do_not_chase("Acme") != why.do_not_chase("Other")
    assert why.do_not_chase("Acme") != why.opted_out("Acme")
    assert len({why.do_not_chase("Acme"), why.do_not_chase("Acme")}) == 1


def test_facts_are_given_in_order_so_that_none_is_lost() -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        why.do_not_chase(customer="Acme")
