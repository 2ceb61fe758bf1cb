"""Countries in which only a contract gives interest, with the ceilings and the forms that their law sets for it.

Singapore is not listed: pages that claim a general act on late payment were not credible.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.statutory.law import Law

UNITED_STATES = Law(
    country="US",
    name="the United States",
    sources=("legalclarity.org, clearreceivables.com: state ceilings from 5% to 25%, 18% a year is the custom",),
    ceilings=((date.min, Decimal(18)),),
)
"""A charge must be agreed in writing beforehand and be a fair estimate of loss. Ceilings differ by state: an owner
whose state allows less sets a lower rate."""

CANADA = Law(
    country="CA",
    name="Canada",
    sources=("Interest Act s. 4: hummingbirdlaw.com, listerlawyers.com", "Criminal Code s. 347, from memory"),
    ceilings=((date.min, Decimal(60)), (date(2025, 1, 1), Decimal(35))),
    is_verified=False,
)
"""A rate given by the day or month without its yearly equivalent is cut to 5%: every calculation here prints the yearly
rate, and a policy knows no other."""

AUSTRALIA = Law(country="AU", name="Australia", sources=("no general statutory interest: contract",))

NEW_ZEALAND = Law(country="NZ", name="New Zealand", sources=("gogary.co.nz, sprintlaw.co.nz: contract only",))

NORWAY = Law(
    country="NO",
    name="Norway",
    sources=("github.com/invoiceninja/invoiceninja/issues/4020",),
    notice_days=14,
)
"""Each notice carries a fresh date, 14 days on, before collection may start."""

CONTRACT_LAWS = (UNITED_STATES, CANADA, AUSTRALIA, NEW_ZEALAND, NORWAY)
