"""Money history: what customers paid on their invoices and when, and what fees of ours charge for them.

Reads for `store.accounts`, in bulk; asked for only where a policy rests on them. Writing a fee's charges is here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, func, select, true, union_all
from sqlmodel import Session

from engine.books import CreditKind, DocumentStatus
from engine.history import FeeCharged, Received
from engine.money import Money
from store.bulk import insert_many
from store.scope import Scope
from store.sql import among, chunks, run, table_of
from store.tables import Action, ActionInvoice, Allocation, CreditNote, FeeCharge, Invoice, Payment

ACTION = table_of(Action)
ALLOCATION = table_of(Allocation)
CHARGE = table_of(FeeCharge)
CREDIT = table_of(CreditNote)
PAYMENT = table_of(Payment)
TAKEN = table_of(ActionInvoice)

_APPLIED = (ALLOCATION.c.invoice_id, ALLOCATION.c.amount, ALLOCATION.c.currency)
MONEY = (CreditKind.OVERPAYMENT.value, CreditKind.PREPAYMENT.value)
"""Kinds of credit that are money which came in, before or beyond what was billed."""


def payments(scope: Scope, invoices: Iterable[Invoice]) -> dict[str, tuple[Received, ...]]:
    """By invoice, all money applied to it, each with the day on which it came in; oldest first."""
    rows = list(invoices)
    found: dict[str, list[Received]] = {
        row.id: [Received(row.issued_on, Money(row.paid_at_issue, row.currency))] for row in rows if row.paid_at_issue
    }
    for some in chunks(row.id for row in rows):
        here = (ALLOCATION.c.company_id == scope.company_id) & among(scope.session, ALLOCATION.c.invoice_id, some)
        for row in scope.session.execute(union_all(_paid().where(here), _prepaid().where(here))):
            amount = row.amount if row.used <= row.money else row.amount * max(0, row.money) // row.used
            if amount > 0:
                found.setdefault(row.invoice_id, []).append(Received(row.day, Money(amount, row.currency)))
    return {id: tuple(sorted(some, key=lambda received: received.on)) for id, some in found.items()}


def fees(scope: Scope, owners: Mapping[str, str], without_acts: frozenset[str]) -> dict[str, tuple[FeeCharged, ...]]:
    """By account, what fees of ours charge for its invoices; `owners` maps invoices to accounts.

    What a person turned down or took back is among them: it was forgiven. What was refused or cancelled is not.
    """
    taken = and_(
        TAKEN.c.company_id == CHARGE.c.company_id,
        TAKEN.c.action_key == CHARGE.c.action_key,
        TAKEN.c.invoice_id == CHARGE.c.invoice_id,
        TAKEN.c.is_live == true(),
    )
    act = and_(ACTION.c.company_id == CHARGE.c.company_id, ACTION.c.key == CHARGE.c.action_key)
    counts = select(CHARGE).join(TAKEN, taken).join(ACTION, act).where(ACTION.c.state != "failed")
    found: dict[str, list[FeeCharged]] = {}
    for some in chunks(owners):
        here = (CHARGE.c.company_id == scope.company_id) & among(scope.session, CHARGE.c.invoice_id, some)
        for row in scope.session.execute(counts.where(here).order_by(CHARGE.c.through_on, CHARGE.c.invoice_id)):
            if row.action_key not in without_acts:
                found.setdefault(owners[row.invoice_id], []).append(_charged(row))
    return {name: tuple(some) for name, some in found.items()}


def put_charges(session: Session, company_id: int, key: str, charges: Sequence[FeeCharged]) -> None:
    """Keep what the fee with this key charges, in place of what an earlier plan of it did."""
    run(session, CHARGE.delete().where(CHARGE.c.company_id == company_id, CHARGE.c.action_key == key))
    rows = [
        {
            "company_id": company_id,
            "action_key": key,
            "invoice_id": each.invoice_id,
            "through_on": each.through_on,
            "currency": each.fixed.currency,
            "fixed": each.fixed.minor,
            "interest": each.interest.minor,
        }
        for each in charges
    ]
    insert_many(session, CHARGE, rows)


def _charged(row: Row[Any]) -> FeeCharged:
    return FeeCharged(
        invoice_id=row.invoice_id,
        through_on=row.through_on,
        fixed=Money(row.fixed, row.currency),
        interest=Money(row.interest, row.currency),
    )


def _paid() -> Select[Any]:
    """Posted payments, with the money in each and all that it was used for: QuickBooks Online applies credits by way of
    payments, and what exceeds the money is credit, which nobody received."""
    every = ALLOCATION.alias("every")
    used = select(func.sum(every.c.amount)).where(
        every.c.company_id == ALLOCATION.c.company_id,
        every.c.source_kind == ALLOCATION.c.source_kind,
        every.c.source_id == ALLOCATION.c.source_id,
    )
    source = and_(PAYMENT.c.company_id == ALLOCATION.c.company_id, PAYMENT.c.id == ALLOCATION.c.source_id)
    columns = (*_APPLIED, PAYMENT.c.paid_on.label("day"), (PAYMENT.c.total - PAYMENT.c.unapplied).label("money"))
    wanted = select(*columns, used.scalar_subquery().label("used")).join(PAYMENT, source)
    return wanted.where(ALLOCATION.c.source_kind == "payment", PAYMENT.c.status == DocumentStatus.POSTED.value)


def _prepaid() -> Select[Any]:
    source = and_(
        CREDIT.c.company_id == ALLOCATION.c.company_id,
        CREDIT.c.kind == ALLOCATION.c.source_kind,
        CREDIT.c.id == ALLOCATION.c.source_id,
    )
    columns = (*_APPLIED, CREDIT.c.issued_on.label("day"), ALLOCATION.c.amount.label("money"))
    wanted = select(*columns, ALLOCATION.c.amount.label("used")).join(CREDIT, source)
    return wanted.where(CREDIT.c.kind.in_(MONEY), CREDIT.c.status == DocumentStatus.POSTED.value)
