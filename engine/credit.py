"""Credit: when a customer gets no new credit, and when it gets credit again.

Pure. A hold is placed when something is long overdue, more is open than the limit allows, or promises were broken and
payments returned; it goes a little below where it came, so that one small payment does not make it flicker. What a
person set stays as that person set it. Showing a hold on the platform is a connector's job.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.account import Account
from engine.books import InvoiceStatus
from engine.cases import Case, oldest_first
from engine.guards import is_customer_paused
from engine.money import Money
from engine.overview import NONE_SO_LATE, Overview
from engine.plan import Decision, PlaceHold, Reason, ReleaseHold
from engine.reasons import credit as why
from engine.rules import Rules


def judge(
    account: Account, cases: Sequence[Case], overview: Overview, rules: Rules, today: date
) -> tuple[PlaceHold | ReleaseHold | None, Decision | None]:
    """The act on the customer's credit, if one is due, and the decision that explains where its credit stands.

    There is no decision where there is nothing to say: no hold, and no limit to be within.
    """
    standing = account.credit
    if standing.is_manual and standing.is_on_hold != (standing.shown_since_on is not None):
        return _by_hand(account)
    if not can_act(account, rules, today):
        return None, _untouched(account, rules, today)
    limit = limit_on(account, rules, today)
    exposure = None if limit is None else exposure_in(account, limit.currency)
    reason = (
        _too_late(cases, overview, rules, standing.is_on_hold)
        or _too_much(exposure, limit, rules, standing.is_on_hold)
        or _too_unreliable(account, overview, rules)
    )
    if reason is not None:
        action = None if standing.is_on_hold else PlaceHold(customer_id=account.customer_id, reason=reason)
        return action, _about_customer("leave" if standing.is_on_hold else "hold", reason)
    if standing.is_on_hold:
        reason = why.hold_released(_release_days(rules), exposure, limit)
        return ReleaseHold(customer_id=account.customer_id, reason=reason), _about_customer("release", reason)
    if exposure is not None and limit is not None:
        return None, _about_customer("leave", why.within_limit(exposure, limit))
    return None, None


def can_act(account: Account, rules: Rules, today: date) -> bool:
    """Whether Dunwell decides on this customer's credit today."""
    return (
        rules.acts_on_credit
        and not account.credit.is_manual
        and account.is_active
        and not is_customer_paused(account, today)
    )


def limit_on(account: Account, rules: Rules, today: date) -> Money | None:
    """The limit that counts today: a temporary one through its last day, the customer's own, or the policy's."""
    standing = account.credit
    until_on = standing.override_until_on
    if standing.override_limit is not None and until_on is not None and today <= until_on:
        return standing.override_limit
    return standing.limit or rules.default_limit


def exposure_in(account: Account, currency: str) -> Money:
    """Open balances in `currency`, and what is ordered but not billed, less the money not yet applied.

    What is in dispute is not counted as owed. Documents in other currencies do not count: nothing is converted here.
    """
    owed = sum(
        invoice.balance.minor
        for invoice in account.invoices
        if invoice.status is InvoiceStatus.OPEN
        and not invoice.is_disputed
        and invoice.balance.currency == currency
        and invoice.balance.minor > 0
    )
    unbilled = account.credit.unbilled
    if unbilled is not None and unbilled.currency == currency:
        owed += max(0, unbilled.minor)
    unapplied = sum(max(0, amount.minor) for amount in account.unapplied if amount.currency == currency)
    return Money(max(0, owed - unapplied), currency)


def look_in(account: Account, overview: Overview, rules: Rules, today: date, *, is_held: bool) -> list[int]:
    """In how many days time alone could change the customer's credit; what is not above zero has been."""
    until_on = account.credit.override_until_on
    days = [] if until_on is None else [(until_on - today).days + 1]
    if not is_held and overview.oldest_debt > NONE_SO_LATE:
        if rules.hold_days is not None:
            days.append(rules.hold_days - overview.oldest_debt)
        if _has_lapsed(account, rules) is not None:
            days.append(1 - overview.oldest_debt)
    return days


def _release_days(rules: Rules) -> int | None:
    return rules.credit.release_days_overdue or rules.credit.hold_days_overdue


def _too_late(cases: Sequence[Case], overview: Overview, rules: Rules, is_held: bool) -> Reason | None:
    hold_days = rules.hold_days
    if hold_days is not None and is_held:
        hold_days = _release_days(rules)
    if hold_days is None or overview.oldest_debt < hold_days:
        return None
    oldest = [case for case in cases if case.is_debt and case.days == overview.oldest_debt]
    oldest.sort(key=oldest_first)
    return why.hold_overdue(oldest[0].invoice, hold_days)


def _too_much(exposure: Money | None, limit: Money | None, rules: Rules, is_held: bool) -> Reason | None:
    if exposure is None or limit is None:
        return None
    if exposure > limit:
        return why.hold_over_limit(exposure, limit)
    share = rules.credit.release_percent
    if is_held and exposure.minor * 100 > limit.minor * share:
        return why.hold_near_limit(exposure, limit, share)
    return None


def _too_unreliable(account: Account, overview: Overview, rules: Rules) -> Reason | None:
    """Broken promises and returned payments weigh only while something is overdue: who has paid up gets credit."""
    return _has_lapsed(account, rules) if overview.oldest_debt > 0 else None


def _has_lapsed(account: Account, rules: Rules) -> Reason | None:
    if not (account.promises or account.returned_payments):
        return None
    broken = sum([not promise.was_kept for promise in account.promises])
    most = rules.credit.hold_broken_promises
    if most is not None and broken >= most:
        return why.hold_broken_promises(broken, most)
    most = rules.credit.hold_returned_payments
    if most is not None and account.returned_payments >= most:
        return why.hold_returned_payments(account.returned_payments, most)
    return None


def _by_hand(account: Account) -> tuple[PlaceHold | ReleaseHold, Decision]:
    """Show on the platform what a person has said here: no rule is asked, and no pause stands in the way."""
    is_on_hold = account.credit.is_on_hold
    reason = why.hold_by_hand(is_on_hold, account.credit.hold_reason)
    action = PlaceHold if is_on_hold else ReleaseHold
    decision = _about_customer("hold" if is_on_hold else "release", reason)
    return action(customer_id=account.customer_id, reason=reason), decision


def _untouched(account: Account, rules: Rules, today: date) -> Decision | None:
    """Why a hold, or a customer's own limit, is not acted on."""
    standing = account.credit
    if standing.is_manual:
        return _about_customer("leave", why.hold_manual(standing.is_on_hold, standing.hold_reason))
    if not standing.is_on_hold:
        return None
    if not rules.credit.is_on:
        return _about_customer("leave", why.hold_kept("credit holds are switched off"))
    state = "paused" if is_customer_paused(account, today) else "inactive"
    return _about_customer("leave", why.hold_kept(f"the customer is {state}"))


def _about_customer(outcome: str, reason: Reason) -> Decision:
    return Decision(invoice_id=None, outcome=outcome, reason=reason)
