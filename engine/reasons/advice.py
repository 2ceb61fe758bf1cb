"""Why a person is asked about a customer's credit, or about debt that the ladder did not bring in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.account import Invoice
from engine.money import Money
from engine.plan import Figure
from engine.reasons.rule import Told, rule
from engine.reasons.words import count_days, name


@rule("A new customer, to be looked at")
def credit_new_customer(customer: str, exposure: Money, limit: Money) -> Told:
    sentence = f"{customer} has no history with you, and {exposure} is open: set a credit limit ({limit} asks for it)."
    return sentence, {"exposure": str(exposure), "review_new_from": str(limit)}


@rule("Credit limit, to be looked at again")
def credit_review(limit: Money, reviewed_on: date, suggested: Money | None) -> Told:
    what = (
        f"{suggested} is what the records suggest"
        if suggested is not None
        else "there are too few records to suggest one"
    )
    sentence = f"The limit of {limit} was last looked at on {reviewed_on}: {what}."
    figures: dict[str, Figure] = {"limit": str(limit), "reviewed_on": reviewed_on}
    return sentence, figures | {"suggested": str(suggested) if suggested is not None else None}


@rule("Shorter terms or a deposit")
def terms_tighter(customer: str, usual_days_late: int, settled: int, points: int) -> Told:
    sentence = (
        f"{customer} usually pays {count_days(usual_days_late)} late ({settled} invoices settled, risk {points} of "
        "100): shorter terms, a deposit or payment before delivery would lower what you carry."
    )
    return sentence, {"usual_days_late": usual_days_late, "settled": settled, "risk": points}


@rule("Room for a higher limit")
def terms_wider(customer: str, exposure: Money, limit: Money, suggested: Money, points: int) -> Told:
    sentence = (
        f"{customer} pays in time (risk {points} of 100) and uses {exposure} of a limit of {limit}: "
        f"the records would bear {suggested}."
    )
    figures: dict[str, Figure] = {"exposure": str(exposure), "limit": str(limit), "risk": points}
    return sentence, figures | {"suggested": str(suggested)}


@rule("Ready to be handed over")
def handover(owed: Money, count: int, oldest: Invoice, days: int, recovery: Money, last_on: date) -> Told:
    what = "one invoice has" if count == 1 else f"{count} invoices have"
    sentence = (
        f"{what} had every step, the last on {last_on}, and {owed} is still owed, the oldest ({name(oldest)}) for "
        f"{count_days(days)}: about {recovery} is likely to come in. Hand it to a collector or lawyer, or leave it."
    )
    figures: dict[str, Figure] = {"owed": str(owed), "invoices": count, "oldest_days": days, "last_step_on": last_on}
    return sentence[0].upper() + sentence[1:], figures | {"expected_recovery": str(recovery)}


@rule("A write-off to think about")
def write_off(owed: Money, count: int, from_days: int, lost: Decimal, recovery: Money) -> Told:
    what = "one invoice" if count == 1 else f"{count} invoices"
    sentence = (
        f"{owed} on {what} is more than {count_days(from_days)} overdue: of debt so old up to {lost.normalize():f} % "
        f"is lost, and about {recovery} is likely to come in."
    )
    figures: dict[str, Figure] = {"owed": str(owed), "invoices": count, "write_off_days": from_days}
    return sentence, figures | {"lost_percent": lost, "expected_recovery": str(recovery)}
