"""The European Union: Directive 2011/7/EU, between businesses, in the countries that use the euro.

At least 8 points over the European Central Bank's main refinancing rate of 1 January or 1 July, from the day after the
due date, and at least 40 euro per claim without a reminder. Member states add margin, and differ on which half-year
governs: only Ireland's reading was checked (one rate per debt, that in force when payment was due). For the others the
directive's minimum is used, each day at the lower of the two readings, and the fee waits as a draft. Countries with a
currency of their own refer to another bank's rate, and are not listed.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from engine.money import Money
from engine.statutory.law import FixedSum, Law, half_years

_ZERO = {f"{year}H{half}": "0.00" for year in range(2017, 2023) for half in (1, 2)} | {"2016H2": "0.00"}
_RATES = (
    half_years(_ZERO | {"2023H1": "2.50", "2023H2": "4.00", "2024H1": "4.50", "2024H2": "4.25"}, "enterprise.gov.ie")
    | half_years({"2025H1": "3.15"}, "ECB, decisions of 12 December 2024")
    | half_years({"2025H2": "2.15"}, "Banka Slovenije, main refinancing operation of 25 June 2025")
    | half_years({"2026H1": "2.15"}, "ECB, decisions of 18 December 2025")
    | half_years({"2026H2": "2.40"}, "press on the ECB's quarter point of June 2026; not read there", is_verified=False)
)

IRELAND = Law(
    country="IE",
    name="Ireland",
    sources=("Directive 2011/7/EU", "enterprise.gov.ie"),
    margin=Decimal(8),
    references=_RATES,
    fixed_sums=(FixedSum(Decimal(0), Money.of(40, "EUR")),),
    is_business_only=True,
)

_NAMES = {
    "AT": "Austria",
    "BE": "Belgium",
    "CY": "Cyprus",
    "DE": "Germany",
    "EE": "Estonia",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GR": "Greece",
    "HR": "Croatia",
    "IT": "Italy",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "LV": "Latvia",
    "MT": "Malta",
    "NL": "the Netherlands",
    "PT": "Portugal",
    "SI": "Slovenia",
    "SK": "Slovakia",
}

EU_LAWS = (
    IRELAND,
    *(
        replace(
            IRELAND,
            country=country,
            name=name,
            sources=("Directive 2011/7/EU, its minimum: national law may give more",),
            rate_rule="lower",
            is_verified=False,
        )
        for country, name in _NAMES.items()
    ),
)
