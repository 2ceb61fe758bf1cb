"""Reasons: every rule that can speak in a plan, with the sentence it says and the figures it used.

Pure. The one list of rule codes: pages list and filter by `RULES`, plans carry what the functions here make. A sentence
is plain text that a person can check by hand; where it waits it names days rather than "today", so that it stays true
while the decision stands. What it quotes from the books is the platform's text: whoever shows it must escape it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from engine.account import Invoice
from engine.money import Money
from engine.plan import Figure, Reason
from engine.policy import Budget, Step

RULES: dict[str, str] = {
    # acts
    "step_due": "A step of the ladder is due",
    "first_run": "Starts at its present step",
    "also_overdue": "Named in a message about another invoice",
    "discount_offer": "Early-payment offer",
    "hold_overdue": "Credit hold: long overdue",
    "hold_over_limit": "Credit hold: over the limit",
    "hold_released": "Credit hold released",
    "no_email": "No email address",
    "review_old_debt": "Old debt, for a person to review",
    # left alone
    "settled": "Nothing owed any more",
    "draft": "Draft",
    "voided": "Voided",
    "deleted": "Deleted",
    "disputed": "In dispute",
    "promised": "Promised",
    "invoice_paused": "Invoice paused",
    "customer_paused": "Customer paused",
    "do_not_chase": "Customer is not to be chased",
    "opted_out": "Customer opted out of messages",
    "inactive_customer": "Inactive customer",
    "own_fee": "Fee invoice of ours",
    "covered": "Covered by unapplied money",
    "below_minimum": "Below the minimum balance",
    # waiting
    "waiting": "Waiting for its next step",
    "ladder_done": "At the end of the ladder",
    "not_sending_day": "Waiting for the next sending day",
    "contact_budget": "Waiting: contacted often enough",
    "one_message": "Waiting: another message goes first",
    "offer_withheld": "No offer while something is overdue",
    # credit, with no act
    "hold_manual": "A person decides on this customer's credit",
    "hold_kept": "Credit hold left as it is",
    "within_limit": "Within the credit limit",
}
"""Rule code to its name on screen."""


def name(invoice: Invoice) -> str:
    """What people call the invoice: its number, or its id where it has none."""
    return invoice.number or f"invoice {invoice.id}"


def count_days(count: int, unit: str = "") -> str:
    """`1 day`, `12 days`, `3 business days`."""
    kind = f"{unit} day" if unit else "day"
    return f"{count} {kind}" if count == 1 else f"{count} {kind}s"


def _place(step: Step) -> str:
    """Where a step stands: `10 days after the due date`."""
    return _offset(step.days, step.unit)


@lru_cache(maxsize=1024)
def _offset(days: int, unit: str) -> str:
    if days == 0:
        return "on the due date"
    side = "after" if days > 0 else "before"
    return f"{count_days(abs(days), unit if unit == 'business' else '')} {side} the due date"


def _lateness(days: int) -> str:
    if days == 0:
        return "is due today"
    return f"is {count_days(days)} overdue" if days > 0 else f"is due in {count_days(-days)}"


# Acts


def step_due(invoice: Invoice, step: Step, days: int) -> Reason:
    figures = _step_figures(invoice, step, days)
    return Reason(
        "step_due",
        f"{name(invoice)} {_lateness(days)}: step {step.number} comes {_place(step)}.",
        figures,
    )


def first_run(invoice: Invoice, step: Step, days: int, since: date) -> Reason:
    figures = _step_figures(invoice, step, days) | {"watched_since_on": since}
    sentence = (
        f"{name(invoice)} {_lateness(days)} and was past step {step.number}, {_place(step)}, before {since}, "
        "when Dunwell began: it starts there, without the steps before."
    )
    return Reason("first_run", sentence, figures)


def also_overdue(invoice: Invoice, days: int) -> Reason:
    sentence = f"{name(invoice)} {_lateness(days)} and is named in a message about other invoices; its own step stays."
    return Reason("also_overdue", sentence, _late_figures(invoice, days))


def discount_offer(invoice: Invoice, percent: Decimal, saving: Money, last_day_on: date) -> Reason:
    figures: dict[str, Figure] = {
        "percent": percent,
        "saving": str(saving),
        "last_day_on": last_day_on,
        "balance": str(invoice.balance),
    }
    sentence = f"{name(invoice)}: {percent.normalize():f}% off, {saving}, if it is paid by {last_day_on}."
    return Reason("discount_offer", sentence, figures)


def no_email(customer: str) -> Reason:
    return Reason("no_email", f"{customer} has no email address: a message is due and cannot go out.", {})


def review_old_debt(invoice: Invoice, after_days: int) -> Reason:
    sentence = (
        f"{name(invoice)}, due {invoice.due_on}, is more than {count_days(after_days)} overdue: a person decides on it."
    )
    return Reason("review_old_debt", sentence, {"due_on": invoice.due_on, "review_after_days": after_days})


# Left alone


def settled(invoice: Invoice) -> Reason:
    return Reason("settled", f"Nothing is owed on {name(invoice)} any more.", {"balance": str(invoice.balance)})


def draft(invoice: Invoice) -> Reason:
    return Reason("draft", f"{name(invoice)} is a draft: it has not been issued.", {})


def voided(invoice: Invoice) -> Reason:
    return Reason("voided", f"{name(invoice)} was voided.", {})


def deleted(invoice: Invoice) -> Reason:
    return Reason("deleted", f"{name(invoice)} was deleted.", {})


def disputed(invoice: Invoice) -> Reason:
    return Reason("disputed", f"{name(invoice)} is in dispute: it waits until that is settled.", {})


def promised(invoice: Invoice, pay_on: date, amount: Money | None) -> Reason:
    what = str(amount) if amount is not None else "payment"
    figures: dict[str, Figure] = {"pay_on": pay_on, "promised": str(amount) if amount is not None else None}
    return Reason("promised", f"{what} of {name(invoice)} is promised for {pay_on}: it waits until then.", figures)


def invoice_paused(invoice: Invoice, until_on: date | None) -> Reason:
    until = f"up to and including {until_on}" if until_on else "until a person resumes it"
    return Reason("invoice_paused", f"{name(invoice)} is paused {until}.", {"paused_until_on": until_on})


def customer_paused(customer: str, until_on: date | None) -> Reason:
    until = f"up to and including {until_on}" if until_on else "until a person resumes it"
    return Reason("customer_paused", f"{customer} is paused {until}.", {"paused_until_on": until_on})


def do_not_chase(customer: str) -> Reason:
    return Reason("do_not_chase", f"{customer} is marked as not to be chased.", {})


def opted_out(customer: str) -> Reason:
    return Reason("opted_out", f"{customer} opted out of messages.", {})


def inactive_customer(customer: str) -> Reason:
    return Reason("inactive_customer", f"{customer} is inactive in the books.", {})


def own_fee(invoice: Invoice) -> Reason:
    return Reason("own_fee", f"{name(invoice)} is a fee of ours: it has no reminders of its own.", {})


def covered(invoice: Invoice, unapplied: Money) -> Reason:
    sentence = f"Left alone: {unapplied} of unapplied payments and credits cover {name(invoice)} ({invoice.balance})."
    return Reason("covered", sentence, {"unapplied": str(unapplied), "balance": str(invoice.balance)})


def below_minimum(owed: Money, minimum: Money) -> Reason:
    sentence = f"Left alone: {owed} owed in all is below the minimum of {minimum}."
    return Reason("below_minimum", sentence, {"owed": str(owed), "minimum": str(minimum)})


# Waiting


def waiting(invoice: Invoice, step: Step, step_on: date) -> Reason:
    sentence = f"{name(invoice)}, due {invoice.due_on}, waits: step {step.number} comes {_place(step)}, on {step_on}."
    return Reason("waiting", sentence, {"due_on": invoice.due_on, "step": step.number, "step_on": step_on})


def ladder_done(invoice: Invoice) -> Reason:
    if invoice.last_step == 0:
        return Reason("ladder_done", f"{name(invoice)}, due {invoice.due_on}, has no step of the ladder ahead.", {})
    sentence = f"{name(invoice)} has had step {invoice.last_step}, the last that applies to it."
    return Reason("ladder_done", sentence, {"last_step": invoice.last_step})


def not_sending_day(today: date, next_on: date) -> Reason:
    sentence = f"A message is due, but {today} is not a sending day: it goes on {next_on} at the earliest."
    return Reason("not_sending_day", sentence, {"next_on": next_on})


def contact_budget(budget: Budget, last_on: date, next_on: date) -> Reason:
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
    return Reason("contact_budget", sentence, figures)


def one_message(invoice: Invoice) -> Reason:
    return Reason(
        "one_message", f"{name(invoice)} waits: one message at a time, and a more pressing one goes first.", {}
    )


def offer_withheld(invoice: Invoice, last_day_on: date) -> Reason:
    sentence = f"The early-payment offer on {name(invoice)} is not made: the customer has overdue invoices."
    return Reason("offer_withheld", sentence, {"last_day_on": last_day_on})


# Credit


def hold_overdue(invoice: Invoice, hold_days: int, hold_on: date) -> Reason:
    when = f"{hold_on}, {count_days(hold_days)} later"
    sentence = f"No new credit: {name(invoice)}, due {invoice.due_on}, was still owed on {when}."
    figures: dict[str, Figure] = {"due_on": invoice.due_on, "hold_days_overdue": hold_days, "hold_on": hold_on}
    return Reason("hold_overdue", sentence, figures | {"balance": str(invoice.balance)})


def hold_over_limit(exposure: Money, limit: Money) -> Reason:
    sentence = f"No new credit: {exposure} is open, above the limit of {limit}."
    return Reason("hold_over_limit", sentence, {"exposure": str(exposure), "limit": str(limit)})


def hold_released(hold_days: int | None, exposure: Money | None, limit: Money | None) -> Reason:
    parts = [] if hold_days is None else [f"nothing is {count_days(hold_days)} overdue"]
    if exposure is not None and limit is not None:
        parts.append(f"{exposure} is open, within the limit of {limit}")
    why = " and ".join(parts) or "no rule asks for it"
    figures: dict[str, Figure] = {"hold_days_overdue": hold_days}
    if exposure is not None:
        figures["exposure"], figures["limit"] = str(exposure), str(limit)
    return Reason("hold_released", f"Credit again: {why}.", figures)


def hold_manual(is_on_hold: bool) -> Reason:
    what = "put this customer on hold" if is_on_hold else "gave this customer credit"
    return Reason("hold_manual", f"A person {what}: it stays so until a person changes it.", {})


def hold_kept(why: str) -> Reason:
    return Reason("hold_kept", f"The credit hold stays as it is: {why}.", {})


def within_limit(exposure: Money, limit: Money) -> Reason:
    figures: dict[str, Figure] = {"exposure": str(exposure), "limit": str(limit)}
    return Reason("within_limit", f"{exposure} is open, within the limit of {limit}.", figures)


def _late_figures(invoice: Invoice, days: int) -> dict[str, Figure]:
    figures: dict[str, Figure] = {"due_on": invoice.due_on, "days_overdue": days, "balance": str(invoice.balance)}
    if invoice.drift:
        figures["drift"] = "the platform and its documents disagree: the smaller balance is used"
    return figures


def _step_figures(invoice: Invoice, step: Step, days: int) -> dict[str, Figure]:
    figures = _late_figures(invoice, days)
    figures["step"], figures["step_days"], figures["unit"] = step.number, step.days, step.unit
    return figures
