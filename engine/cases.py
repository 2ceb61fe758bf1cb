"""A case: one invoice of an account while it is being decided.

The only thing in the engine that changes: each rule family fills in what it has found, and `engine.decide` turns the
cases into decisions. No case outlives one call of `decide`.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from engine.account import Invoice
from engine.money import Money
from engine.plan import Decision, InPlan, InvoiceDue, Reason
from engine.policy import Step

NONE: frozenset[int] = frozenset()


class Case(Struct, gc=False):
    """One invoice, what was found about it, and what becomes of it. Without a `reason` it is still undecided."""

    invoice: Invoice
    days: int
    """Whole calendar days after the due date; negative before it."""
    is_free: bool = False
    """Open, ours to decide on: not held back by a dispute, a promise or a pause of its own."""
    is_chased: bool = False
    """No guard speaks for it: the ladder applies."""
    is_debt: bool = True
    """Money owed for sure, so that it weighs on credit: not contested, promised, covered, paused or too small."""
    outcome: str = "leave"
    reason: Reason | None = None
    last_step: int = 0
    """The highest step it has had, telephone calls included."""
    next_step: Step | None = None
    next_step_on: date | None = None
    """The next step to come after today, and its day."""
    comes_on: date | None = None
    """The working day on which that step comes, where the invoice waits for nothing else."""
    step: Step | None = None
    """The ladder step that is due, if one is."""
    is_one_up: bool = False
    """That step comes before its own day, because a promise was broken."""
    is_early: bool = False
    """That step is a note before the due date."""
    passed_over: frozenset[int] = NONE
    """Steps whose condition does not hold today."""
    never: frozenset[int] = NONE
    """Those of them whose condition cannot come to hold by time alone."""
    not_before_on: date | None = None
    """The first day on which a step that was put off may come."""
    is_in_plan: bool = False
    """It stands for one instalment of a plan that is kept."""
    instalment: InPlan | None = None
    """Which one that is, or which ones, where the plan tells."""
    step_base: int = 0
    """Added to a step to keep it: instalments, and rounds, have a run of the ladder each."""
    starts_again: bool = False
    """Its due date was moved later than its last step: the next one begins another round."""
    expected_on: date | None = None
    """The day on which this customer is likely to pay, where a rule has asked for it."""
    ends_on: date | None = None
    """The last day of the promise or pause that holds this invoice back."""

    @property
    def is_undecided(self) -> bool:
        return self.reason is None

    @property
    def is_overdue(self) -> bool:
        return self.days > 0

    def settle(self, outcome: str, reason: Reason) -> None:
        """Give the invoice its one decision."""
        self.outcome, self.reason = outcome, reason

    def decision(self) -> Decision:
        """Raises ValueError for an invoice that no rule has spoken about: every invoice needs its reason."""
        if self.reason is None:
            raise ValueError(f"no rule has decided on invoice {self.invoice.id!r}")
        return Decision(invoice_id=self.invoice.id, outcome=self.outcome, reason=self.reason)

    def named(self, step: int) -> InvoiceDue:
        """The invoice as a message names it, taken to `step`; 0 where it is only mentioned."""
        invoice = self.invoice
        return InvoiceDue(
            invoice_id=invoice.id,
            number=invoice.number,
            due_on=invoice.due_on,
            balance=invoice.balance,
            days_overdue=self.days,
            step=self.step_base + step if step else 0,
            instalment=self.instalment,
        )


def named(invoice: Invoice, days: int, step: int, amount: Money) -> InvoiceDue:
    """An invoice as a message names it, `days` after its due date, with what is owed or was paid."""
    return InvoiceDue(
        invoice_id=invoice.id,
        number=invoice.number,
        due_on=invoice.due_on,
        balance=amount,
        days_overdue=days,
        step=step,
    )


def oldest_first(case: Case) -> tuple[date, str, str]:
    """Sort key: by due date, then by number and id, so that the order never depends on how the books were read."""
    return (case.invoice.due_on, case.invoice.number, case.invoice.id)
