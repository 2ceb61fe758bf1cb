"""Why a customer gets credit, or none."""

from __future__ import annotations

from engine.account import Invoice
from engine.calendar import add_days
from engine.money import Money
from engine.plan import Figure
from engine.reasons.rule import Told, rule
from engine.reasons.words import count_days, name


@rule("Credit hold: long overdue")
def hold_overdue(invoice: Invoice, hold_days: int) -> Told:
    hold_on = add_days(invoice.due_on, hold_days)
    when = f"{hold_on}, {count_days(hold_days)} later"
    sentence = f"No new credit: {name(invoice)}, due {invoice.due_on}, was still owed on {when}."
    figures: dict[str, Figure] = {"due_on": invoice.due_on, "hold_days_overdue": hold_days, "hold_on": hold_on}
    return sentence, figures | {"balance": str(invoice.balance)}


@rule("Credit hold: over the limit")
def hold_over_limit(exposure: Money, limit: Money) -> Told:
    sentence = f"No new credit: {exposure} is open, above the limit of {limit}."
    return sentence, {"exposure": str(exposure), "limit": str(limit)}


@rule("Credit hold: still close to the limit")
def hold_near_limit(exposure: Money, limit: Money, release_percent: int) -> Told:
    sentence = (
        f"No new credit yet: {exposure} is open, and the hold goes at {release_percent}% of the limit of {limit}."
    )
    return sentence, {"exposure": str(exposure), "limit": str(limit), "release_percent": release_percent}


@rule("Credit hold: broken promises")
def hold_broken_promises(broken: int, most: int) -> Told:
    sentence = f"No new credit while anything is overdue: {broken} promises broken in twelve months, {most} are enough."
    return sentence, {"broken_promises": broken, "hold_broken_promises": most}


@rule("Credit hold: returned payments")
def hold_returned_payments(returned: int, most: int) -> Told:
    sentence = (
        f"No new credit while anything is overdue: {returned} payments returned in twelve months, {most} are enough."
    )
    return sentence, {"returned_payments": returned, "hold_returned_payments": most}


@rule("Credit hold released")
def hold_released(hold_days: int | None, exposure: Money | None, limit: Money | None) -> Told:
    parts = [] if hold_days is None else [f"nothing is {count_days(hold_days)} overdue"]
    if exposure is not None and limit is not None:
        parts.append(f"{exposure} is open, within the limit of {limit}")
    why = " and ".join(parts) or "no rule asks for it"
    figures: dict[str, Figure] = {"hold_days_overdue": hold_days}
    if exposure is not None:
        figures["exposure"], figures["limit"] = str(exposure), str(limit)
    return f"Credit again: {why}.", figures


@rule("A person decides on this customer's credit")
def hold_manual(is_on_hold: bool, reason: str) -> Told:
    what = "put this customer on hold" if is_on_hold else "gave this customer credit"
    return f"A person {what}{f' ({reason})' if reason else ''}: it stays so until a person changes it.", {}


@rule("A person decides on this customer's credit: shown on the platform")
def hold_by_hand(is_on_hold: bool, reason: str) -> Told:
    what = "put this customer on hold" if is_on_hold else "lifted the hold"
    return f"A person {what}{f': {reason}' if reason else ''}.", {}


@rule("Credit hold left as it is")
def hold_kept(why: str) -> Told:
    return f"The credit hold stays as it is: {why}.", {}


@rule("Within the credit limit")
def within_limit(exposure: Money, limit: Money) -> Told:
    figures: dict[str, Figure] = {"exposure": str(exposure), "limit": str(limit)}
    return f"{exposure} is open, within the limit of {limit}.", figures


@rule("No credit: the order does not fit under the limit")
def order_over_limit(order: Money, exposure: Money, limit: Money) -> Told:
    figures: dict[str, Figure] = {"order": str(order), "exposure": str(exposure), "limit": str(limit)}
    return f"No credit for {order}: {exposure} is open already, and the limit is {limit}.", figures


@rule("No credit: inactive in the books")
def credit_inactive(customer: str) -> Told:
    return f"No new credit: {customer} is inactive in the books.", {}


@rule("Credit: no hold and no limit")
def credit_free(customer: str) -> Told:
    return f"{customer} is not on hold, and no limit is set.", {}
