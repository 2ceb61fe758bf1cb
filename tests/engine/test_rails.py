"""The law's limits on contact, and the brake on runs that are far too large."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from engine.brake import brake
from engine.contact_law import LAWS, hours_on, law_of, within_law
from engine.hours import may_write, next_opening, turn_on
from engine.policy import Brake, Budget, Calendar, Group, Policy, Rights
from engine.rules import rules_of
from tests.engine.builder import Books

CONSUMERS = Rights(customers="consumers")
MONDAY, SATURDAY = date(2026, 3, 9), date(2026, 3, 14)


def test_between_businesses_no_law_caps_contacts_here() -> None:
    assert law_of(Calendar(country="AU"), Rights()) is None


def test_australia_allows_three_contacts_a_week_with_consumers() -> None:
    law = law_of(Calendar(country="AU"), CONSUMERS)
    generous = Budget(messages=10, per_days=3, minimum_gap_days=0)
    assert within_law(generous, law) == Budget(messages=3, per_days=7, minimum_gap_days=0)


def test_a_stricter_policy_stays_as_it_is() -> None:
    law = law_of(Calendar(country="US"), CONSUMERS)
    assert within_law(Budget(messages=1, per_days=14), law) == Budget(messages=1, per_days=14)


def test_a_country_without_a_known_rule_has_the_safe_default() -> None:
    law = law_of(Calendar(country="NZ"), CONSUMERS)
    assert law is not None
    assert (law.country, law.contacts) == ("", 3)


def test_the_cap_of_the_law_is_in_the_rules() -> None:
    policy = Policy(calendar=Calendar(country="AU"), rights=CONSUMERS, budget=Budget(messages=20, per_days=7))
    assert rules_of(policy).budget.messages == 3


@pytest.mark.parametrize(
    ("country", "day", "hours"),
    [
        ("AU", MONDAY, (7, 30, 21)),
        ("AU", SATURDAY, (9, 0, 21)),
        ("US", MONDAY, (8, 0, 21)),
        ("NZ", SATURDAY, (9, 0, 21)),
    ],
)
def test_hours_are_narrowed_to_what_the_law_allows(country: str, day: date, hours: tuple[int, int, int]) -> None:
    calendar = Calendar(country=country, opens=time(5), closes=time(23))
    assert hours_on(calendar, law_of(calendar, CONSUMERS), day) == (time(hours[0], hours[1]), time(hours[2]))


def test_a_narrower_window_of_the_policy_stays() -> None:
    calendar = Calendar(country="AU", opens=time(10), closes=time(16))
    assert hours_on(calendar, law_of(calendar, CONSUMERS), MONDAY) == (time(10), time(16))


def test_where_window_and_law_never_meet_the_law_alone_counts() -> None:
    calendar = Calendar(country="US", opens=time(21, 30), closes=time(23))
    assert hours_on(calendar, law_of(calendar, CONSUMERS), MONDAY) == (time(8), time(21))


# Whose clock


@pytest.mark.parametrize(
    ("customers", "country", "at", "may"),
    [
        ("businesses", "NZ", "2026-03-09T09:30+00:00", True),  # the company's own morning; half past ten at night there
        ("consumers", "NZ", "2026-03-09T09:30+00:00", False),
        ("consumers", "NZ", "2026-03-09T20:30+00:00", True),  # their morning of the tenth; our evening of the ninth
        ("consumers", "US", "2026-03-09T09:30+00:00", True),  # which of its zones, nobody knows: ours stands in
        ("consumers", "", "2026-03-09T09:30+00:00", True),
        ("consumers", "", "2026-03-09T08:59+00:00", False),
    ],
)
def test_a_consumer_is_written_to_by_their_own_clock(customers: str, country: str, at: str, may: bool) -> None:
    calendar = Calendar(time_zone="Europe/London", country="GB", opens=time(9), closes=time(21))
    policy = Policy(calendar=calendar, rights=Rights.model_validate({"customers": customers}))
    assert may_write(policy, datetime.fromisoformat(at), country) is may


def test_a_private_person_among_businesses_keeps_the_hours_of_the_law() -> None:
    policy = Policy(calendar=Calendar(time_zone="Europe/London", country="GB", opens=time(6), closes=time(22)))
    at_seven = datetime.fromisoformat("2026-03-09T07:00+00:00")
    assert may_write(policy, at_seven, "GB")
    assert not may_write(policy, at_seven, "GB", is_consumer=True)


def test_a_private_person_among_businesses_keeps_the_cap_of_the_law(books: Books) -> None:
    books.calendar(country="AU").budget(messages=50, per_days=1, minimum_gap_days=0)
    assert rules_of(books.rules).for_account(books.account).budget.messages == 50
    books.customer(is_consumer=True)
    assert rules_of(books.rules).for_account(books.account).budget == Budget(messages=3, minimum_gap_days=0)
    books.groups(Group(name="All", customers=("C-1",), budget=Budget(messages=9, per_days=1)))
    assert rules_of(books.rules).for_account(books.account).budget == Budget(messages=3)


def test_the_policy_may_keep_every_customers_own_hours() -> None:
    policy = Policy(calendar=Calendar(time_zone="Europe/London", in_customers_time=True))
    at_nine_in_auckland = datetime.fromisoformat("2026-03-09T20:00+00:00")
    assert may_write(policy, at_nine_in_auckland, "NZ")
    assert not may_write(policy, at_nine_in_auckland, "GB")
    assert not may_write(policy, at_nine_in_auckland - timedelta(days=1), "NZ"), "Sunday with us"


def turns(policy: Policy, at: str) -> list[str]:
    """The times of day of a hundred customers."""
    found = [turn_on(policy, datetime.fromisoformat(at), customer=f"1 {number}") for number in range(100)]
    return [f"{turn:%H:%M}" for turn in found if turn is not None]


def test_messages_are_spread_over_the_minutes_that_the_policy_gives() -> None:
    policy = Policy(calendar=Calendar(spread_minutes=60))
    found = turns(policy, "2026-03-09T05:00+00:00")
    assert (min(found), max(found), len(set(found))) == ("09:00", "10:00", 13)
    assert turns(policy, "2026-03-10T12:00+00:00") == found, "always the same time for the same customer"
    assert turns(policy, "2026-03-08T05:00+00:00") == [], "not on a Sunday"
    assert turns(policy, "2026-03-09T17:00+00:00") == [], "the window is over"
    assert set(turns(Policy(), "2026-03-09T05:00+00:00")) == {"09:00"}


def test_no_place_lies_in_the_last_half_hour_of_the_window() -> None:
    policy = Policy(calendar=Calendar(opens=time(9), closes=time(10), spread_minutes=480))
    assert max(turns(policy, "2026-03-09T05:00+00:00")) == "09:30"
    tight = Policy(calendar=Calendar(opens=time(9), closes=time(9, 10), spread_minutes=480))
    assert set(turns(tight, "2026-03-09T05:00+00:00")) == {"09:00"}


@pytest.mark.parametrize(
    ("at", "opens_at"),
    [("2026-03-09T10:00+00:00", "2026-03-10T09:00+00:00"), ("2026-03-06T09:00+00:00", "2026-03-09T09:00+00:00")],
)
def test_the_window_opens_on_the_next_sending_day(at: str, opens_at: str) -> None:
    policy = Policy(calendar=Calendar(time_zone="Europe/London"))
    assert next_opening(policy, datetime.fromisoformat(at)) == datetime.fromisoformat(opens_at)


def test_the_window_opens_when_the_law_lets_it() -> None:
    calendar = Calendar(time_zone="Australia/Brisbane", country="AU", opens=time(6), closes=time(12))
    policy = Policy(calendar=calendar, rights=CONSUMERS)
    opens_at = next_opening(policy, datetime.fromisoformat("2026-03-09T12:00+10:00"))
    assert opens_at == datetime.fromisoformat("2026-03-10T07:30+10:00")


def test_every_law_says_since_when_and_by_what_source() -> None:
    assert all(law.source and law.since_on < date(2026, 1, 1) for law in LAWS)


# The volume brake


def test_a_usual_day_goes_ahead_up_to_the_limit_itself() -> None:
    assert brake(220, [60, 40, 55, 70, 50], Brake(always_allowed=50, times_usual=4)) is None


def test_a_run_far_above_the_usual_stops() -> None:
    reason = brake(221, [60, 40, 55, 70, 50], Brake(always_allowed=50, times_usual=4))
    assert reason is not None
    assert reason.sentence == "221 messages would go out; 55 are usual, and more than 220 stops for a person to look."


def test_a_small_run_is_never_held() -> None:
    assert brake(50, [1, 1, 1, 1, 1], Brake(always_allowed=50, times_usual=4)) is None


def test_a_first_large_day_stops_for_want_of_days_to_compare() -> None:
    assert brake(250, [50, 50], Brake(at_first=250)) is None
    reason = brake(251, [50, 50], Brake(at_first=250))
    assert reason is not None
    assert (reason.rule, reason.figures) == ("too_many_at_first", {"planned": 251, "limit": 250})


def test_what_is_always_allowed_is_allowed_at_first() -> None:
    assert brake(400, [], Brake(always_allowed=400, at_first=100)) is None


def test_one_odd_day_does_not_move_what_is_usual() -> None:
    assert brake(300, [10, 10, 10, 10, 5000], Brake(always_allowed=50, times_usual=4)) is not None


def test_the_brake_can_be_switched_off() -> None:
    assert brake(100_000, [1], Brake(is_on=False)) is None
