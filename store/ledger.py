"""The action ledger: what was decided and is to be done, recorded before anything is done, and how it moves on.

`record_plan` is the door in; the moves, made one by one with what they leave behind, are in `store.transitions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlmodel import Session

from engine.plan import Action, AskPerson, Plan
from store import tasks
from store.acts import Offered, PlannedAct, Planning, put_offer, record_acts
from store.decisions import record_decisions, record_state
from store.tables import Company
from store.transitions import (
    approve,
    cancel,
    cancel_open,
    claim,
    done,
    failed,
    hold,
    next_acts,
    next_waiting_at,
    put_off,
    reject,
    release_claim,
    resolve_held,
    retry_at,
    reword,
    stuck_claims,
    waiting_messages,
)

__all__ = [
    "Offered",
    "PlannedAct",
    "approve",
    "cancel",
    "cancel_open",
    "claim",
    "done",
    "failed",
    "hold",
    "next_acts",
    "next_waiting_at",
    "put_off",
    "put_offer",
    "record_plan",
    "reject",
    "release_claim",
    "resolve_held",
    "retry_at",
    "reword",
    "stuck_claims",
    "waiting_messages",
]

_TITLES = {
    "missing_email": "An email address is missing",
    "review_old_debt": "Old debt to look through",
    "call": "A customer to call",
    "never_sent": "An invoice was never sent",
    "fee_rate": "A reference rate to look up",
    "credit_new_customer": "A new customer's credit to look at",
    "credit_review": "A credit limit to look at again",
    "terms_tighter": "A slow payer: other terms?",
    "terms_wider": "A good payer: a higher limit?",
    "handover": "Debt to hand over",
    "write_off": "Debt to write off",
    "late_discount": "A discount was taken late",
}


def record_plan(
    session: Session,
    company: Company,
    plan: Plan,
    policy_version: int,
    run_id: int | None,
    now: datetime,
    today: date,
    bodies: Callable[[Action], Sequence[PlannedAct]],
) -> list[str]:
    """Record one account's plan in the caller's transaction; returns the keys of acts that are new.

    `bodies` turns an action into the acts it takes, frozen. In observe mode nothing is recorded to be done. Recording
    the same plan again changes nothing.
    """
    company_id = _id_of(company)
    record_decisions(session, company_id, plan, policy_version, run_id)
    record_state(session, company_id, plan)
    planning = Planning(company=company, customer_id=plan.customer_id, run_id=run_id, now=now, today=today)
    written: list[str] = []
    for action in plan.actions:
        if isinstance(action, AskPerson):
            _ask(session, company_id, action, now)
        elif company.mode != "observe":
            written += record_acts(session, planning, action.reason, bodies(action))
    return written


def _ask(session: Session, company_id: int, action: AskPerson, now: datetime) -> None:
    tasks.open_task(
        session,
        company_id,
        kind=action.kind,
        subject=action.subject,
        customer_id=action.customer_id,
        title=_TITLES.get(action.kind, "Something needs you"),
        detail=action.reason.sentence,
        now=now,
        invoice_ids=action.invoice_ids,
    )


def _id_of(company: Company) -> int:
    if company.id is None:
        raise LookupError("the company is not stored yet")
    return company.id
