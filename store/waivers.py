"""Fees that people take back: noted here, taken out of the books by the next run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, select
from sqlmodel import Session

from engine.history import FeeForgiven
from engine.keys import fee_reversal_key
from store import attention, audit, companies
from store.scope import Scope, any_of, of_company
from store.sql import chunks, insert_into, run, table_of
from store.tables import Action, FeeCharge, FeeWaiver

ACTION = table_of(Action)
CHARGE = table_of(FeeCharge)
WAIVER = table_of(FeeWaiver)

_WAIVED = of_company(FeeWaiver).where(any_of(WAIVER.c.customer_id))


def waive(session: Session, company_id: int, fee_key: str, why: str, now: datetime, by: str) -> str:
    """Take back the fee that this act charged; returns whose it was.

    Raises LookupError where the company has made no such fee. Saying it twice changes nothing.
    """
    act = Scope(session, company_id).get(Action, key=fee_key)
    if act is None or act.kind != "fee" or act.state != "done":
        raise LookupError(f"there is no fee {fee_key} in the books")
    row = {"company_id": company_id, "action_key": fee_key, "customer_id": act.customer_id, "why": why}
    statement = insert_into(session, WAIVER).values(**row, said_by=by, said_at=now).on_conflict_do_nothing()
    if run(session, statement):
        details = {"customer": act.customer_id, "key": fee_key, "why": why}
        audit.append(session, company_id, now, by, "late fee taken back", details)
        attention.touch(session, company_id, [act.customer_id])
        companies.bring_forward(session, company_id, now)
    return act.customer_id


def forgiven(
    scope: Scope, standing: Mapping[str, str], without_acts: frozenset[str]
) -> dict[str, tuple[FeeForgiven, ...]]:
    """By account, fees to be taken back whose taking back has not come to an end; `standing` maps customers to their
    accounts."""
    company = str(scope.company_id)
    rows = [row for names in chunks(standing) for row in scope.ask(_WAIVED, names=names)]
    if not rows:
        return {}
    charged = _charged(scope, [row.action_key for row in rows])
    over = _ended(scope, [fee_reversal_key(company, row.action_key) for row in rows]) - without_acts
    found: dict[str, list[FeeForgiven]] = {}
    for row in rows:
        if fee_reversal_key(company, row.action_key) not in over:
            one = FeeForgiven(key=row.action_key, invoice_ids=tuple(charged.get(row.action_key, ())), why=row.why)
            found.setdefault(standing[row.customer_id], []).append(one)
    return {name: tuple(fees) for name, fees in found.items()}


def _charged(scope: Scope, keys: list[str]) -> dict[str, list[str]]:
    wanted = select(CHARGE.c.action_key, CHARGE.c.invoice_id).where(CHARGE.c.company_id == scope.company_id)
    found: dict[str, list[str]] = {}
    for row in scope.session.execute(wanted.where(CHARGE.c.action_key.in_(keys)).order_by(CHARGE.c.invoice_id)):
        found.setdefault(row.action_key, []).append(row.invoice_id)
    return found


def _ended(scope: Scope, keys: list[str]) -> frozenset[str]:
    over = and_(ACTION.c.key.in_(keys), ACTION.c.state.in_(("done", "failed")))
    return frozenset(scope.session.scalars(select(ACTION.c.key).where(ACTION.c.company_id == scope.company_id, over)))
