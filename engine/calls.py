"""Calls: a ladder step that a person takes by telephone.

Pure. One task for the whole customer, with what to talk about. A call, or any contact by a person, on or after the day
of the step answers it; the step is then had. The task says what to ask; noting what came of it is the web app's job.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.account import Account
from engine.cases import Case, oldest_first
from engine.plan import AskPerson
from engine.reasons import messages as why
from engine.rules import Rules
from engine.sums import sum_of


def ask(account: Account, free: Sequence[Case], rules: Rules, today: date) -> AskPerson | None:
    """Settle the cases whose step is a call: one task for all of them, on working days only."""
    due = sorted(
        (case for case in free if case.reason is None and case.step is not None and case.step.channel == "call"),
        key=oldest_first,
    )
    if not due:
        return None
    works_on = rules.working.on_or_after(today)
    if works_on != today:
        for case in due:
            case.settle("leave", why.not_sending_day(today, works_on))
        return None
    step = max((case.step for case in due if case.step is not None), key=lambda step: step.number)
    reason = why.call_due(account.name, sum_of(case.invoice for case in due), len(due), due[0].invoice, step)
    for case in due:
        case.settle("task", reason)
    return AskPerson(
        customer_id=account.customer_id,
        kind="call",
        subject=account.customer_id,
        invoice_ids=tuple(case.invoice.id for case in due),
        reason=reason,
    )
