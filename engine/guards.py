"""Guards: which invoices are left alone, and why. They speak before any other rule; the first that applies wins.

Pure. Two questions are kept apart. *Is this money owed?* (settled, draft, disputed, promised, paused, covered, too
small): the answer weighs on credit too. *May we speak to this customer about it?* (customer paused, not to be chased,
opted out, inactive): silence does not make a debt smaller, so opting out of messages never lifts a credit hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine import discounts, promises, rounds
from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.cases import Case, oldest_first
from engine.money import Money
from engine.plan import Reason
from engine.reasons import guards as why
from engine.rules import Rules

_OPEN, _PAID = InvoiceStatus.OPEN, InvoiceStatus.PAID
"""Asked for every invoice: looked up in its class, a status costs more than the question."""
_NOT_ISSUED = {
    InvoiceStatus.DRAFT: why.draft,
    InvoiceStatus.VOIDED: why.voided,
    InvoiceStatus.DELETED: why.deleted,
}


def sort_out(account: Account, rules: Rules, today: date) -> list[Case]:
    """One case per invoice that is not simply paid, in the account's order; what may be chased has no reason yet."""
    cases: list[Case] = []
    pool: list[Case] = []
    number = today.toordinal()
    for invoice in account.invoices:
        if invoice.status is _PAID:
            continue
        if invoice.instalments or (invoice.last_contact_on is not None and rounds.may_begin(invoice)):
            case = rounds.case_of(invoice, rules, today)
        else:
            case = Case(invoice, number - invoice.due_on.toordinal())
        cases.append(case)
        if _is_plain(invoice) or not _is_held_back(case, account, rules, today):
            case.is_free = True
            if not (invoice.payments and discounts.settle_taken(case, rules.discount)):
                pool.append(case)
    _weigh(pool, account.unapplied, rules)
    silence = silence_about(account, today)
    for case in pool:
        if silence is not None:
            case.settle("leave", silence)
        case.is_chased = case.reason is None
    return cases


def silence_about(account: Account, today: date) -> Reason | None:
    """Why nothing at all is said to this customer, if so."""
    if is_customer_paused(account, today):
        return why.customer_paused(account.name, account.paused_until_on)
    if account.do_not_chase:
        return why.do_not_chase(account.name)
    if account.opted_out:
        return why.opted_out(account.name)
    return None if account.is_active else why.inactive_customer(account.name)


def is_customer_paused(account: Account, today: date) -> bool:
    """A pause holds through its last day; without one, until somebody ends it."""
    return account.is_paused and _lasts(account.paused_until_on, today)


def _lasts(until_on: date | None, today: date) -> bool:
    return until_on is None or today <= until_on


def _is_plain(invoice: Invoice) -> bool:
    """Open and owed, with nothing special said about it: most invoices are."""
    return (
        invoice.status is _OPEN
        and invoice.balance.minor > 0
        and invoice.promise is None
        and not (invoice.is_disputed or invoice.is_paused or invoice.is_unread)
    )


def _is_held_back(case: Case, account: Account, rules: Rules, today: date) -> bool:
    """Settle what the invoice itself says; False where it is open and free."""
    invoice = case.invoice
    guarded = _own_guard(invoice, account, rules, today)
    if guarded is None:
        promise = invoice.promise
        if promise is not None and today <= promises.last_day(promise, rules.promises):
            case.ends_on = promises.last_day(promise, rules.promises)
        return False
    reason, case.ends_on = guarded
    case.is_debt = False
    case.settle("leave", reason)
    return True


def _own_guard(invoice: Invoice, account: Account, rules: Rules, today: date) -> tuple[Reason, date | None] | None:
    """The first guard on the invoice itself, with the last day it holds where there is one."""
    if invoice.status is not _OPEN:
        return _NOT_ISSUED[invoice.status](invoice), None
    if invoice.balance.minor <= 0:
        return why.settled(invoice), None
    if invoice.is_unread or invoice.is_disputed:
        return (why.unread if invoice.is_unread else why.disputed)(invoice), None
    # A promise holds through its last day, not up to it: banks book late in the day, and a reminder sent that
    # morning would cross with the payment.
    promise = invoice.promise
    if promise is not None:
        until_on = promises.holds_until(promise, account.promises, rules.promises)
        if until_on is not None and today <= until_on:
            return why.promised(invoice, promise.pay_on, promise.amount), until_on
    if invoice.is_paused and _lasts(invoice.paused_until_on, today):
        return why.invoice_paused(invoice, invoice.paused_until_on), invoice.paused_until_on
    return None


def _weigh(pool: list[Case], unapplied: Iterable[Money], rules: Rules) -> None:
    """Leave alone fees of ours, what unapplied money covers and what is too small; put old debt before a person.

    Currency by currency. Money is set against what would be chased first and against old debt last: a payment that came
    in last week is far more likely to be for a recent invoice.
    """
    groups: dict[str, tuple[list[Case], list[Case]]] = {}
    review_after_days = rules.review_after_days
    for case in pool:
        invoice = case.invoice
        if invoice.is_ours:
            case.is_debt = False
            case.settle("leave", why.own_fee(invoice))
            continue
        recent_and_old = groups.get(currency := invoice.balance.currency)
        if recent_and_old is None:
            recent_and_old = groups[currency] = ([], [])
        recent_and_old[case.days > review_after_days].append(case)
    money: dict[str, int] = {}
    for amount in unapplied:
        money[amount.currency] = money.get(amount.currency, 0) + max(0, amount.minor)
    for currency, (recent, old) in groups.items():
        at_hand = Money(money.get(currency, 0), currency)
        left = _weigh_group(recent, at_hand.minor, at_hand, rules)
        if not old:
            continue
        _weigh_group(old, left, at_hand, rules)
        for case in old:
            if case.reason is None:
                case.settle("task", why.review_old_debt(case.invoice, review_after_days))


def _weigh_group(group: list[Case], spare: int, unapplied: Money, rules: Rules) -> int:
    """Cover what `spare` covers whole, then drop the rest if too little of it stays uncovered. Returns what is spare.

    An invoice too big to be covered is passed over rather than covered in part, so that a payment for a later invoice,
    not matched yet, is recognised; what is then spare still counts against the sum that stays uncovered.
    """
    if spare:
        for case in sorted(group, key=oldest_first):
            if case.invoice.balance.minor <= spare:
                spare -= case.invoice.balance.minor
                _drop(case, why.covered(case.invoice, unapplied))
    rest = [case for case in group if case.reason is None] if unapplied.minor else group
    if not rest:
        return spare
    minimum = rules.minimum(unapplied.currency)
    if not spare and rest[0].invoice.balance.minor >= minimum:
        return 0  # one is enough, as nearly always: no balance here is below nothing
    owed = sum([case.invoice.balance.minor for case in rest]) - spare
    if owed < minimum:
        reason = why.below_minimum(Money(owed, unapplied.currency), Money(minimum, unapplied.currency))
        for case in rest:
            _drop(case, reason)
    return 0


def _drop(case: Case, reason: Reason) -> None:
    case.is_debt = False
    case.settle("leave", reason)
