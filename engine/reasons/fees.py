"""Why a customer is charged for paying late, or is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.money import Money
from engine.plan import FeeLine, Figure
from engine.reasons.rule import Told, rule
from engine.statutory import Law


@rule("Late fee")
def fee_due(amount: Money, through_on: date, lines: Sequence[FeeLine]) -> Told:
    count = len({line.invoice_id for line in lines})
    what = "one late invoice" if count == 1 else f"{count} late invoices"
    figures: dict[str, Figure] = {"amount": str(amount), "through_on": through_on}
    figures |= {f"line_{number}": line.text for number, line in enumerate(lines, 1)}
    return f"{amount} is charged for {what}, everything up to and including {through_on}.", figures


@rule("Late fee taken back")
def fee_taken_back(reference: str, why: str) -> Told:
    return f"A person took late fee {reference} back{f': {why}' if why else ''}.", {"fee": reference}


@rule("No late fee before the next charge day")
def fee_waits(next_on: date) -> Told:
    return f"Nothing is to be charged for late payment before {next_on}, the next charge day.", {"next_on": next_on}


@rule("Late fee waits until it has grown")
def fee_below_minimum(amount: Money, minimum: Money, next_on: date) -> Told:
    sentence = f"{amount} for late payment is below the minimum of {minimum}: it waits until {next_on} at least."
    return sentence, {"amount": str(amount), "minimum": str(minimum), "next_on": next_on}


@rule("Late fee waits for money to be matched")
def fee_waits_for_money(unapplied: Money) -> Told:
    sentence = (
        f"No late fee while {unapplied} is not applied to any invoice: match it first, so that it is known "
        "which invoice was paid, and when."
    )
    return sentence, {"unapplied": str(unapplied)}


@rule("No late fee: the reference rate is not known")
def fee_rate_unknown(law: Law, half_year: str) -> Told:
    sentence = (
        f"No late fee: the reference rate of {law.name} for {half_year} is not known. "
        "Look it up and enter it under fees, reference rates."
    )
    return sentence, {"law": law.country, "half_year": half_year}


@rule("Exempt from late fees")
def fee_exempt(customer: str) -> Told:
    return f"{customer} is exempt from late fees.", {}


@rule("No late fee while nobody is to be chased")
def fee_withheld(customer: str, state: str) -> Told:
    return f"No late fee: {customer} {state}.", {}


@rule("No statutory interest from consumers")
def fee_not_for_consumers(customer: str, law: Law) -> Told:
    sentence = f"No late fee: {customer} is a private person, whom the law of {law.name} on late payment leaves out."
    return sentence, {"law": law.country}
