"""Conditions: what they may say, what they refuse and where, and that no failure is ever taken for a yes."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.comparisons import plain
from engine.conditions import CUSTOMER_NAMES, STEP_NAMES, BadConditionError, ConditionFailed, FactValue, compiled
from engine.facts import about_customer, about_invoice
from engine.history import Settled
from engine.policy import Policy, Step
from tests.engine.builder import Books, money
from tests.engine.strategies import TODAY, accounts

BIG = Step(number=1, days=3, template="a", when="invoice.balance >= 500.0")


def test_a_step_with_a_condition_comes_where_it_holds(books: Books) -> None:
    books.ladder(BIG).has_invoice("INV-7", due="2026-03-01", balance="500.00 USD")
    assert books.plan(on="2026-03-04") == ["remind INV-7, step 1"]


def test_a_step_is_passed_over_where_its_condition_does_not_hold(books: Books) -> None:
    books.ladder(BIG, Step(number=2, days=10, template="b")).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-04") == []
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2"]


def test_a_lower_step_goes_out_where_the_condition_of_the_higher_fails_to_hold(books: Books) -> None:
    books.ladder(Step(number=1, days=3, template="a"), BIG.model_copy(update={"number": 2, "days": 10}))
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 1"]


def test_a_condition_that_comes_to_hold_by_time_is_looked_at_every_day(books: Books) -> None:
    books.ladder(Step(number=1, days=3, template="a", when="invoice.days_old > 60"))
    books.has_invoice("INV-7", issued="2026-01-15", due="2026-03-01")
    assert books.look_again(on="2026-03-10") == "2026-03-11"
    assert books.plan(on="2026-03-17") == ["remind INV-7, step 1"]


def test_a_condition_that_time_cannot_change_costs_no_looks(books: Books) -> None:
    books.ladder(BIG).exclusions(review_after_days=3650).has_invoice("INV-7", due="2026-03-01")
    assert books.look_again(on="2026-03-10") == "2036-02-28"


def test_a_condition_that_fails_never_sends(books: Books) -> None:
    """Division by zero: CEL's answer is a piece of text, which Python would take for true."""
    books.ladder(Step(number=1, days=3, template="a", when="10 / invoice.last_step > 1"))
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-04") == []
    assert books.why("INV-7", on="2026-03-04") == "condition_failed"
    assert "divide by zero" in books.says("INV-7", on="2026-03-04")


def test_a_failing_condition_does_not_hold_up_a_higher_step(books: Books) -> None:
    books.ladder(
        Step(number=1, days=3, template="a", when="10 / invoice.last_step > 1"), Step(number=2, days=10, template="b")
    )
    books.has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 2"]


def test_an_error_is_an_answer_of_its_own_not_a_yes() -> None:
    answer = compiled("1 / invoice.last_step > 0").holds({"invoice.last_step": 0})
    assert isinstance(answer, ConditionFailed)
    assert answer is not True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("invoice.balence > 5.0", "line 1, column 8: undeclared reference to 'invoice.balence': the names are"),
        ("invoice.balance > 500", "write 500.0 instead of 500"),
        ("invoice.days_overdue", "answers yes or no, but this gives int"),
        ("invoice.days_overdue >=", "line 1, column 24: this cannot be read"),
        ("invoice.days_overdue = 7", "cannot be read"),
        ('invoice.days_overdue > "7"', "no matching overload"),
        ("__import__('os')", "column"),
        ("customer.name." * 60, "at most 500 characters"),
        ("[1,2].all(a, [1,2].all(b, unknown))", "undeclared"),
    ],
)
def test_a_wrong_condition_is_refused_with_its_place_and_a_hint(text: str, said: str) -> None:
    with pytest.raises(BadConditionError) as refused:
        compiled(text)
    assert said in str(refused.value)


def test_the_error_stands_at_its_place_in_the_policy() -> None:
    with pytest.raises(ValidationError) as refused:
        Policy.from_yaml("ladder: [{number: 1, days: 3, template: a, when: 'invoice.balance > 500'}]")
    (problem,) = refused.value.errors()
    assert problem["loc"] == ("ladder", 0, "when")
    assert "write 500.0" in problem["msg"]


def test_a_group_cannot_ask_about_one_invoice() -> None:
    with pytest.raises(BadConditionError, match=r"undeclared reference to 'invoice\.balance'"):
        compiled("invoice.balance > 5.0", about_customers=True)


def test_names_inside_text_are_not_taken_for_names() -> None:
    assert compiled('customer.name == "invoice.balance"').names == {"customer.name"}


def test_conditions_on_time_and_on_our_own_acts_move_by_themselves() -> None:
    assert compiled("invoice.last_step < 2").moves_by_itself
    assert compiled("invoice.days_overdue > 3").moves_by_itself
    assert not compiled("invoice.balance > 3.0").moves_by_itself


@settings(max_examples=40, deadline=None)
@given(accounts())
def test_every_documented_name_has_a_value_of_its_type(account: object) -> None:
    assert isinstance(account, object)
    kinds = {"int": int, "double": float, "string": str, "bool": bool}
    for invoice in account.invoices:  # type: ignore[attr-defined]  # an engine.account.Account
        facts = about_customer(account, STEP_NAMES, "USD", TODAY) | about_invoice(invoice, frozenset(STEP_NAMES), TODAY)  # type: ignore[arg-type]
        assert facts.keys() == STEP_NAMES.keys()
        assert all(type(value) is kinds[STEP_NAMES[name].type] for name, value in facts.items())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_compiler(text: str) -> None:
    with suppress(BadConditionError):
        assert compiled(text).text == text


def test_nobody_changes_groups_overnight() -> None:
    assert not any(name.moves_by_itself for name in CUSTOMER_NAMES.values())


# Plain comparisons are judged without the library, and come out as it would have them


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("invoice.balance >= 500.0 && invoice.days_overdue < 30", True),
        ('customer.country == "NZ"', True),
        ('customer.country == "a && b"', False),
        ('customer.country in ["NZ", "AU"]', False),
        ("invoice.balance >= 500.0 || invoice.days_overdue < 30", False),
        ("!(invoice.balance >= 500.0)", False),
        ("customer.is_on_hold", False),
        ('invoice.number == "\\""', False),
        ("invoice.balance >= 1e3", False),
    ],
)
def test_only_plain_comparisons_joined_by_and_are_judged_here(text: str, is_plain: bool) -> None:
    assert (plain(text) is not None) is is_plain


_ORDERS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
_WHOLE = st.integers(-3, 3)
_AMOUNTS = st.sampled_from([0.0, 0.01, 9.99, 10.0, 10.01, 1e9])
_WORDS = st.sampled_from(["", "NZ", "nz", "Ā", "A B"])
_PARTS = st.one_of(
    st.builds("invoice.days_overdue {} {}".format, _ORDERS, _WHOLE),
    st.builds("invoice.balance {} {:.2f}".format, _ORDERS, _AMOUNTS),
    st.builds('customer.name {} "{}"'.format, st.sampled_from(["==", "!="]), _WORDS),
)


@given(st.lists(_PARTS, min_size=1, max_size=3), _WHOLE, _AMOUNTS, _WORDS)
def test_a_plain_comparison_comes_out_as_the_language_has_it(
    parts: list[str], days: int, balance: float, name: str
) -> None:
    text = " && ".join(parts)
    facts: dict[str, FactValue] = {"invoice.days_overdue": days, "invoice.balance": balance, "customer.name": name}
    judge = plain(text)
    assert judge is not None
    by_the_library = compiled(f"({text})")
    assert plain(f"({text})") is None
    assert judge(facts) == by_the_library.holds({each: facts[each] for each in by_the_library.names})


def test_a_step_may_be_for_risky_customers_alone(books: Books) -> None:
    """pays 30 days late every time: 30 points for that, 20 for the share paid late, 5 for 10 days overdue now"""
    books.ladder(Step(number=1, days=10, template="a", when="customer.risk >= 55"))
    books.customer(history=tuple(_settled_late(30) for _ in range(3))).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on="2026-03-11") == ["remind INV-7, step 1"]
    books.customer(history=tuple(_settled_late(29) for _ in range(3)))
    assert books.plan(on="2026-03-11") == []


def _settled_late(days: int) -> Settled:
    due_on = date(2025, 10, 1)
    return Settled(
        issued_on=date(2025, 9, 1), due_on=due_on, settled_on=due_on + timedelta(days=days), total=money("100.00 USD")
    )
