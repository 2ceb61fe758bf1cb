"""Pace: our calls stay under a platform's limits, and its wish for a pause is heard."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.errors import RetryLater
from connectors.pace import LONGEST_REST, Pace, pace_for, retry_after


class Seconds:
    """A monotonic clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def pace(seconds: Seconds, per_minute: int = 60, concurrent: int = 4) -> Pace:
    return Pace(per_minute, concurrent, seconds, seconds.sleep, platform="xero")


def call(paced: Pace, times: int = 1) -> None:
    for _ in range(times):
        with paced.slot():
            pass


def test_calls_within_the_limit_do_not_wait() -> None:
    seconds = Seconds()
    call(pace(seconds), times=60)
    assert seconds.slept == []


def test_a_call_waits_for_the_oldest_to_be_a_minute_old() -> None:
    seconds = Seconds()
    paced = pace(seconds, per_minute=2)
    call(paced)
    seconds.now += 50
    call(paced, times=2)
    assert seconds.slept == [10.0]


def test_a_long_wait_is_handed_back_instead_of_slept_out() -> None:
    seconds = Seconds()
    paced = pace(seconds, per_minute=2)
    call(paced, times=2)
    with pytest.raises(RetryLater) as refused:
        call(paced)
    assert refused.value.wait == timedelta(seconds=60)
    assert seconds.slept == []


def test_nothing_is_called_while_the_platform_wants_rest() -> None:
    seconds = Seconds()
    paced = pace(seconds)
    paced.rest(3600)
    paced.rest(5)
    with pytest.raises(RetryLater) as refused:
        call(paced)
    assert refused.value.wait == timedelta(seconds=3600)


def test_a_short_rest_is_waited_out() -> None:
    seconds = Seconds()
    paced = pace(seconds)
    paced.rest(5)
    call(paced)
    assert seconds.slept == [5.0]


def test_a_failed_call_gives_its_place_back() -> None:
    paced = pace(Seconds(), concurrent=1)
    with pytest.raises(ValueError, match="broken"), paced.slot():
        raise ValueError("broken")
    call(paced)


def test_no_more_than_the_agreed_number_is_ever_in_flight() -> None:
    paced, lock = Pace(1000, 3), threading.Lock()
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with paced.slot():
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= 3


def test_busy_connections_are_told_instead_of_waited_for_for_ever() -> None:
    paced = Pace(60, 1, longest_wait=0.01)
    with paced.slot(), pytest.raises(RetryLater), paced.slot():
        pass


def test_each_company_has_one_pace_of_its_own() -> None:
    assert pace_for("xero", "pace-a") is pace_for("xero", "pace-a")
    assert pace_for("xero", "pace-a") is not pace_for("xero", "pace-b")
    assert pace_for("xero", "pace-a") is not pace_for("quickbooks", "pace-a")


@given(st.lists(st.floats(min_value=0, max_value=100), max_size=60), st.integers(min_value=1, max_value=5))
@example(gaps=[1.3391678520830457, 0.0, 0.0, 0.0], per_minute=1)
def test_no_minute_ever_holds_more_calls_than_allowed(gaps: list[float], per_minute: int) -> None:
    seconds = Seconds()
    paced = pace(seconds, per_minute=per_minute)
    begun: list[float] = []
    for gap in gaps:
        seconds.now += gap
        try:
            with paced.slot():
                begun.append(seconds.now)
        except RetryLater as later:
            seconds.now += later.wait.total_seconds()
    # A hair under 60 s apart is float rounding of the test's own clock, not a call too many.
    assert all(later - first > 59.999 for first, later in zip(begun, begun[per_minute:], strict=False))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, timedelta(seconds=17)),
        ({"retry-after": " 17 "}, timedelta(seconds=17)),
        ({"Retry-After": "0"}, timedelta(0)),
        ({"Retry-After": "999999999999999999999999"}, LONGEST_REST),
        ({"Retry-After": "86399"}, timedelta(seconds=86399)),
        (
            {"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"},
            timedelta(seconds=30),
        ),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "Date": "Wed, 21 Oct 2026 08:00:00 GMT"}, timedelta(0)),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT"}, timedelta(minutes=1)),
        ({"Retry-After": "soon"}, timedelta(minutes=1)),
        ({"Retry-After": "-5"}, timedelta(minutes=1)),
        ({}, timedelta(minutes=1)),
    ],
)
def test_retry_after_is_read_in_every_form_it_comes_in(headers: dict[str, str], wait: timedelta) -> None:
    assert retry_after(headers, timedelta(minutes=1)) == wait


@given(st.text(), st.text())
def test_whatever_the_header_says_the_wait_is_sane(asked: str, date: str) -> None:
    assert timedelta(0) <= retry_after({"Retry-After": asked, "Date": date}, timedelta(minutes=1)) <= LONGEST_REST
