"""Time zones by their IANA names."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zones() -> frozenset[str]:
    """Every name that is known here. Asked once: the library walks the whole tree of zone files each time."""
    return frozenset(available_timezones())
