"""Customers who are treated by rules of their own."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.needs import needs_of
from engine.policy import (
    Budget,
    Delivery,
    Escalation,
    Exclusions,
    Group,
    Policy,
    Promises,
    Statements,
    Step,
    Thanks,
)
from engine.rules import rules_of
from tests.engine.builder import Books

PATIENT = (Step(number=1, days=30, template="reminder_1"),)


def test_a_customer_of_a_group_has_its_ladder(books: Books) -> None:
    books.groups(Group(name="Key accounts", customers=("C-1",), ladder=PATIENT)).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-11") == []
    assert books.plan(on="2026-03-31") == ["remind INV-7, step 1"]


def test_everybody_else_keeps_the_policy(books: Books) -> None:
    books.groups(Group(name="Key accounts", customers=("C-2",), ladder=PATIENT)).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2"]


def test_a_group_may_be_found_by_a_condition(books: Books) -> None:
    books.groups(Group(name="Large", when="customer.balance >= 1000.0", ladder=PATIENT))
    books.has_invoice("INV-7", due="2026-03-01", balance="999.99 USD")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2"]
    books.has_invoice("INV-8", due="2026-03-30", balance="0.01 USD")
    assert books.plan(on="2026-03-11") == []


def test_the_first_group_that_fits_decides(books: Books) -> None:
    books.groups(
        Group(name="A", customers=("C-1",), ladder=PATIENT),
        Group(name="B", when="customer.open_invoices > 0", ladder=(Step(number=1, days=1, template="a"),)),
    )
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-11") == []


def test_what_a_group_leaves_out_stays_as_it_is_for_all(books: Books) -> None:
    books.budget(messages=50, per_days=1, minimum_gap_days=5)
    books.groups(Group(name="A", customers=("C-1",), exclusions=Exclusions(minimum_balance=0)))
    books.has_invoice("INV-7", due="2026-03-01", balance="1.00 USD").was_contacted("2026-03-10")
    assert books.why("INV-7", on="2026-03-11") == "contact_budget"


def test_a_group_may_have_its_own_contact_budget(books: Books) -> None:
    quiet = Budget(messages=1, per_days=30, minimum_gap_days=30)
    books.groups(Group(name="Quiet", customers=("C-1",), budget=quiet))
    books.has_invoice("INV-7", due="2026-03-01", last_step=1).was_contacted("2026-03-04")
    assert books.plan(on="2026-03-11") == []


def test_a_group_whose_condition_fails_has_no_members(books: Books) -> None:
    books.groups(Group(name="Odd", when="1 / (customer.open_invoices - 1) > 0", ladder=PATIENT))
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2"]


def test_a_group_without_members_is_refused() -> None:
    with pytest.raises(ValidationError, match="names its `customers`"):
        Group(name="Nobody")


def test_the_steps_of_a_group_must_climb_too() -> None:
    with pytest.raises(ValidationError) as refused:
        Policy.model_validate(
            {
                "groups": [
                    {
                        "name": "A",
                        "customers": ["C-1"],
                        "ladder": [
                            {"number": 2, "days": 3, "template": "a"},
                            {"number": 1, "days": 9, "template": "b"},
                        ],
                    }
                ]
            }
        )
    assert refused.value.errors()[0]["loc"] == ("groups", 0, "ladder")


def test_a_group_may_be_told_of_every_section_that_is_about_a_customer(books: Books) -> None:
    group = Group(
        name="Old friends",
        customers=("C-1",),
        promises=Promises(longest_days=90),
        escalation=Escalation(write_off_days=400),
        delivery=Delivery(unsent="ignore"),
        statements=Statements(is_on=True, day_of_month=5),
        thanks=Thanks(is_on=True),
    )
    books.groups(group)
    rules = rules_of(books.rules).for_account(books.account)
    for name in ("promises", "escalation", "delivery", "statements", "thanks"):
        assert getattr(rules, name) == getattr(group, name)
    assert needs_of(books.rules).payments, "thanks answer payments, in one group as in all"
