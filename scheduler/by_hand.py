"""Acts for books in which we cannot make every document: a person makes it there, then approves the act here.

So whatever is remembered of an act, what a fee charges and that it is never charged twice, is remembered all the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from connectors.ports import Platform
from engine.money import Money
from scheduler.doing import Body, Deliver, GrantCredit, MakeFee, UndoFee, decode_body
from store.ledger import PlannedAct


def by_hand(acts: Sequence[PlannedAct], platform: Platform) -> list[PlannedAct]:
    """The acts that make sense there, each document that we cannot make with what a person has to do first."""
    bodies = [(act, decode_body(act.body)) for act in acts]
    return [
        replace(act, by_hand=_task(body)) if is_by_hand(body, platform) else act
        for act, body in bodies
        if platform.takes_writing or not isinstance(body, Deliver)
    ]


def is_by_hand(body: Body, platform: Platform) -> bool:
    """Whether a person makes this document. Their approval says that it is made: it stands whatever the books say then,
    for making it may have settled what it was decided on."""
    is_document = isinstance(body, MakeFee | GrantCredit | UndoFee)
    return is_document and not (
        platform.takes_writing and (platform.takes_credits or not isinstance(body, GrantCredit))
    )


def _task(body: Body) -> str:
    """What to do in one's own books."""
    match body:
        case MakeFee():
            amount = Money(body.order.amount, body.order.currency)
            return f"Make an invoice of {amount} with the number {body.order.reference} in your books, then approve."
        case GrantCredit():
            amount = Money(body.order.amount, body.order.currency)
            return f"Make a credit of {amount} with the number {body.order.reference} in your books, then approve."
        case UndoFee():
            return f"Take the invoice {body.reference} out of your books, then approve."
        case _:
            return ""
