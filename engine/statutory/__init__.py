"""Statutory: what the law of a country says about late payment, as dated data with its source beside it.

Pure data and look-ups; not legal advice. `law_of` knows the countries; a country it does not know has no rules of its
own. A reference rate that is not listed for a half-year is not known: nothing is charged by it until the owner enters
it.
"""

from engine.statutory.contract import CONTRACT_LAWS
from engine.statutory.eu import EU_LAWS
from engine.statutory.law import BY_LAW, FixedSum, Law, Rate, RateUnknown, Reference, half_year_of
from engine.statutory.uk import UNITED_KINGDOM

__all__ = ["BY_LAW", "LAWS", "FixedSum", "Law", "Rate", "RateUnknown", "Reference", "half_year_of", "law_of"]

LAWS: dict[str, Law] = {law.country: law for law in (UNITED_KINGDOM, *EU_LAWS, *CONTRACT_LAWS)}
"""Every country with rules of its own, by ISO 3166 code."""


def law_of(country: str) -> Law:
    """The law of a country by its ISO 3166 code; for one that is not listed, a law without any rules."""
    return LAWS.get(country) or Law(country=country, name=country or "no country", sources=())
