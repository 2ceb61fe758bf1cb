"""Late fees: once a month, one charge per customer and currency for everything paid, or still unpaid, too late.

Pure. Charged is what is certainly owed: never what is disputed, promised, paused, in a plan, covered or doubtful, and
never a fee of ours. Interest on principal that has been paid meanwhile is charged too. Waits end by themselves: what
could not be charged in one month is in the sum of the next. Making the document is a connector's job.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.calendar import add_days
from engine.cases import Case, oldest_first
from engine.fees_lines import Charge, charge_for
from engine.guards import is_customer_paused
from engine.history import FeeCharged
from engine.keys import fee_reference
from engine.money import Money
from engine.plan import AskPerson, ChargeFee, Decision, Reason, TakeBackFee
from engine.reasons import fees as why
from engine.rules import Rules
from engine.statutory import RateUnknown


class Verdict(Struct, frozen=True):
    """What is done about fees, and the decisions about the customer that explain it."""

    actions: tuple[ChargeFee | AskPerson, ...] = ()
    decisions: tuple[Decision, ...] = ()


def judge(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> Verdict:
    """The fees due today: at most one charge per currency, everything up to the last charge day."""
    late = _late_invoices(account, cases, rules, today)
    if not late:
        return Verdict()
    obstacle = _obstacle(account, rules, today)
    if obstacle is not None:
        return Verdict((), (_left(obstacle),))
    verdicts = [_judge_currency(account, late[currency], rules, today) for currency in sorted(late)]
    return Verdict(
        tuple(action for verdict in verdicts for action in verdict.actions),
        tuple(decision for verdict in verdicts for decision in verdict.decisions),
    )


def take_back(account: Account) -> list[TakeBackFee]:
    """One act for every fee that a person takes back: no rule is asked, and no pause stands in the way."""
    return [
        TakeBackFee(
            customer_id=account.customer_id,
            fee_key=fee.key,
            invoice_ids=fee.invoice_ids,
            reason=why.fee_taken_back(fee_reference(fee.key), fee.why),
        )
        for fee in account.forgiven
    ]


def last_charge_day(charge_day: int, today: date) -> date:
    """The latest charge day that is not after `today`."""
    if today.day >= charge_day:
        return today.replace(day=charge_day)
    return add_days(today, -today.day).replace(day=charge_day)


def next_charge_day(charge_day: int, today: date) -> date:
    """The first charge day after `today`."""
    # From the last one, 31 days on is a day of the next month, whatever the length of this one: charge days end at 28.
    return add_days(last_charge_day(charge_day, today).replace(day=1), 31).replace(day=charge_day)


def look_on(account: Account, rules: Rules, today: date) -> list[date]:
    """The next day on which a fee could be charged with no new data, if one ever could."""
    could_be = any(_could_be_late(invoice) for invoice in account.invoices)
    return [next_charge_day(rules.fees.charge_day, today)] if could_be else []


def _could_be_late(invoice: Invoice) -> bool:
    if invoice.is_ours or invoice.status not in {InvoiceStatus.OPEN, InvoiceStatus.PAID}:
        return False
    return invoice.status is InvoiceStatus.OPEN or any(paid.on > invoice.due_on for paid in invoice.payments)


def _late_invoices(account: Account, cases: Sequence[Case], rules: Rules, today: date) -> dict[str, list[Invoice]]:
    """By currency, the oldest first: invoices that may be charged for, still open or paid too late."""
    open_now = [case.invoice for case in sorted(cases, key=oldest_first) if _is_certain(case)]
    since_on = rules.fees.issued_from_on or account.watched_since_on or date.min
    found: dict[str, list[Invoice]] = {}
    for invoice in (*(each for each in account.invoices if _was_paid_late(each)), *open_now):
        days = (today - invoice.due_on).days
        if (
            0 < days <= rules.review_after_days
            and invoice.issued_on >= since_on
            and not (invoice.drift or invoice.is_unread)
        ):
            found.setdefault(invoice.balance.currency, []).append(invoice)
    return found


def _is_certain(case: Case) -> bool:
    """Open debt that no guard on what is owed speaks for. Keeping silent towards a customer is no such guard."""
    return case.is_free and case.is_debt and case.is_overdue and not case.is_in_plan


def _was_paid_late(invoice: Invoice) -> bool:
    return invoice.status is InvoiceStatus.PAID and not invoice.is_disputed and _could_be_late(invoice)


def _obstacle(account: Account, rules: Rules, today: date) -> Reason | None:
    """Why this customer is charged nothing today, if so."""
    if account.is_fee_exempt:
        return why.fee_exempt(account.name)
    is_consumer = account.is_consumer or rules.has_consumers
    if rules.fee_terms.is_statutory and rules.fee_terms.law.is_business_only and is_consumer:
        return why.fee_not_for_consumers(account.name, rules.fee_terms.law)
    if is_customer_paused(account, today):
        return why.fee_withheld(account.name, "is paused")
    if account.do_not_chase:
        return why.fee_withheld(account.name, "is marked as not to be chased")
    return None if account.is_active else why.fee_withheld(account.name, "is inactive in the books")


def _judge_currency(account: Account, invoices: Sequence[Invoice], rules: Rules, today: date) -> Verdict:
    currency = invoices[0].balance.currency
    through_on = last_charge_day(rules.fees.charge_day, today)
    next_on = next_charge_day(rules.fees.charge_day, today)
    if any(fee.through_on >= through_on and fee.fixed.currency == currency for fee in account.fees):
        return Verdict((), (_left(why.fee_waits(next_on)),))
    unapplied = sum(max(0, amount.minor) for amount in account.unapplied if amount.currency == currency)
    if unapplied:
        return Verdict((), (_left(why.fee_waits_for_money(Money(unapplied, currency))),))
    charges, asked = _assess(account, invoices, rules, through_on)
    total = Money(sum(charge.total for charge in charges), currency)
    minimum = Money.of(rules.fees.minimum, currency)
    if total.minor <= 0:
        told = tuple(_left(task.reason) for task in asked) or (_left(why.fee_waits(next_on)),)
        return Verdict(asked, told)
    if total < minimum:
        return Verdict(asked, (_left(why.fee_below_minimum(total, minimum, next_on)),))
    action = _charge(account, charges, total, through_on, rules, today)
    return Verdict((action, *asked), (_about_customer("fee", action.reason),))


def _assess(
    account: Account, invoices: Sequence[Invoice], rules: Rules, through_on: date
) -> tuple[list[Charge], tuple[AskPerson, ...]]:
    """What each invoice is charged, and one task per half-year whose rate nobody knows."""
    charged: dict[str, list[FeeCharged]] = {}
    for fee in account.fees:
        charged.setdefault(fee.invoice_id, []).append(fee)
    charges: list[Charge] = []
    unknown: dict[str, list[str]] = {}
    for invoice in invoices:
        try:
            charge = charge_for(invoice, rules.fee_terms, charged.get(invoice.id, ()), through_on)
        except RateUnknown as error:
            unknown.setdefault(error.half_year, []).append(invoice.id)
            continue
        if charge is not None:
            charges.append(charge)
    return charges, tuple(_ask_for_rate(account, rules, unknown))


def _ask_for_rate(account: Account, rules: Rules, unknown: dict[str, list[str]]) -> Iterator[AskPerson]:
    for half_year, invoice_ids in sorted(unknown.items()):
        yield AskPerson(
            customer_id=account.customer_id,
            kind="fee_rate",
            subject=half_year,
            invoice_ids=tuple(invoice_ids),
            reason=why.fee_rate_unknown(rules.fee_terms.law, half_year),
        )


def _charge(
    account: Account, charges: Sequence[Charge], total: Money, through_on: date, rules: Rules, today: date
) -> ChargeFee:
    fees, law = rules.fees, rules.fee_terms.law
    lines = tuple(line for charge in charges for line in charge.lines)
    return ChargeFee(
        customer_id=account.customer_id,
        amount=total,
        lines=lines,
        clause=fees.clause.strip() or law.clause,
        through_on=through_on,
        dated_on=today,
        due_on=add_days(today, max(fees.due_days, law.notice_days)),
        invoice_ids=tuple(charge.invoice.id for charge in charges),
        as_draft=fees.as_draft or not all(charge.is_verified for charge in charges),
        reason=why.fee_due(total, through_on, lines),
    )


def _left(reason: Reason) -> Decision:
    return _about_customer("leave", reason)


def _about_customer(outcome: str, reason: Reason) -> Decision:
    return Decision(invoice_id=None, outcome=outcome, reason=reason)
