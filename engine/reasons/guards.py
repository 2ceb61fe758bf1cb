"""Why an invoice, or a whole customer, is left alone or put before a person."""

from __future__ import annotations

from datetime import date

from engine.account import Invoice
from engine.money import Money
from engine.plan import Figure
from engine.reasons.rule import Told, rule
from engine.reasons.words import count_days, name


@rule("Nothing owed any more")
def settled(invoice: Invoice) -> Told:
    return f"Nothing is owed on {name(invoice)} any more.", {"balance": str(invoice.balance)}


@rule("Draft")
def draft(invoice: Invoice) -> Told:
    return f"{name(invoice)} is a draft: it has not been issued.", {}


@rule("Voided")
def voided(invoice: Invoice) -> Told:
    return f"{name(invoice)} was voided.", {}


@rule("Deleted")
def deleted(invoice: Invoice) -> Told:
    return f"{name(invoice)} was deleted.", {}


@rule("Could not be read")
def unread(invoice: Invoice) -> Told:
    return f"{name(invoice)} could not be read when the books were last looked at: it waits until it can be.", {}


@rule("Promised day shown on the invoice")
def promise_shown(invoice: Invoice, pay_on: date) -> Told:
    return f"{name(invoice)} is promised for {pay_on}: the invoice shows that day.", {"pay_on": pay_on}


@rule("In dispute")
def disputed(invoice: Invoice) -> Told:
    return f"{name(invoice)} is in dispute: it waits until that is settled.", {}


@rule("Promised")
def promised(invoice: Invoice, pay_on: date, amount: Money | None) -> Told:
    what = str(amount) if amount is not None else "payment"
    figures: dict[str, Figure] = {"pay_on": pay_on, "promised": str(amount) if amount is not None else None}
    return f"{what} of {name(invoice)} is promised for {pay_on}: it waits until then.", figures


@rule("Invoice paused")
def invoice_paused(invoice: Invoice, until_on: date | None) -> Told:
    until = f"up to and including {until_on}" if until_on else "until a person resumes it"
    return f"{name(invoice)} is paused {until}.", {"paused_until_on": until_on}


@rule("Customer paused")
def customer_paused(customer: str, until_on: date | None) -> Told:
    until = f"up to and including {until_on}" if until_on else "until a person resumes it"
    return f"{customer} is paused {until}.", {"paused_until_on": until_on}


@rule("Customer is not to be chased")
def do_not_chase(customer: str) -> Told:
    return f"{customer} is marked as not to be chased.", {}


@rule("Customer opted out of messages")
def opted_out(customer: str) -> Told:
    return f"{customer} opted out of messages.", {}


@rule("Inactive customer")
def inactive_customer(customer: str) -> Told:
    return f"{customer} is inactive in the books.", {}


@rule("Fee invoice of ours")
def own_fee(invoice: Invoice) -> Told:
    return f"{name(invoice)} is a fee of ours: it has no reminders of its own.", {}


@rule("Covered by unapplied money")
def covered(invoice: Invoice, unapplied: Money) -> Told:
    sentence = f"Left alone: {unapplied} of unapplied payments and credits cover {name(invoice)} ({invoice.balance})."
    return sentence, {"unapplied": str(unapplied), "balance": str(invoice.balance)}


@rule("Below the minimum balance")
def below_minimum(owed: Money, minimum: Money) -> Told:
    sentence = f"Left alone: {owed} owed in all is below the minimum of {minimum}."
    return sentence, {"owed": str(owed), "minimum": str(minimum)}


@rule("Old debt, for a person to review")
def review_old_debt(invoice: Invoice, after_days: int) -> Told:
    sentence = (
        f"{name(invoice)}, due {invoice.due_on}, is more than {count_days(after_days)} overdue: a person decides on it."
    )
    return sentence, {"due_on": invoice.due_on, "review_after_days": after_days}


@rule("Never sent to the customer")
def never_sent(invoice: Invoice) -> Told:
    sentence = (
        f"{name(invoice)}, issued {invoice.issued_on}, was never sent to the customer: its reminders wait for that."
    )
    return sentence, {"issued_on": invoice.issued_on, "due_on": invoice.due_on}
