"""Rounds: the ladder anew, for an invoice whose due date was moved later after it had been reminded of.

Pure. Nobody has to say that the date was moved: a step that only comes after the due date was taken, and the due date
lies after it. What the new date puts before that message counts as had, and the rest comes again. A note before the due
date begins no round: it is not said twice, and the steps after it follow the new date by themselves. No step is taken
twice within one round.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from engine import instalments
from engine.account import Invoice
from engine.cases import Case
from engine.ladder import Ladder
from engine.rules import Rules

ROUND = 1_000_000
"""Step 2 of the second round is kept as step 1000002, and step 2 of instalment 3 in it as 1000302."""


def may_begin(invoice: Invoice) -> bool:
    """Whether the invoice needs a look at its round: most do not."""
    last_on = invoice.last_contact_on
    return last_on is not None and (last_on < invoice.due_on or invoice.last_step >= ROUND)


def case_of(invoice: Invoice, rules: Rules, today: date) -> Case:
    """The invoice, or the instalment that it stands for, with the steps of its present round alone."""
    begun, last_step = divmod(invoice.last_step, ROUND)
    present = replace(invoice, last_step=last_step) if begun else invoice
    if present.instalments:
        case = instalments.case_of(present, rules.promises, today)
    else:
        case = Case(invoice=present, days=(today - present.due_on).days)
    if not case.is_in_plan and (had := _had_of_next(case.invoice, rules.ladder)) is not None:
        case.invoice, case.starts_again = replace(case.invoice, last_step=had), True
        begun += 1
    case.step_base += ROUND * begun
    return case


def _had_of_next(invoice: Invoice, ladder: Ladder) -> int | None:
    """The last step that a round beginning now counts as had; None where none begins."""
    last_on = invoice.last_contact_on
    if last_on is None or last_on >= invoice.due_on or invoice.last_step < ladder.first_overdue(invoice):
        return None
    return ladder.reached_by(invoice, last_on)
