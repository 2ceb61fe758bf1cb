"""The United Kingdom: the Late Payment of Commercial Debts (Interest) Act 1998, between businesses.

8 points over the Bank of England's rate in force on 31 December (interest that starts to run from 1 January to 30 June)
or on 30 June (1 July to 31 December). The rate is fixed for the debt by when its interest starts, and does not change
at the next half-year: SI 2002/1675 art. 4, "the period in which your debt became late". Simple interest, over 365 days,
from the day after the due date. Sources that split the period at each change disagree with that wording.

A Commercial Payments Bill was introduced on 19 May 2026 and is not law: nothing of it is here.
"""

from __future__ import annotations

from decimal import Decimal

from engine.money import Money
from engine.statutory.law import FixedSum, Law, half_years

_RATES = (
    half_years(
        {
            "2018H2": "0.50",
            "2019H1": "0.75",
            "2019H2": "0.75",
            "2020H1": "0.75",
            "2020H2": "0.10",
            "2021H1": "0.10",
            "2021H2": "0.10",
            "2022H1": "0.25",
            "2022H2": "1.25",
            "2023H1": "3.50",
            "2023H2": "5.00",
            "2024H1": "5.25",
        },
        "payontime.co.uk",
    )
    | half_years({"2024H2": "5.25"}, "MPC of 18 December 2025: 1.5 points less than before August 2024")
    | half_years({"2025H1": "4.75"}, "Bank of England, Monetary Policy Summary, December 2024")
    | half_years({"2025H2": "4.25"}, "MPC, meeting ending on 18 June 2025")
    | half_years({"2026H1": "3.75"}, "MPC, meeting ending on 17 December 2025")
    | half_years({"2026H2": "3.75"}, "press on the MPC of 18 June 2026; not read at the Bank", is_verified=False)
)

UNITED_KINGDOM = Law(
    country="GB",
    name="the United Kingdom",
    sources=("Late Payment of Commercial Debts (Interest) Act 1998", "SI 2002/1675 art. 4", "payontime.co.uk"),
    margin=Decimal(8),
    references=_RATES,
    fixed_sums=(
        FixedSum(Decimal(0), Money.of(40, "GBP")),
        FixedSum(Decimal(1000), Money.of(70, "GBP")),
        FixedSum(Decimal(10000), Money.of(100, "GBP")),
    ),
    is_business_only=True,
)
