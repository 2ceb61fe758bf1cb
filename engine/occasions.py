"""Occasions: messages that no overdue invoice asks for. A monthly statement, and thanks for a payment.

Pure. At most one a day, only where nothing else is said to the customer that day, within the same contact budget. What
has gone out is known from the account's contacts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine import budget
from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.calendar import add_days
from engine.cases import Case, named, oldest_first
from engine.guards import silence_about
from engine.plan import Decision, SendStatement, SendThanks
from engine.reasons import messages as why
from engine.rules import Rules
from engine.sums import sum_of


def choose(
    account: Account, cases: Sequence[Case], rules: Rules, today: date
) -> tuple[SendStatement | SendThanks, Decision] | None:
    """Thanks or a statement, if either is due and may go out today, with the decision that explains it."""
    if not (rules.thanks.is_on or rules.statements.is_on) or not account.emails:
        return None
    if silence_about(account, today) is not None or budget.obstacle(account.contacts, rules, today) is not None:
        return None
    action = _thanks(account, cases, rules, today) or _statement(account, cases, rules, today)
    if action is None:
        return None
    outcome = "thank_you" if isinstance(action, SendThanks) else "statement"
    return action, Decision(invoice_id=None, outcome=outcome, reason=action.reason)


def look_on(account: Account, cases: Sequence[Case], rules: Rules, earliest: date, today: date) -> Iterator[date]:
    """The days, `earliest` (a working day) or later, on which one of them may become due."""
    if not account.emails:
        return
    if rules.thanks.is_on and _to_thank_for(account, rules, today):
        yield earliest
    if rules.statements.is_on and _on_statement(cases):
        start = last_start(rules, today)
        if not _had(account, "statement", start) and earliest <= add_days(start, rules.statements.for_days):
            yield earliest
        yield rules.working.on_or_after(max(earliest, _next_start(rules, today)))


def last_start(rules: Rules, today: date) -> date:
    """The latest statement day that is not after `today`."""
    day = rules.statements.day_of_month
    if today.day >= day:
        return today.replace(day=day)
    return add_days(today, -today.day).replace(day=day)


def _next_start(rules: Rules, today: date) -> date:
    start = last_start(rules, today)
    return add_days(start.replace(day=1), 32).replace(day=start.day) if start.year < 9999 else date.max


def _statement(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> SendStatement | None:
    if not rules.statements.is_on:
        return None
    start = last_start(rules, today)
    listed = sorted(_on_statement(cases), key=oldest_first)
    too_late = today > add_days(start, rules.statements.for_days)
    if not listed or too_late or _had(account, "statement", start):
        return None
    return SendStatement(
        customer_id=account.customer_id,
        template="statement",
        statement_on=start,
        invoices=tuple(case.named(0) for case in listed),
        reason=why.statement_due(sum_of(case.invoice for case in listed), len(listed), start),
    )


def _on_statement(cases: Sequence[Case]) -> list[Case]:
    """What a statement lists: what is owed and may be talked about. Not what is disputed, promised or covered."""
    return [case for case in cases if case.is_chased]


def _thanks(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> SendThanks | None:
    if not rules.thanks.is_on or any(case.is_overdue and case.is_debt for case in cases):
        return None
    paid = _to_thank_for(account, rules, today)
    if not paid:
        return None
    numbers = ", ".join(invoice.number or f"invoice {invoice.id}" for invoice in paid)
    latest = max(invoice.settled_on for invoice in paid if invoice.settled_on is not None)
    return SendThanks(
        customer_id=account.customer_id,
        template="thank_you",
        invoices=tuple(named(invoice, (today - invoice.due_on).days, 0, invoice.total) for invoice in paid),
        reason=why.thanks(numbers, latest),
    )


def _to_thank_for(account: Account, rules: Rules, today: date) -> list[Invoice]:
    """Invoices that were reminded of and then paid by money, in full, of late, without thanks so far."""
    return sorted(
        (
            invoice
            for invoice in account.invoices
            if invoice.status is InvoiceStatus.PAID
            and invoice.settled_on is not None
            and invoice.last_step > 0
            and invoice.settled_on <= today <= add_days(invoice.settled_on, rules.thanks.within_days)
            and sum(received.amount.minor for received in invoice.payments) >= invoice.total.minor
            and not _had(account, "thank_you", invoice.settled_on)
        ),
        key=lambda invoice: (invoice.due_on, invoice.number, invoice.id),
    )


def _had(account: Account, kind: str, since: date) -> bool:
    return any(contact.kind == kind and contact.on >= since for contact in account.contacts)
