"""What the platforms say is left of their limits."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from connectors import limits
from connectors.limits import Left, limits_left, note_limits


@pytest.fixture(autouse=True)
def _nothing_seen() -> Iterator[None]:
    with patch.dict(limits._seen, clear=True):
        yield


def test_the_windows_of_a_company_and_of_the_app_are_told_apart_and_the_least_comes_first() -> None:
    note_limits("xero", "t-1", {"X-DayLimit-Remaining": "4700", "X-MinLimit-Remaining": "58"})
    note_limits("xero", "t-2", {"x-daylimit-remaining": "12", "X-AppMinLimit-Remaining": "9990"})
    assert limits_left() == [
        Left("xero", "t-2", "day", 12),
        Left("xero", "t-1", "minute", 58),
        Left("xero", "t-1", "day", 4700),
        Left("xero", "", "app minute", 9990),
    ]


def test_the_last_word_counts_until_its_window_is_over() -> None:
    note_limits("xero", "t-1", {"X-MinLimit-Remaining": "3", "X-DayLimit-Remaining": "9"}, clock=lambda: 0.0)
    note_limits("xero", "t-1", {"X-MinLimit-Remaining": "2"}, clock=lambda: 10.0)
    assert limits_left(lambda: 69.0) == [Left("xero", "t-1", "minute", 2), Left("xero", "t-1", "day", 9)]
    assert limits_left(lambda: 71.0) == [Left("xero", "t-1", "day", 9)]


@pytest.mark.parametrize("value", ["", "-1", "many", "1e9", "9" * 50, "²"])
def test_a_header_that_makes_no_sense_is_passed_over(value: str) -> None:
    note_limits("xero", "t-1", {"X-DayLimit-Remaining": value})
    assert limits_left() == []
