"""Acts as they are planned: written once per key, each step of an invoice taken at most once.

What an act is, and its frozen body, is the scheduler's business; moving it on is `store.transitions`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from sqlalchemy import select, true, update
from sqlmodel import Session

from engine.history import FeeCharged
from engine.plan import Reason
from store import audit, money_history, tasks
from store.sql import insert_into, run, table_of
from store.tables import Action, ActionInvoice, Company, DiscountOffer

ACTION = table_of(Action)
TAKEN = table_of(ActionInvoice)
OFFER = table_of(DiscountOffer)

ASKED_FOR = frozenset({"hold_by_hand", "promise_shown", "fee_taken_back", "discount_accepted"})
"""Rules that carry out what a person has just said: nobody is asked to approve it once more."""
TURNED_DOWN = "turned down by"
"""How the outcome of an act begins that a person did not want: it is not planned again."""
UNDER_WAY = ("planned", "approved", "claimed", "held", "done")

_APPROVALS = {
    "remind": "A reminder waits for your approval",
    "discount_offer": "A discount offer waits for your approval",
    "statement": "A statement of account waits for your approval",
    "thank_you": "A word of thanks waits for your approval",
    "deliver": "An invoice waits for your approval to be sent",
    "fee": "A late fee waits for your approval",
    "fee_reversal": "A late fee to take back waits for your approval",
    "discount_credit": "The credit for a discount waits for your approval",
    "hold": "A credit hold waits for your approval",
    "release": "The end of a credit hold waits for your approval",
}


class Offered(Struct, frozen=True):
    """What an offer lets a customer take off an invoice, and the last day."""

    invoice_id: str
    percent: Decimal
    until_on: date


class PlannedAct(Struct, frozen=True, kw_only=True):
    """One act to be recorded. `invoices` are (invoice id, step) that it takes; `body` is JSON, frozen."""

    kind: str
    """remind, discount_offer, statement, thank_you, deliver, fee, fee_reversal, discount_credit, expect, hold, release,
    note."""
    key: str
    after_key: str = ""
    step: int = 0
    invoices: tuple[tuple[str, int], ...] = ()
    charges: tuple[FeeCharged, ...] = ()
    """What a fee charges, invoice by invoice."""
    offered: Offered | None = None
    """The terms of a discount offer."""
    needs_approval: bool = False
    """Waits for a person whatever the company's mode."""
    by_hand: str = ""
    """What a person has to do in books that we cannot write, before they approve it; whoever asked for it."""
    body: str
    not_before_at: datetime | None = None


class Planning(Struct, frozen=True, kw_only=True):
    """What all acts of one plan have in common."""

    company: Company
    customer_id: str
    run_id: int | None
    now: datetime
    today: date


def record_acts(session: Session, planning: Planning, reason: Reason, acts: Sequence[PlannedAct]) -> list[str]:
    """Write the acts of one action in their order; returns the keys of those that are new.

    A key that is there already changes nothing, unless its act was cancelled: then it is planned anew. An act whose
    step another one has taken is left out, and so is whatever waits for it.
    """
    written: list[str] = []
    left_out: set[str] = set()
    for act in acts:
        state = _state(session, planning.company, act.key)
        if state in UNDER_WAY:
            continue
        if (
            state in ("failed", TURNED_DOWN)
            or act.after_key in left_out
            or not _take_steps(session, planning.company, act)
        ):
            left_out.add(act.key)
            continue
        _write(session, planning, reason, act, is_new=state is None)
        written.append(act.key)
    return written


def _write(session: Session, planning: Planning, reason: Reason, act: PlannedAct, *, is_new: bool) -> None:
    row = _row(planning, reason, act)
    if is_new:
        run(session, insert_into(session, ACTION).values(**row))
    else:
        revived = row | {"claimed_by": "", "claimed_at": None, "ended_at": None, "outcome": ""}
        here = (ACTION.c.company_id == planning.company.id) & (ACTION.c.key == act.key)
        run(session, update(ACTION).where(here, ACTION.c.state == "cancelled").values(**revived))
    if act.charges:
        money_history.put_charges(session, row["company_id"], act.key, act.charges)
    if act.offered:
        put_offer(session, row["company_id"], act.key, act.offered)
    details = {"key": act.key, "kind": act.kind, "customer": planning.customer_id, "why": reason.sentence}
    audit.append(session, row["company_id"], planning.now, audit.MACHINE, "planned", details)
    if row["state"] == "planned" and not act.after_key:
        tasks.open_task(
            session,
            row["company_id"],
            kind="approve",
            subject=act.key,
            customer_id=planning.customer_id,
            title=_APPROVALS.get(act.kind, "An act waits for your approval"),
            detail=f"{reason.sentence} {act.by_hand}".strip(),
            now=planning.now,
        )


def put_offer(session: Session, company_id: int, key: str, offered: Offered) -> None:
    """Keep what the offer with this key promises, in place of what an earlier wording of it did."""
    run(session, OFFER.delete().where(OFFER.c.company_id == company_id, OFFER.c.action_key == key))
    row = {"invoice_id": offered.invoice_id, "percent": offered.percent, "until_on": offered.until_on}
    run(session, insert_into(session, OFFER).values(company_id=company_id, action_key=key, **row))


def _row(planning: Planning, reason: Reason, act: PlannedAct) -> dict[str, Any]:
    return {
        "company_id": planning.company.id,
        "key": act.key,
        "after_key": act.after_key,
        "kind": act.kind,
        "customer_id": planning.customer_id,
        "state": "approved" if _goes_ahead(planning.company, reason, act) else "planned",
        "step": act.step,
        "planned_on": planning.today,
        "not_before_at": act.not_before_at,
        "body": act.body,
        "rule": reason.rule,
        "reason": reason.sentence,
        "run_id": planning.run_id,
        "attempts": 0,
        "created_at": planning.now,
    }


def _goes_ahead(company: Company, reason: Reason, act: PlannedAct) -> bool:
    """Whether nobody needs to approve the act first."""
    if act.by_hand:
        return False
    return reason.rule in ASKED_FOR or (company.mode == "automatic" and not act.needs_approval)


def _state(session: Session, company: Company, key: str) -> str | None:
    """The act's state, `TURNED_DOWN` where a person ended it; None for a key that is new."""
    wanted = select(ACTION.c.state, ACTION.c.outcome).where(ACTION.c.company_id == company.id, ACTION.c.key == key)
    found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    is_unwanted = found.state == "cancelled" and found.outcome.startswith(TURNED_DOWN)
    return TURNED_DOWN if is_unwanted else found.state


def _take_steps(session: Session, company: Company, act: PlannedAct) -> bool:
    """Take every step that the act needs, or none. The unique index decides, whoever else is at it."""
    here = (TAKEN.c.company_id == company.id) & (TAKEN.c.action_key == act.key) & (TAKEN.c.is_live == true())
    if session.execute(select(TAKEN.c.id).where(here).limit(1)).first():
        return False  # a person turned the act down: it keeps its steps
    rows = [
        {"company_id": company.id, "action_key": act.key, "invoice_id": invoice_id, "kind": act.kind, "step": step}
        for invoice_id, step in act.invoices
        # Step 0 of a reminder only mentions the invoice, which it may do any number of times.
        if step or act.kind != "remind"
    ]
    taken = run(session, insert_into(session, TAKEN).on_conflict_do_nothing(), rows)
    if taken == len(rows):
        return True
    run(session, TAKEN.delete().where(here))
    return False
