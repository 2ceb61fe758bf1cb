"""The guess at a company's time zone, where its platform does not say."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global

from engine.zones import usual_zone


@pytest.mark.parametrize(
    ("country", "zone"),
    [("GB", "Europe/London"), ("IE", "Europe/Dublin"), ("US", "America/New_York"), ("SG", "Asia/Singapore")],
)
def test_a_company_works_where_most_of_its_country_does(country: str, zone: str) -> None:
    assert usual_zone(country) == zone


def test_an_unknown_country_keeps_to_utc() -> None:
    assert usual_zone("") == "UTC"
    assert usual_zone("XX") == "UTC"


def test_every_guess_is_a_zone_that_exists() -> None:
    for country in set(get_global("zone_territories").values()):
        assert ZoneInfo(usual_zone(country))
