"""Decisions: the answer about every invoice and customer, kept as a new row only when it changes."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import json
from sqlalchemy import select, true, update
from sqlmodel import Session

from engine.plan import Decision as Decided
from engine.plan import Plan
from store.bulk import upsert
from store.sql import chunks, run, table_of
from store.tables import AccountState, Decision

DECISION = table_of(Decision)
STATE = table_of(AccountState)

Answer: TypeAlias = tuple[str, str, str, str]
"""(invoice id or "", outcome, rule, figures as JSON): what makes two decisions the same."""


def record_decisions(session: Session, company_id: int, plan: Plan, policy_version: int, run_id: int | None) -> None:
    """Carry on the answers that still hold, close the ones that do not, and write the new ones."""
    told = {_answer(decision): decision for decision in plan.decisions}
    holding: list[int] = []
    closed: list[int] = []
    current = select(DECISION).where(DECISION.c.company_id == company_id, DECISION.c.customer_id == plan.customer_id)
    for row in session.execute(current.where(DECISION.c.is_current == true())):
        holds = told.pop((row.invoice_id, row.outcome, row.rule, row.figures), None) is not None
        (holding if holds else closed).append(row.id)
    for ids, change in ((holding, {"last_on": plan.on}), (closed, {"is_current": False})):
        for some in chunks(ids):
            run(session, update(DECISION).where(DECISION.c.id.in_(some)).values(**change))
    common = {"company_id": company_id, "customer_id": plan.customer_id, "policy_version": policy_version}
    common |= {"first_on": plan.on, "last_on": plan.on, "run_id": run_id}
    run(session, DECISION.insert(), [common | _row(answer, decision) for answer, decision in told.items()])


def record_state(session: Session, company_id: int, plan: Plan) -> None:
    """The account is decided: nothing to do until `look_again_on`, unless something touches it."""
    row = {"company_id": company_id, "customer_id": plan.customer_id, "is_touched": False}
    upsert(session, STATE, [row | {"look_again_on": plan.look_again_on, "decided_on": plan.on}])


def _answer(decision: Decided) -> Answer:
    figures = json.encode(decision.reason.figures, order="sorted").decode()
    return decision.invoice_id or "", decision.outcome, decision.reason.rule, figures


def _row(answer: Answer, decision: Decided) -> dict[str, Any]:
    invoice_id, outcome, rule, figures = answer
    sentence = decision.reason.sentence
    return {"invoice_id": invoice_id, "outcome": outcome, "rule": rule, "figures": figures, "sentence": sentence}
