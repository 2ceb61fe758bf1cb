"""Payment plans for a page: each instalment with what is unpaid of it, and where the plan stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct
from sqlmodel import Session

from engine.history import Instalment
from engine.instalments import unpaid
from engine.money import Money
from store import policies
from store.plans import owed
from store.scope import Scope
from store.sql import table_of
from store.tables import Invoice, PaymentPlan, PlanPart

INVOICE = table_of(Invoice)
PART = table_of(PlanPart)
PLAN = table_of(PaymentPlan)

State = Literal["kept", "late", "broken", "ended", "paid"]


class PartTold(Struct, frozen=True, kw_only=True):
    """One instalment over all invoices of its plan. `position` counts from 1."""

    position: int
    due_on: date
    amount: Money
    unpaid: Money


class PlanTold(Struct, frozen=True, kw_only=True):
    """A plan for a page: where it stands today."""

    plan: PaymentPlan
    invoices: tuple[str, ...]
    """Numbers of its invoices."""
    parts: tuple[PartTold, ...]
    state: State


def payment_plans(session: Session, company_id: int, customer_ids: Sequence[str], today: date) -> tuple[PlanTold, ...]:
    """The plans of these customers, the latest first."""
    scope = Scope(session, company_id)
    plans = scope.all(scope.select(PaymentPlan).where(PLAN.c.customer_id.in_(customer_ids)).order_by(PLAN.c.id.desc()))
    broken_after = timedelta(days=policies.current(session, company_id).promises.plan_broken_after_days)
    return tuple(_told(scope, plan, today, broken_after) for plan in plans)


def _told(scope: Scope, plan: PaymentPlan, today: date, broken_after: timedelta) -> PlanTold:
    of_invoice: dict[str, list[Instalment]] = {}
    wanted = scope.select(PlanPart).where(PART.c.plan_id == plan.id).order_by(PART.c.number)
    for row in scope.all(wanted):
        one = Instalment(row.number, row.due_on, Money(row.amount, plan.currency))
        of_invoice.setdefault(row.invoice_id, []).append(one)
    invoices = scope.all(scope.select(Invoice).where(INVOICE.c.id.in_(list(of_invoice))))
    parts = tuple(_parts(plan, of_invoice, {invoice.id: invoice for invoice in invoices}))
    numbers = tuple(invoice.number or invoice.id for invoice in invoices)
    return PlanTold(plan=plan, invoices=numbers, parts=parts, state=_state(plan, parts, today, broken_after))


def _parts(
    plan: PaymentPlan, of_invoice: Mapping[str, Sequence[Instalment]], invoices: Mapping[str, Invoice]
) -> Iterator[PartTold]:
    """The instalments, each over all the invoices that it pays."""
    sums: dict[int, tuple[date, int, int]] = {}
    for invoice_id, instalments in of_invoice.items():
        invoice = invoices.get(invoice_id)
        is_open = invoice is not None and invoice.status == "open"
        for part, left in unpaid(instalments, owed(invoice) if invoice and is_open else Money.zero(plan.currency)):
            _, amount, unpaid_so_far = sums.get(part.number, (part.due_on, 0, 0))
            sums[part.number] = (part.due_on, amount + part.amount.minor, unpaid_so_far + left)
    for position, (due_on, amount, left) in enumerate((sums[number] for number in sorted(sums)), 1):
        yield PartTold(
            position=position, due_on=due_on, amount=Money(amount, plan.currency), unpaid=Money(left, plan.currency)
        )


def _state(plan: PaymentPlan, parts: Sequence[PartTold], today: date, broken_after: timedelta) -> State:
    open_on = next((part.due_on for part in parts if part.unpaid.minor), None)
    if open_on is None:
        return "paid"
    if plan.ended_on is not None:
        return "ended"
    if today > open_on + broken_after:
        return "broken"
    return "late" if today > open_on else "kept"
