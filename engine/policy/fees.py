"""Late fees and interest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.policy.part import Part
from engine.statutory import law_of


class ReferenceRate(Part):
    """A central bank's rate that the owner looked up, for a half-year that Dunwell does not know or has not checked."""

    half_year: Annotated[str, Field(pattern=r"^20\d\dH[12]$")]
    """Such as 2026H2: 1 July to 31 December 2026."""
    percent: Annotated[Decimal, Field(ge=-5, le=50)]


class Fees(Part):
    """What customers are charged for paying late: once a month, one document for everything that is overdue."""

    is_on: bool = False
    basis: Literal["contract", "statutory"] = "contract"
    """`statutory` charges what the law of `law` gives, and leaves `flat`, `percent` and `annual_rate` aside."""
    law: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    """ISO 3166 country whose law governs the debts; empty takes the calendar's country."""
    clause: Annotated[str, Field(max_length=500)] = ""
    """The words of the contract that allow the charge, printed on every fee. No fee by contract without them."""
    flat: Annotated[Decimal, Field(ge=0, le=10000)] = Decimal(0)
    """Charged once per invoice, in the base currency; invoices in other currencies bear none."""
    percent: Annotated[Decimal, Field(ge=0, le=25)] = Decimal(0)
    """Charged once per invoice, per cent of what was owed when the days of grace had passed."""
    annual_rate: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(0)
    """Per cent a year, by the day over 365, from the day after the due date."""
    is_compound: bool = False
    """Interest bears interest from the day on which it accrues. Simple interest unless the contract says otherwise."""
    grace_days: Annotated[int, Field(ge=0, le=90)] = 0
    """Whoever pays within so many days after the due date is charged nothing."""
    charge_day: Annotated[int, Field(ge=1, le=28)] = 1
    """Day of the month on which fees are charged, for everything up to and including that day."""
    minimum: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    """A smaller sum waits until it has grown, in units of its own currency."""
    cap_percent: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    """All fees and interest on an invoice together stay within this share of what was owed late; None sets no cap."""
    due_days: Annotated[int, Field(ge=0, le=90)] = 14
    """Days that the customer has to pay a fee."""
    as_draft: bool = True
    """Fees wait as drafts on the platform until a person approves them."""
    issued_from_on: date | None = None
    """Invoices issued before this day bear no fee; None takes the day on which Dunwell was switched on."""
    reference_rates: tuple[ReferenceRate, ...] = ()
    """Go before the reference rates that Dunwell knows."""

    @model_validator(mode="after")
    def _can_be_charged(self) -> Self:
        if not self.is_on:
            return self
        if self.basis == "statutory":
            if not law_of(self.law).has_statute:
                raise ValueError(
                    f"law {self.law!r} gives no interest by statute here: name a country such as GB or IE, "
                    "or charge by contract"
                )
            return self
        if not self.clause.strip():
            raise ValueError("clause: the words of your contract that allow a late fee are needed to charge one")
        if not (self.flat or self.percent or self.annual_rate):
            raise ValueError("a fee by contract needs a flat sum, a percentage or an annual rate")
        return self
