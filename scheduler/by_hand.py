"""Acts for books that can only be read: documents that a person makes there before they approve the act here.

So whatever is remembered of an act, what a fee charges and that it is never charged twice, is remembered all the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from engine.money import Money
from scheduler.doing import Body, Deliver, GrantCredit, MakeFee, UndoFee, decode_body
from store.ledger import PlannedAct


def by_hand(acts: Sequence[PlannedAct]) -> list[PlannedAct]:
    """The acts that make sense there, each document with what a person has to do first."""
    bodies = [(act, decode_body(act.body)) for act in acts]
    wanted = [(act, body) for act, body in bodies if not isinstance(body, Deliver)]
    return [replace(act, by_hand=_task(body)) for act, body in wanted]


def _task(body: Body) -> str:
    """What to do in one's own books; empty for what Dunwell does itself."""
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
