"""Advice: what a person is asked about a customer: credit limits, terms, handing debt over, writing it off.

Pure. Each question is asked once: what a person has answered (`Account.answered`) is not asked again, though a question
about terms or limits may come back in another year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine import credit
from engine.account import Account
from engine.calendar import add_days
from engine.cases import Case, oldest_first
from engine.money import Money
from engine.plan import AskPerson, Reason
from engine.reasons import advice as why
from engine.recovery import expected_recovery, lost_percent
from engine.risk import ENOUGH, SLOW_DAYS, Score, behaviour_of, peak_exposure, score, suggested_limit
from engine.rules import Rules


def ask(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> Iterator[AskPerson]:
    """Every question that is open today and has not been answered."""
    for task in (*_about_credit(account, cases, rules, today), *_about_lost_debt(account, cases, rules, today)):
        if (task.kind, task.subject) not in account.answered:
            yield task


def look_on(account: Account, cases: Sequence[Case], rules: Rules) -> Iterator[date]:
    """The days on which time alone could open a question."""
    escalation = rules.escalation
    if escalation.handover_after_days is not None:
        for case in cases:
            if _is_at_the_end(case, rules) and case.invoice.last_contact_on is not None:
                yield add_days(case.invoice.last_contact_on, escalation.handover_after_days)
    if escalation.write_off_days is not None:
        for case in cases:
            if case.is_debt:
                yield add_days(case.invoice.due_on, escalation.write_off_days + 1)
    if rules.credit.review_every_days is not None and account.credit.reviewed_on is not None:
        yield add_days(account.credit.reviewed_on, rules.credit.review_every_days)


def _about_credit(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> Iterator[AskPerson]:
    policy, standing = rules.credit, account.credit
    if not credit.can_act(account, rules, today):
        return
    new_from = rules.review_new_from
    if new_from is not None and standing.limit is None and not account.history:
        exposure = credit.exposure_in(account, new_from.currency)
        if new_from <= exposure:
            yield _task(account, "credit_new_customer", "", why.credit_new_customer(account.name, exposure, new_from))
    if standing.limit is not None and _is_review_due(account, rules, today):
        reviewed_on = standing.reviewed_on or date.min
        reason = why.credit_review(standing.limit, reviewed_on, _suggested(account, cases, standing.limit.currency))
        yield _task(account, "credit_review", reviewed_on.isoformat(), reason)
    if policy.advises_terms and len(account.history) >= ENOUGH:
        yield from _about_terms(account, cases, today)


def _is_review_due(account: Account, rules: Rules, today: date) -> bool:
    reviewed_on, days = account.credit.reviewed_on, rules.credit.review_every_days
    return reviewed_on is not None and days is not None and add_days(reviewed_on, days) <= today


def _about_terms(account: Account, cases: Sequence[Case], today: date) -> Iterator[AskPerson]:
    behaviour, risk = behaviour_of(account.history, account.promises), _risk(account, cases)
    late = behaviour.usual_days_late or 0
    year = str(today.year)
    if late >= SLOW_DAYS:
        yield _task(
            account, "terms_tighter", year, why.terms_tighter(account.name, late, behaviour.settled, risk.points)
        )
    limit = account.credit.limit
    if limit is None or late > 0:
        return
    exposure, suggested = credit.exposure_in(account, limit.currency), _suggested(account, cases, limit.currency)
    # Room is advised where it is short: three quarters of the limit in use.
    if suggested is not None and limit < suggested and exposure.minor * 4 >= limit.minor * 3:
        reason = why.terms_wider(account.name, exposure, limit, suggested, risk.points)
        yield _task(account, "terms_wider", year, reason)


def _about_lost_debt(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> Iterator[AskPerson]:
    """One question per currency for each: the debt that has had every step, and the debt that is too old."""
    days = rules.escalation.handover_after_days
    if days is not None:
        ended = [case for case in cases if _is_at_the_end(case, rules) and _has_waited(case, days, today)]
        for group in _by_currency(ended):
            yield from _handover(account, group, rules)
    oldest = rules.escalation.write_off_days
    if oldest is not None:
        for group in _by_currency([case for case in cases if case.is_debt and case.days > oldest]):
            yield _write_off(account, group, oldest, rules)


def _handover(account: Account, group: Sequence[Case], rules: Rules) -> Iterator[AskPerson]:
    owed, recovery = _sums(group, rules)
    if owed.amount < rules.escalation.handover_from:
        return
    last_on = max(case.invoice.last_contact_on or date.min for case in group)
    reason = why.handover(owed, len(group), group[0].invoice, group[0].days, recovery, last_on)
    yield _task(account, "handover", owed.currency, reason, group)


def _write_off(account: Account, group: Sequence[Case], from_days: int, rules: Rules) -> AskPerson:
    owed, recovery = _sums(group, rules)
    lost = lost_percent(group[0].days, rules.lost_by_age)
    return _task(account, "write_off", owed.currency, why.write_off(owed, len(group), from_days, lost, recovery), group)


def _sums(group: Sequence[Case], rules: Rules) -> tuple[Money, Money]:
    owed = recovery = Money.zero(group[0].invoice.balance.currency)
    for case in group:
        owed += case.invoice.balance
        recovery += expected_recovery(case.invoice.balance, case.days, rules.lost_by_age)
    return owed, recovery


def _is_at_the_end(case: Case, rules: Rules) -> bool:
    """Debt that has had the last step of the ladder."""
    steps = rules.ladder.steps
    return (
        case.is_debt
        and case.is_free
        and not case.is_in_plan
        and bool(steps)
        and case.invoice.last_step >= steps[-1].number
    )


def _has_waited(case: Case, days: int, today: date) -> bool:
    last_on = case.invoice.last_contact_on
    return last_on is not None and add_days(last_on, days) <= today


def _by_currency(cases: Sequence[Case]) -> list[list[Case]]:
    groups: dict[str, list[Case]] = {}
    for case in sorted(cases, key=oldest_first):
        groups.setdefault(case.invoice.balance.currency, []).append(case)
    return [groups[currency] for currency in sorted(groups)]


def _suggested(account: Account, cases: Sequence[Case], currency: str) -> Money | None:
    if len(account.history) < ENOUGH:
        return None
    return suggested_limit(peak_exposure(account.history, currency), _risk(account, cases))


def _risk(account: Account, cases: Sequence[Case]) -> Score:
    oldest = max((case.days for case in cases if case.is_debt), default=0)
    return score(behaviour_of(account.history, account.promises), oldest)


def _task(account: Account, kind: str, detail: str, reason: Reason, group: Sequence[Case] = ()) -> AskPerson:
    subject = f"{account.customer_id} {detail}" if detail else account.customer_id
    ids = tuple(case.invoice.id for case in group)
    return AskPerson(customer_id=account.customer_id, kind=kind, subject=subject, invoice_ids=ids, reason=reason)
