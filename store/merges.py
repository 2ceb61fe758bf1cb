"""Customers that the platform merged: what people said of them, and what waits for them, moves to the survivor.

The documents keep the customer they name, so that a page read again finds them unchanged; `store.accounts` puts an
account together on reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session

from store import attention, transitions
from store.bulk import upsert
from store.scope import Scope
from store.sql import run, table_of
from store.tables import ContactEvent, CustomerWish, Task

WISH = table_of(CustomerWish)
CONTACT = table_of(ContactEvent)
TASK = table_of(Task)


def move_open_state(session: Session, company_id: int, merged: Iterable[str], now: datetime) -> None:
    """Hand wishes, contacts and tasks of newly merged customers to their survivors; what was to go out is dropped."""
    ends = attention.survivors(session, company_id)
    for customer_id in merged:
        survivor = ends.get(customer_id, customer_id)
        if survivor == customer_id:
            continue
        _move_wish(session, company_id, customer_id, survivor)
        for table in (CONTACT, TASK):
            here = (table.c.company_id == company_id) & (table.c.customer_id == customer_id)
            run(session, update(table).where(here).values(customer_id=survivor))
        transitions.cancel_open(session, company_id, customer_id, why="the customer was merged into another", now=now)


def _move_wish(session: Session, company_id: int, customer_id: str, survivor: str) -> None:
    """The stricter of two wishes stands: whoever asked not to be chased is not chased under another name."""
    scope = Scope(session, company_id)
    wish = scope.get(CustomerWish, customer_id=customer_id)
    if wish is None:
        return
    other = scope.get(CustomerWish, customer_id=survivor) or CustomerWish(company_id=company_id, customer_id=survivor)
    joined = wish.model_dump() | {
        "customer_id": survivor,
        "do_not_chase": wish.do_not_chase or other.do_not_chase,
        "opted_out_at": wish.opted_out_at or other.opted_out_at,
        "is_paused": wish.is_paused or other.is_paused,
        "paused_until_on": _later_pause(wish, other),
        "is_on_hold": wish.is_on_hold or other.is_on_hold,
        "hold_since_on": min((day for day in (wish.hold_since_on, other.hold_since_on) if day), default=None),
        "hold_is_manual": wish.hold_is_manual or other.hold_is_manual,
        "is_fee_exempt": wish.is_fee_exempt or other.is_fee_exempt,
        "is_consumer": wish.is_consumer or other.is_consumer,
        "hold_reason": "; ".join(reason for reason in (other.hold_reason, wish.hold_reason) if reason),
        "reviewed_on": max((day for day in (wish.reviewed_on, other.reviewed_on) if day), default=None),
        "note": "\n".join(note for note in (other.note, wish.note) if note),
    }
    if other.credit_limit is not None:
        joined |= {"credit_limit": other.credit_limit, "credit_currency": other.credit_currency}
    if other.override_limit is not None:
        joined |= {name: getattr(other, name) for name in ("override_limit", "override_currency", "override_until_on")}
    if other.unbilled is not None:
        joined |= {"unbilled": other.unbilled, "unbilled_currency": other.unbilled_currency}
    upsert(session, WISH, [joined])
    run(session, WISH.delete().where(WISH.c.company_id == company_id, WISH.c.customer_id == customer_id))


def _later_pause(wish: CustomerWish, other: CustomerWish) -> object:
    """The later end of the two pauses; None, which is without end, goes before any day."""
    ends = [each.paused_until_on for each in (wish, other) if each.is_paused]
    return max((day for day in ends if day), default=None) if None not in ends else None
