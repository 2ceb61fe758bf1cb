"""What an act leaves behind once it happened, or may have: a contact, a hold that is on, a question to a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlmodel import Session

from store import attention, outbox, policies, tasks
from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import Action, ActionInvoice, ContactEvent, CustomerWish, Invoice

CONTACT = table_of(ContactEvent)
TAKEN = table_of(ActionInvoice)
INVOICE = table_of(Invoice)
WISH = table_of(CustomerWish)

MESSAGES = ("remind", "discount_offer", "statement", "thank_you")
SPOKEN = (*MESSAGES, "deliver")
"""What reaches the customer: it keeps to the send window, and the volume brake counts it."""

_QUESTIONS = {
    "held_action": "Did this go out? Nobody can tell",
    "failed_action": "This was refused and will not be tried again",
}


def of_done(session: Session, company_id: int, act: Action, now: datetime) -> None:
    """A message is counted against the contact budget; a hold or release becomes the customer's standing."""
    if act.kind in MESSAGES:
        count_contact(session, company_id, act, now)
    elif act.kind in ("hold", "release"):
        _set_hold(session, company_id, act, now)


def count_contact(session: Session, company_id: int, act: Action, now: datetime) -> None:
    """Once per act and customer, whatever is repeated: a sub-customer's invoice told of to its parent is a contact of
    both. Acts that say nothing to the customer count nothing."""
    here = (CONTACT.c.company_id == company_id) & (CONTACT.c.action_key == act.key)
    if act.kind not in MESSAGES or session.execute(select(CONTACT.c.id).where(here)).first():
        return
    row = {"company_id": company_id, "kind": act.kind, "action_key": act.key}
    row |= {"on": policies.local_day(session, company_id, now), "at": now}
    rows = [row | {"customer_id": name} for name in sorted({act.customer_id} | _owners(session, company_id, act))]
    run(session, insert_into(session, CONTACT), rows)


def _owners(session: Session, company_id: int, act: Action) -> set[str]:
    """Whose invoices the act takes a step of; merged customers as their survivors."""
    here = and_(TAKEN.c.company_id == INVOICE.c.company_id, TAKEN.c.invoice_id == INVOICE.c.id)
    wanted = select(INVOICE.c.customer_id).join(TAKEN, here).where(INVOICE.c.company_id == company_id)
    names = set(session.scalars(wanted.where(TAKEN.c.action_key == act.key)))
    ends = attention.survivors(session, company_id) if names - {act.customer_id} else {}
    return {ends.get(name, name) for name in names}


def call_made(session: Session, company_id: int, customer_id: str, now: datetime) -> None:
    """A person called the customer: a contact like any other, which also answers the ladder's step."""
    _person(session, company_id, customer_id, "call", now)


def person_in_touch(session: Session, company_id: int, customer_id: str, now: datetime) -> None:
    """The customer turned to a person, or a person to them: messages wait a while, as the policy says."""
    _person(session, company_id, customer_id, "human", now)


def _person(session: Session, company_id: int, customer_id: str, kind: str, now: datetime) -> None:
    row = {"company_id": company_id, "customer_id": customer_id, "kind": kind, "action_key": ""}
    day = policies.local_day(session, company_id, now)
    run(session, insert_into(session, CONTACT).values(**row, on=day, at=now))
    attention.touch(session, company_id, [customer_id])


def of_turned_down(session: Session, company_id: int, act: Action) -> None:
    """Whoever turns down a hold, or its end, has decided on the customer's credit: it stays so until a person says
    otherwise."""
    if act.kind in ("hold", "release"):
        reason = f"the {'hold' if act.kind == 'hold' else 'release'} was turned down"
        _put_standing(session, company_id, act.customer_id, {"hold_is_manual": True, "hold_reason": reason})


def uncount_contact(session: Session, company_id: int, act: Action) -> None:
    """The message turned out not to have gone."""
    here = (CONTACT.c.company_id == company_id) & (CONTACT.c.action_key == act.key)
    run(session, CONTACT.delete().where(here))


def ask_person(session: Session, company_id: int, act: Action, kind: str, why: str, now: datetime) -> None:
    """Put an act on the list of things that only a person can settle."""
    tasks.open_task(
        session,
        company_id,
        kind=kind,
        subject=act.key,
        customer_id=act.customer_id,
        title=_QUESTIONS[kind],
        detail=f"{act.reason} {why}".strip(),
        now=now,
        invoice_ids=_spoken_of(session, company_id, act) if kind == "failed_action" else (),
    )


def _spoken_of(session: Session, company_id: int, act: Action) -> Sequence[str]:
    """The invoices that a message takes a step of: refused, it is of no more use once they are paid."""
    if act.kind not in SPOKEN:
        return ()
    here = (TAKEN.c.company_id == company_id) & (TAKEN.c.action_key == act.key)
    return session.scalars(select(TAKEN.c.invoice_id).where(here).order_by(TAKEN.c.invoice_id)).all()


def _set_hold(session: Session, company_id: int, act: Action, now: datetime) -> None:
    is_on = act.kind == "hold"
    since = policies.local_day(session, company_id, now) if is_on else None
    _put_standing(session, company_id, act.customer_id, {"is_on_hold": is_on, "hold_since_on": since})
    outbox.put(
        session, company_id, outbox.hold_kind(is_on), {"customer_id": act.customer_id, "reason": act.reason}, now
    )


def _put_standing(session: Session, company_id: int, customer_id: str, told: dict[str, Any]) -> None:
    wish = Scope(session, company_id).get(CustomerWish, customer_id=customer_id)
    wish = wish or CustomerWish(company_id=company_id, customer_id=customer_id)
    statement = insert_into(session, WISH).values(**(wish.model_dump() | told))
    run(session, statement.on_conflict_do_update(index_elements=["company_id", "customer_id"], set_=told))
