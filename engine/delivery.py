"""First delivery: invoices that were approved and never sent to the customer.

Pure. They are noticed on the day they are read. The ladder of such an invoice waits, and it weighs on no fee and no
hold: nobody can be late with a bill that never came. Sending is the platform's own email; who gets bills some other way
is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.account import Account
from engine.cases import Case, oldest_first
from engine.plan import Action, AskPerson, DeliverInvoice
from engine.reasons import guards as why
from engine.rules import Rules


def hold_back(account: Account, cases: Iterable[Case], rules: Rules) -> list[Case]:
    """Settle the cases of invoices that were never sent; returns them, the oldest first."""
    found = [case for case in cases if case.invoice.is_sent is False and _is_forgotten(account, case)]
    if not found or (rules.delivery.only_if_usual and not _gets_bills_sent(account)):
        return []
    sends = rules.delivery.unsent == "send" and bool(account.emails)
    for case in found:
        case.settle("deliver" if sends else "task", why.never_sent(case.invoice))
        case.is_chased = case.is_debt = False
    return sorted(found, key=oldest_first)


def acts(account: Account, unsent: Sequence[Case]) -> list[Action]:
    """One delivery per invoice, or one task for all that a person has to send."""
    if not unsent:
        return []
    deliver: list[Action] = [
        DeliverInvoice(customer_id=account.customer_id, invoice=case.named(0), reason=case.reason)
        for case in unsent
        if case.outcome == "deliver" and case.reason is not None
    ]
    asked = [case for case in unsent if case.outcome == "task"]
    if asked and asked[0].reason is not None:
        deliver.append(
            AskPerson(
                customer_id=account.customer_id,
                kind="never_sent",
                subject=account.customer_id,
                invoice_ids=tuple(case.invoice.id for case in asked),
                reason=asked[0].reason,
            )
        )
    return deliver


def _gets_bills_sent(account: Account) -> bool:
    return account.had_bills_sent or any(invoice.is_sent for invoice in account.invoices)


def _is_forgotten(account: Account, case: Case) -> bool:
    """Never written about either, and issued since Dunwell began: before, it was not ours to notice."""
    invoice = case.invoice
    since = account.watched_since_on
    return case.is_chased and invoice.last_step == 0 and (since is None or invoice.issued_on >= since)
