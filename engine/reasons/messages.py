"""Why a message goes out today, and what the others wait for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.account import Invoice
from engine.money import Money
from engine.plan import Figure
from engine.policy import Budget, Step
from engine.reasons.rule import Told, rule
from engine.reasons.words import count_days, late_figures, lateness, name, place, step_figures


@rule("A step of the ladder is due")
def step_due(invoice: Invoice, step: Step, days: int) -> Told:
    sentence = f"{name(invoice)} {lateness(days)}: step {step.number} comes {place(step)}."
    return sentence, step_figures(invoice, step, days)


@rule("Starts at its present step")
def first_run(invoice: Invoice, step: Step, days: int, since: date) -> Told:
    figures = step_figures(invoice, step, days) | {"watched_since_on": since}
    sentence = (
        f"{name(invoice)} {lateness(days)} and was past step {step.number}, {place(step)}, before {since}, "
        "when Dunwell began: it starts there, without the steps before."
    )
    return sentence, figures


@rule("Named in a message about another invoice")
def also_overdue(invoice: Invoice, days: int) -> Told:
    sentence = f"{name(invoice)} {lateness(days)} and is named in a message about other invoices; its own step stays."
    return sentence, late_figures(invoice, days)


@rule("Early-payment offer")
def discount_offer(invoice: Invoice, percent: Decimal, saving: Money, last_day_on: date) -> Told:
    figures: dict[str, Figure] = {
        "percent": percent,
        "saving": str(saving),
        "last_day_on": last_day_on,
        "balance": str(invoice.balance),
    }
    sentence = f"{name(invoice)}: {percent.normalize():f}% off, {saving}, if it is paid by {last_day_on}."
    return sentence, figures


@rule("No email address")
def no_email(customer: str) -> Told:
    return f"{customer} has no email address: a message is due and cannot go out.", {}


@rule("Waiting for its next step")
def waiting(invoice: Invoice, step: Step, step_on: date) -> Told:
    sentence = f"{name(invoice)}, due {invoice.due_on}, waits: step {step.number} comes {place(step)}, on {step_on}."
    return sentence, {"due_on": invoice.due_on, "step": step.number, "step_on": step_on}


@rule("At the end of the ladder")
def ladder_done(invoice: Invoice) -> Told:
    if invoice.last_step == 0:
        return f"{name(invoice)}, due {invoice.due_on}, has no step of the ladder ahead.", {}
    sentence = f"{name(invoice)} has had step {invoice.last_step}, the last that applies to it."
    return sentence, {"last_step": invoice.last_step}


@rule("Waiting for the next sending day")
def not_sending_day(today: date, next_on: date) -> Told:
    sentence = f"A message is due, but {today} is not a sending day: it goes on {next_on} at the earliest."
    return sentence, {"next_on": next_on}


@rule("Waiting: contacted often enough")
def contact_budget(budget: Budget, last_on: date, next_on: date) -> Told:
    sentence = (
        f"A message is due, but the customer was last contacted on {last_on}: at most {budget.messages} in "
        f"{count_days(budget.per_days)}, {count_days(budget.minimum_gap_days)} apart, so not before {next_on}."
    )
    figures: dict[str, Figure] = {
        "last_on": last_on,
        "messages": budget.messages,
        "per_days": budget.per_days,
        "gap_days": budget.minimum_gap_days,
        "next_on": next_on,
    }
    return sentence, figures


@rule("Waiting: another message goes first")
def one_message(invoice: Invoice) -> Told:
    return f"{name(invoice)} waits: one message at a time, and a more pressing one goes first.", {}


@rule("No offer while something is overdue")
def offer_withheld(invoice: Invoice, last_day_on: date) -> Told:
    sentence = f"The early-payment offer on {name(invoice)} is not made: the customer has overdue invoices."
    return sentence, {"last_day_on": last_day_on}
