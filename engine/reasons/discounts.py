"""Why an early-payment discount is offered, and why one that was taken is credited."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.account import Invoice
from engine.money import Money
from engine.plan import Figure
from engine.reasons.rule import Told, rule
from engine.reasons.words import count_days, name


@rule("Early-payment offer, for what it is worth")
def discount_worth(
    invoice: Invoice, percent: Decimal, saving: Money, last_day_on: date, worth: Decimal, expected_on: date
) -> Told:
    gained = (expected_on - last_day_on).days
    figures: dict[str, Figure] = {
        "percent": percent,
        "saving": str(saving),
        "last_day_on": last_day_on,
        "worth_percent": worth,
        "expected_on": expected_on,
        "days_gained": gained,
        "balance": str(invoice.balance),
    }
    sentence = (
        f"{name(invoice)}: {percent.normalize():f}% off, {saving}, if it is paid by {last_day_on}. It is likely to be "
        f"paid on {expected_on}: {count_days(gained)} earlier are worth up to {worth}%."
    )
    return sentence, figures


@rule("Discount taken, and credited")
def discount_taken(invoice: Invoice, percent: Decimal, discount: Money, last_day_on: date, paid_on: date) -> Told:
    when = "in time" if paid_on <= last_day_on else "late, which is accepted"
    return _taken(invoice, percent, discount, last_day_on, paid_on, when, "are credited")


@rule("Discount taken late, and accepted")
def discount_accepted(invoice: Invoice, percent: Decimal, discount: Money, last_day_on: date, paid_on: date) -> Told:
    return _taken(invoice, percent, discount, last_day_on, paid_on, "late, which you accepted", "are credited")


@rule("Discount taken late: yours to say")
def discount_taken_late(invoice: Invoice, percent: Decimal, discount: Money, last_day_on: date, paid_on: date) -> Told:
    return _taken(invoice, percent, discount, last_day_on, paid_on, "late", "wait for your word")


def _taken(
    invoice: Invoice, percent: Decimal, discount: Money, last_day_on: date, paid_on: date, when: str, becomes: str
) -> Told:
    sentence = (
        f"{name(invoice)} was paid on {paid_on}, {when}, less its discount of {percent.normalize():f}% "
        f"({discount}, up to {last_day_on}): the {invoice.balance} left {becomes}."
    )
    figures: dict[str, Figure] = {
        "percent": percent,
        "discount": str(discount),
        "last_day_on": last_day_on,
        "paid_on": paid_on,
        "balance": str(invoice.balance),
    }
    return sentence, figures
