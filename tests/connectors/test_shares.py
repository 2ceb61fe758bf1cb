"""Splitting an amount: nothing lost, nothing gained, nobody treated worse than by a unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.shares import split

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(lambda found: sum(found) > 0)


@given(st.integers(0, 10**12), WEIGHTS)
def test_the_parts_add_up_and_are_never_off_by_more_than_one(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - amount * weight) < sum(weights)


def test_the_odd_cent_goes_to_the_largest_remainder() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [1, 2]) == [3, 7]


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_nothing_cannot_be_split_by(weights: list[int]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # min() of nothing raises one too
        split(5, weights)
