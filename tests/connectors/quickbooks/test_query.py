"""Statements: what comes from outside stays inside its quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connectors.quickbooks.query import one_of, quoted, select
from sandbox.quickbooks.query import parse

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("'\\"))


@given(TEXTS)
def test_any_value_comes_out_of_the_language_as_it_went_in(value: str) -> None:
    (condition,) = parse(select("Customer", f"DisplayName = {quoted(value)}")).conditions
    assert condition.values == (value,)


@given(st.lists(TEXTS, min_size=1))
def test_any_list_of_values_comes_out_as_it_went_in(values: list[str]) -> None:
    query = parse(select("Invoice", f"Id {one_of(values)}", "Balance > '0'", order="TxnDate DESC", position=7))
    assert query.conditions[0].values == tuple(values)
    assert (query.entity, query.start, query.limit, query.order) == ("Invoice", 7, 1000, [("TxnDate", True)])


def test_a_backslash_before_a_quote_does_not_let_it_out() -> None:
    assert quoted("\\' OR '1") == "'\\\\\\' OR \\'1'"
