"""Postponing: a step whose day has come, and that is put off all the same.

Pure. Conditions choose which steps there are for an invoice; then a step that is due may still wait: for the days in
which this customer's payments are usually booked, for an automatic charge to fail first, or for its own minimum gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine import promises
from engine.account import Account
from engine.budget import BY_PERSON
from engine.calendar import add_days
from engine.cases import Case
from engine.conditions import ConditionFailed
from engine.facts import about_customer, about_invoice
from engine.ladder import Standing
from engine.plan import Reason
from engine.policy import Step
from engine.reasons import messages as why
from engine.risk import usual_days_late
from engine.rules import Rules


def find_steps(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> None:
    """Find the step of each case, and settle those whose step has to wait."""
    ladder = rules.ladder
    called_on = _called_on(account) if ladder.has_calls else None
    judge = _Judge(account, rules, today) if rules.step_conditions else None
    standings, by_invoice_date, any_day = ladder.on(today), ladder.by_invoice_date, date.min
    due: list[Case] = []
    for case in cases:
        invoice = case.invoice
        last_step = invoice.last_step
        if called_on is not None:
            last_step = max(last_step, ladder.calls_had(invoice, called_on))
        case.last_step = last_step
        if judge is None:
            standing = standings[invoice.issued_on if by_invoice_date else any_day, invoice.due_on, last_step]
        else:
            found = judge.standing(case)
            if found is None:
                continue
            standing = found
        case.next_step, case.next_step_on = standing.next, standing.next_on
        if standing.due is not None:
            case.step, case.is_early = standing.due, standing.is_early
            due.append(case)
        elif (
            invoice.promise is not None
            and standing.next is not None
            and promises.resumes_one_up(invoice, rules.promises, today)
        ):
            case.step, case.is_one_up = standing.next, True
            due.append(case)
        elif not case.passed_over:
            case.comes_on = standing.comes_on
    if not due:
        return
    lag = _lag(account, rules)
    if lag is not None or ladder.has_gaps or rules.exclusions.autopay_days is not None:
        for case in due:
            _put_off(case, lag, rules, today)


def _called_on(account: Account) -> date | None:
    return max((contact.on for contact in account.contacts if contact.kind in BY_PERSON), default=None)


class _Judge:
    """Asks the conditions of one account's steps, and no more of them than the answer needs."""

    def __init__(self, account: Account, rules: Rules, today: date) -> None:
        self._rules, self._today = rules, today
        self._customer = about_customer(account, rules.condition_names, rules.base_currency, today)

    def standing(self, case: Case) -> Standing | None:
        """Where the invoice stands, with the steps noted, of the one due and the next, that it does not have.

        Where the condition of the step that is due gives no answer, the invoice is settled to wait: None.
        """
        answers: dict[str, bool | ConditionFailed] = {}
        while True:
            standing = self._rules.ladder.standing(case.invoice, case.last_step, self._today, case.passed_over)
            missing = self._first_missing(case, (standing.due, standing.next), answers)
            if missing is None:
                return standing
            step, answer = missing
            if isinstance(answer, ConditionFailed) and step is standing.due:
                case.settle("leave", why.condition_failed(case.invoice, step, answer.why))
                return None
            case.passed_over |= {step.number}
            if not self._rules.step_conditions[step.number].moves_by_itself:
                case.never |= {step.number}

    def _first_missing(
        self, case: Case, steps: Sequence[Step | None], answers: dict[str, bool | ConditionFailed]
    ) -> tuple[Step, bool | ConditionFailed] | None:
        """The first of the steps whose condition does not hold. The same words are asked once per invoice."""
        for step in steps:
            if step is None or not step.when:
                continue
            answer = answers.get(step.when)
            if answer is None:
                condition = self._rules.step_conditions[step.number]
                facts = about_invoice(case.invoice, condition.names, self._today)
                facts.update(self._customer)
                answer = answers[step.when] = condition.holds(facts)
            if answer is not True:
                return step, answer
        return None


def _lag(account: Account, rules: Rules) -> int | None:
    """For how many days after the due date this customer's money is usually not booked yet."""
    if not rules.exclusions.bank_lag_days:
        return None
    late = usual_days_late(account.history)
    return late if late is not None and 0 < late <= rules.exclusions.bank_lag_days else None


def _put_off(case: Case, lag: int | None, rules: Rules, today: date) -> None:
    """Settle a case whose step has to wait, noting the day on which it may come."""
    found = _waits(case, lag, rules)
    if found is None or found[1] <= today:
        return
    reason, case.not_before_on = found
    case.step = None
    case.settle("leave", reason)


def _waits(case: Case, lag: int | None, rules: Rules) -> tuple[Reason, date] | None:
    """The rule that puts the step off, and the first day on which it does so no more."""
    invoice, step = case.invoice, case.step
    autopay = rules.exclusions.autopay_days
    if autopay is not None and case.days < autopay:
        until = add_days(invoice.due_on, autopay)
        return why.autopay(invoice, autopay, until), until
    if lag is not None and 0 < case.days <= lag and case.last_step < rules.ladder.first_overdue(invoice):
        until = add_days(invoice.due_on, lag + 1)
        return why.bank_lag(invoice, lag, until), until
    if step is not None and step.minimum_gap_days and invoice.last_contact_on is not None:
        until = add_days(invoice.last_contact_on, step.minimum_gap_days)
        return why.step_gap(invoice, step, invoice.last_contact_on, until), until
    return None
