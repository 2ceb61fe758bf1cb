"""Where reading goes on: by the platform's own times, with room for its clocks, and never past what was not read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.quickbooks.cursor import Cursor, Walk, load, new_walk, next_entity, next_page

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=3650)).map(lambda passed: NOON + passed)


def test_reading_goes_on_ten_minutes_before_the_last_change_seen() -> None:
    cursor = Cursor("USD", {}).seen(NOON).finished(NOON + timedelta(seconds=5))
    assert cursor.since() == NOON - timedelta(minutes=10)


def test_what_changed_while_a_walk_went_on_is_read_again() -> None:
    """The walk took 40 minutes; its last record changed in its last second, others perhaps after it passed them."""
    cursor = Cursor("USD", {}, walk=new_walk(NOON, None)).seen(NOON + timedelta(minutes=40))
    since = cursor.finished(NOON + timedelta(minutes=40)).since()
    assert since is not None
    assert since <= NOON - timedelta(minutes=10)


def test_after_a_long_quiet_our_own_clock_keeps_the_window_short() -> None:
    cursor = Cursor("USD", {}).seen(NOON - timedelta(days=100)).finished(NOON)
    assert cursor.since() == NOON - timedelta(days=1)


def test_nothing_read_to_the_end_means_reading_everything() -> None:
    assert Cursor("USD", {}).since() is None
    assert Cursor("USD", {}).seen(NOON).since() is None


def test_a_watermark_never_moves_back() -> None:
    assert Cursor("USD", {}).seen(NOON).seen(NOON - timedelta(days=1)).watermark == NOON
    assert Cursor("USD", {}).seen(NOON).seen(None).watermark == NOON


def test_a_full_page_goes_on_from_its_last_second() -> None:
    walk = next_page(new_walk(NOON, None), 1000, NOON + timedelta(seconds=3.5))
    assert (walk.at_least, walk.position) == (NOON + timedelta(seconds=3), 1)


def test_a_full_page_within_one_second_goes_on_by_position() -> None:
    walk = Walk(NOON, None, 1, NOON, 1)
    walk = next_page(walk, 1000, NOON + timedelta(milliseconds=900))
    assert (walk.at_least, walk.position) == (NOON, 1001)
    assert next_page(walk, 1000, NOON + timedelta(seconds=1)).position == 1


def test_a_full_page_of_nothing_readable_goes_on_by_position() -> None:
    assert next_page(new_walk(NOON, None), 1000, None).position == 1001


def test_every_kind_of_document_is_walked_from_the_same_start() -> None:
    walk, entities = new_walk(NOON, NOON - timedelta(days=40)), []
    going_on: Walk | None = next_page(walk, 1000, NOON)
    while going_on is not None:
        entities.append(going_on.entity)
        going_on = next_entity(going_on)
        assert going_on is None or going_on.at_least == NOON - timedelta(days=40)
    assert entities == [0, 1, 2, 3]


@given(
    INSTANTS | st.none(),
    INSTANTS | st.none(),
    st.dictionaries(st.text(), st.tuples(st.decimals(0, 99, places=2), st.integers(1, 999))),
)
def test_a_cursor_comes_back_from_its_text(
    watermark: datetime | None, checked_at: datetime | None, terms: dict[str, tuple[Decimal, int]]
) -> None:
    cursor = Cursor("USD", terms, watermark, checked_at, new_walk(NOON, watermark))
    assert load(cursor.dump()) == cursor


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"home": 5}', '{"v": 1, "page": 3}', "\ud800"])
def test_what_is_no_cursor_of_ours_begins_again(text: str) -> None:
    assert load(text) is None
