"""IANA time zones as Xero spells them: Windows zone names, squeezed (`NEWZEALANDSTANDARDTIME`).

The pairs come from CLDR's table of Windows zones, which Babel ships; it names one IANA zone for each Windows one.
"""

from __future__ import annotations

from babel.core import get_global

_ALSO = {
    "America/Toronto": "Eastern Standard Time",
    "America/Vancouver": "Pacific Standard Time",
    "America/Edmonton": "Mountain Standard Time",
    "Australia/Melbourne": "AUS Eastern Standard Time",
    "Europe/Dublin": "GMT Standard Time",
    "Europe/Amsterdam": "W. Europe Standard Time",
    "UTC": "UTC",
}
"""Zones people live in that share a Windows zone with the one CLDR names."""


def xero_zone(iana: str) -> str:
    """Raises ValueError for a zone that has no Windows name here."""
    windows = _ALSO.get(iana)
    if windows is None:
        windows = next((name for name, zone in get_global("windows_zone_mapping").items() if zone == iana), None)
    if windows is None:
        raise ValueError(f"{iana!r} is not a time zone that Xero's books can be kept in")
    return "".join(letter for letter in windows.upper() if letter.isalnum())
