"""Questions: which of those that a person was asked need no answer any more, and why.

Pure. What Dunwell asks stands as long as the plan asks it. What a customer said, and an act that was refused, stand as
long as an invoice that they are about does. What a person has answered is over and no question here.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.plan import AskPerson, Plan
from engine.reasons.words import name

ASKED = (
    *("missing_email", "review_old_debt", "call", "never_sent", "late_discount"),
    *("credit_new_customer", "credit_review", "terms_tighter", "terms_wider", "handover", "write_off"),
)
"""Asked by a plan, and asked again by the next one as long as they stand."""
RAISED = ("says_paid", "dispute", "asks_instalments", "failed_action")
"""Raised once, by a customer or by a platform, about invoices that are kept with the question."""

_WAITING = {
    "call": frozenset({"not_sending_day"}),
    "missing_email": frozenset({"not_sending_day", "contact_budget", "person_contact"}),
}
"""Where the plan does not ask only because today is not the day: rules that say so."""
_MOST_TOLD = 2
"""Reasons of single invoices in one answer."""


class Question(Struct, frozen=True):
    """One question about a customer. `subject` tells two of a kind apart."""

    kind: str
    subject: str
    invoice_ids: tuple[str, ...] = ()


def no_longer(question: Question, account: Account, plan: Plan) -> str:
    """Why the question needs no answer any more, in a sentence or two; empty where it stands."""
    if question.kind in RAISED:
        return "" if _is_about_something(question, account) else _told(question, account, plan)
    asked = (action for action in plan.actions if isinstance(action, AskPerson))
    if any((action.kind, action.subject) == (question.kind, question.subject) for action in asked):
        return ""
    if question.kind == "missing_email" and account.emails:
        return "There is an address now."
    if any(decision.reason.rule in _WAITING.get(question.kind, ()) for decision in plan.decisions):
        return ""
    return _told(question, account, plan)


def _is_about_something(question: Question, account: Account) -> bool:
    """Whether one of its invoices is still open, and contested, or without a plan, where that is the question."""
    about = [invoice for invoice in account.invoices if invoice.id in question.invoice_ids and _is_owed(invoice)]
    if question.kind == "dispute":
        about = [invoice for invoice in about if invoice.is_disputed]
    elif question.kind == "asks_instalments":
        about = [invoice for invoice in about if not invoice.instalments]
    # Of a question older than this rule nobody knows which invoices it is about: a person says.
    return bool(about) or not question.invoice_ids


def _is_owed(invoice: Invoice) -> bool:
    return invoice.status is InvoiceStatus.OPEN and invoice.balance.minor > 0


def _told(question: Question, account: Account, plan: Plan) -> str:
    """What has become of its invoices."""
    named = {invoice.id: invoice for invoice in account.invoices}
    over = [name(named[each]) for each in question.invoice_ids if each in named and not _is_owed(named[each])]
    said = [f"{', '.join(over)}: nothing is owed any more."] if over else []
    return " ".join([*said, *_reasons(question, plan)]) or "What it was about holds no longer."


def _reasons(question: Question, plan: Plan) -> Iterator[str]:
    told = {decision.invoice_id: decision for decision in plan.decisions}
    found = (told[each] for each in question.invoice_ids if each in told)
    said = dict.fromkeys(decision.reason.sentence for decision in found if decision.reason.rule != "settled")
    yield from list(said)[:_MOST_TOLD]
