"""Time zones by their IANA names, and the best guess for a company whose platform does not say where it works.

Pure. A guess is for the owner to confirm: it decides when messages may go out, and which day it is.
"""

from __future__ import annotations

from functools import cache, lru_cache
from zoneinfo import available_timezones

from babel.core import get_global

UNKNOWN = "UTC"

# Where most people of a country with several zones live.
_MOST_PEOPLE = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
}
# Several names, and one clock for all but a few islanders.
_ONE_CLOCK = frozenset({"AR", "CN", "DE", "MY", "NZ", "UA"})


@cache
def time_zones() -> frozenset[str]:
    """Every name that is known here. Asked once: the library walks the whole tree of zone files each time."""
    return frozenset(available_timezones())


@lru_cache(maxsize=512)
def usual_zone(country: str) -> str:
    """The IANA zone in which most companies of an ISO 3166 country work; UTC for a country we do not know."""
    return _MOST_PEOPLE.get(country) or sure_zone(country) or UNKNOWN


@lru_cache(maxsize=512)
def sure_zone(country: str) -> str | None:
    """The IANA zone of an ISO 3166 country that lives by one clock; None where the country does not tell the hour."""
    if country in _ONE_CLOCK:
        return _MOST_PEOPLE[country]
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return zones[0] if len(zones) == 1 else None
