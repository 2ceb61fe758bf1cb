"""Xero's time zones: Windows zone names squeezed to capitals, turned into IANA names.

The names come from CLDR's table of Windows zones, which Babel carries; only what CLDR has dropped meanwhile is written
here. Checked against the enum `TimeZone` of Xero-OpenAPI 16.1.0: every one of its 141 names is known.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from babel.core import get_global

DROPPED_BY_CLDR = {"KAMCHATKASTANDARDTIME": "Asia/Kamchatka", "MIDATLANTICSTANDARDTIME": "Etc/GMT+2"}


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    windows = cast("dict[str, str]", get_global("windows_zone_mapping"))
    return {_squeeze(name): zone for name, zone in windows.items()} | DROPPED_BY_CLDR


def _squeeze(name: str) -> str:
    """Xero's spelling: "UTC-02" is UTC02, "E. Europe Standard Time" is EEUROPESTANDARDTIME."""
    return "".join(letter for letter in name if letter not in " .-").upper()


def iana_zone(name: str) -> str:
    """The IANA name of Xero's `Timezone`: Pacific/Auckland for NEWZEALANDSTANDARDTIME; "" for one that nobody knows."""
    return _zones().get(_squeeze(name), "")
