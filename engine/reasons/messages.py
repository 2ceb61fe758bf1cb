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
        f"{name(invoice)} {lateness(days)}. It was past step {step.number} ({place(step)}) when Dunwell began "
        f"on {since}, so it starts there."
    )
    return sentence, figures


@rule("A promise was broken: one step up")
def promise_broken(invoice: Invoice, step: Step, days: int, pay_on: date) -> Told:
    figures = step_figures(invoice, step, days) | {"pay_on": pay_on}
    sentence = f"{name(invoice)} {lateness(days)} and was promised for {pay_on}: step {step.number} comes at once."
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


@rule("Waiting: the due date was moved")
def starts_again(invoice: Invoice, step: Step, step_on: date) -> Told:
    sentence = (
        f"{name(invoice)} was last reminded of on {invoice.last_contact_on} and is due on {invoice.due_on} now, so the "
        f"steps begin again: step {step.number} comes {place(step)}, on {step_on}."
    )
    figures: dict[str, Figure] = {"last_on": invoice.last_contact_on, "due_on": invoice.due_on}
    return sentence, figures | {"step": step.number, "step_on": step_on}


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


@rule("Waiting: a person was in touch")
def person_contact(days: int, last_on: date, next_on: date) -> Told:
    sentence = (
        f"A message is due, but a person was in touch with the customer on {last_on}: messages wait for "
        f"{count_days(days)} after that, so not before {next_on}."
    )
    return sentence, {"last_on": last_on, "after_person_days": days, "next_on": next_on}


@rule("Waiting: payments are booked late")
def bank_lag(invoice: Invoice, lag: int, until: date) -> Told:
    sentence = (
        f"{name(invoice)}, due {invoice.due_on}, waits until {until}: this customer's payments are usually booked "
        f"{count_days(lag)} after the due date."
    )
    return sentence, {"due_on": invoice.due_on, "usual_days_late": lag, "until_on": until}


@rule("Waiting: paid automatically")
def autopay(invoice: Invoice, days: int, until: date) -> Told:
    sentence = (
        f"{name(invoice)}, due {invoice.due_on}, is to be paid automatically: nothing is sent before it is "
        f"{count_days(days)} overdue, on {until}."
    )
    return sentence, {"due_on": invoice.due_on, "autopay_days": days, "until_on": until}


@rule("Waiting: too soon after the last step")
def step_gap(invoice: Invoice, step: Step, last_on: date, until: date) -> Told:
    sentence = (
        f"{name(invoice)} had its last step on {last_on}: step {step.number} keeps {count_days(step.minimum_gap_days)} "
        f"between, so not before {until}."
    )
    return sentence, {"last_on": last_on, "step": step.number, "gap_days": step.minimum_gap_days, "until_on": until}


@rule("A condition could not be judged")
def condition_failed(invoice: Invoice, step: Step, problem: str) -> Told:
    sentence = f"{name(invoice)} waits: the condition of step {step.number} ({step.when}) gives no answer: {problem}."
    return sentence, {"step": step.number, "condition": step.when, "problem": problem}


@rule("A call is due")
def call_due(customer: str, owed: str, count: int, oldest: Invoice, step: Step) -> Told:
    invoices = "1 invoice" if count == 1 else f"{count} invoices"
    sentence = (
        f"Call {customer} about {owed} on {invoices}; the oldest, {name(oldest)}, was due on {oldest.due_on} (step "
        f"{step.number}). Ask whether it arrived and is approved, on which day it will be paid, and what stands in "
        "the way; note the promise or the dispute here."
    )
    figures: dict[str, Figure] = {"owed": owed, "invoices": count, "oldest_due_on": oldest.due_on, "step": step.number}
    return sentence, figures


@rule("Statement of account")
def statement_due(owed: str, count: int, since: date) -> Told:
    invoices = "1 open invoice" if count == 1 else f"{count} open invoices"
    sentence = f"The statement of account of {since} is due: {owed} on {invoices}."
    return sentence, {"owed": owed, "invoices": count, "statement_on": since}


@rule("Thanks for paying")
def thanks(numbers: str, settled_on: date) -> Told:
    return f"{numbers}: paid in full on {settled_on}, after a reminder.", {"settled_on": settled_on}


@rule("Brake: a first large run")
def too_many_at_first(planned: int, allowed: int) -> Told:
    sentence = (
        f"{planned} messages would go out, more than {allowed}, and too few earlier days are there to compare with."
    )
    return sentence, {"planned": planned, "limit": allowed}


@rule("Brake: far more than usual")
def too_many(planned: int, limit: int, typical: int) -> Told:
    sentence = (
        f"{planned} messages would go out; {typical} are usual, and more than {limit} stops for a person to look."
    )
    return sentence, {"planned": planned, "limit": limit, "usual": typical}
