"""Plans to pay in parts: agreed with a customer, looked at by the ladder, ended by a person.

How much of a plan is paid is never written down: it follows from the balances of its invoices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, func, select, true, update
from sqlmodel import Session

from engine.history import Instalment
from engine.instalments import STEPS, Part, spread
from engine.money import Money
from engine.rounds import ROUND
from store import attention, audit, companies, policies
from store.bulk import insert_many
from store.scope import Scope, any_of
from store.sql import chunks, run, table_of
from store.tables import ActionInvoice, Invoice, InvoiceWish, PaymentPlan, PlanPart

INVOICE = table_of(Invoice)
PART = table_of(PlanPart)
PLAN = table_of(PaymentPlan)
TAKEN = table_of(ActionInvoice)
WISH = table_of(InvoiceWish)

_PARTS = (
    select(PART, PLAN.c.currency, PLAN.c.ended_on)
    .join(PLAN, (PLAN.c.company_id == PART.c.company_id) & (PLAN.c.id == PART.c.plan_id))
    .where(PART.c.company_id == bindparam("company_id"), any_of(PART.c.invoice_id))
    .order_by(PART.c.plan_id, PART.c.number)
)


class OfInvoice(Struct, frozen=True):
    """What the latest plan says of one invoice."""

    instalments: tuple[Instalment, ...]
    is_ended: bool


def plannable(session: Session, company_id: int, customer_id: str) -> list[Invoice]:
    """Open invoices of the account that a plan may be agreed for, the oldest first: not disputed, and in no plan."""
    scope = Scope(session, company_id)
    ends = attention.survivors(session, company_id)
    names = [customer_id, *(name for name, survivor in ends.items() if survivor == customer_id)]
    wanted = scope.select(Invoice).where(INVOICE.c.customer_id.in_(names), INVOICE.c.status == "open")
    wanted = wanted.where(INVOICE.c.balance > 0, INVOICE.c.stated_balance > 0)
    disputed = select(WISH.c.invoice_id).where(WISH.c.company_id == company_id, WISH.c.is_disputed == true())
    rows = scope.all(wanted.where(INVOICE.c.id.not_in(disputed)).order_by(INVOICE.c.due_on, INVOICE.c.id))
    planned = of_invoices(scope, [row.id for row in rows])
    return [row for row in rows if row.id not in planned or planned[row.id].is_ended]


def owed(invoice: Invoice) -> Money:
    """What a plan is made over: the smaller of our balance and the platform's, as decisions take it."""
    return Money(min(invoice.balance, invoice.stated_balance), invoice.currency)


def agree(
    session: Session,
    company_id: int,
    customer_id: str,
    invoice_ids: Sequence[str],
    parts: Sequence[Part],
    now: datetime,
    by: str,
) -> int:
    """Keep a plan over these invoices; returns its id.

    Raises ValueError, with what is wrong, for parts that do not come to what is owed, and for an invoice that cannot
    be in a plan now.
    """
    invoices = [row for row in plannable(session, company_id, customer_id) if row.id in set(invoice_ids)]
    if {row.id for row in invoices} != set(invoice_ids):
        raise ValueError("one of these invoices has been paid, is disputed, or is in a plan already")
    made = spread([(row.id, owed(row)) for row in invoices], parts, _next_number(session, company_id, invoice_ids))
    today = policies.local_day(session, company_id, now)
    plan = PaymentPlan(
        company_id=company_id, customer_id=customer_id, currency=invoices[0].currency, agreed_on=today, said_by=by
    )
    session.add(plan)
    session.flush()
    if plan.id is None:
        raise LookupError("the plan was not stored")
    rows = [
        {"company_id": company_id, "plan_id": plan.id, "invoice_id": invoice_id, "number": part.number}
        | {"due_on": part.due_on, "amount": part.amount.minor}
        for invoice_id, of_invoice in made.items()
        for part in of_invoice
    ]
    insert_many(session, PART, rows)
    terms = [f"{part.amount} on {part.due_on}" for part in parts]
    _tell(session, company_id, plan, "payment plan agreed", {"invoices": sorted(invoice_ids), "parts": terms}, now, by)
    return plan.id


def end(session: Session, company_id: int, plan_id: int, why: str, now: datetime, by: str) -> str:
    """The plan holds no more: the whole debt is due again. One under which nothing was said yet is as if it had never
    been. Returns whose it was; raises LookupError for a plan that the company does not have, or that has ended."""
    plan = Scope(session, company_id).get(PaymentPlan, id=plan_id)
    if plan is None or plan.ended_on is not None:
        raise LookupError(f"there is no plan {plan_id} to end")
    here = (PLAN.c.company_id == company_id) & (PLAN.c.id == plan_id)
    if _was_spoken_of(session, company_id, plan_id):
        today = policies.local_day(session, company_id, now)
        run(session, update(PLAN).where(here).values(ended_on=today, ending=why))
    else:
        run(session, PART.delete().where(PART.c.company_id == company_id, PART.c.plan_id == plan_id))
        run(session, PLAN.delete().where(here))
    _tell(session, company_id, plan, "payment plan ended", {"why": why}, now, by)
    return plan.customer_id


def of_invoices(scope: Scope, invoice_ids: Iterable[str]) -> dict[str, OfInvoice]:
    """What the latest plan of each invoice says; missing where there never was one."""
    found: dict[str, tuple[int, bool, list[Instalment]]] = {}
    for some in chunks(invoice_ids):
        for row in scope.rows(_PARTS, names=some):
            if found.get(row.invoice_id, (0,))[0] != row.plan_id:
                found[row.invoice_id] = (row.plan_id, row.ended_on is not None, [])
            part = Instalment(row.number, row.due_on, Money(row.amount, row.currency))
            found[row.invoice_id][2].append(part)
    spans = _spans(scope, {plan_id for plan_id, _, _ in found.values()})
    for plan_id, _, parts in found.values():
        first, last = spans[plan_id]
        parts[:] = [replace(part, place=part.number - first + 1, of=last - first + 1) for part in parts]
    return {invoice_id: OfInvoice(tuple(parts), is_ended) for invoice_id, (_, is_ended, parts) in found.items()}


def _spans(scope: Scope, plan_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """The first and the last number of each plan, over all its invoices."""
    found: dict[int, tuple[int, int]] = {}
    for some in chunks(plan_ids):
        wanted = select(PART.c.plan_id, func.min(PART.c.number).label("first"), func.max(PART.c.number).label("last"))
        wanted = wanted.where(PART.c.company_id == scope.company_id, PART.c.plan_id.in_(some)).group_by(PART.c.plan_id)
        found |= {row.plan_id: (row.first, row.last) for row in scope.session.execute(wanted)}
    return found


def _next_number(session: Session, company_id: int, invoice_ids: Sequence[str]) -> int:
    """The first number whose steps no earlier plan has taken: one more than its parts is its whole debt's own."""
    here = (PART.c.company_id == company_id) & PART.c.invoice_id.in_(list(invoice_ids))
    last = session.execute(select(func.max(PART.c.number)).where(here)).scalar_one_or_none()
    return 1 if last is None else int(last) + 2


def _was_spoken_of(session: Session, company_id: int, plan_id: int) -> bool:
    """Whether a step of the ladder was taken under the plan."""
    wanted = select(TAKEN.c.id).join(
        PART, (PART.c.company_id == TAKEN.c.company_id) & (PART.c.invoice_id == TAKEN.c.invoice_id)
    )
    wanted = wanted.where(TAKEN.c.company_id == company_id, TAKEN.c.is_live == true(), PART.c.plan_id == plan_id)
    wanted = wanted.where(TAKEN.c.kind == "remind")
    return session.execute(wanted.where(TAKEN.c.step % ROUND >= PART.c.number * STEPS).limit(1)).first() is not None


def _tell(
    session: Session,
    company_id: int,
    plan: PaymentPlan,
    what: str,
    details: Mapping[str, object],
    now: datetime,
    by: str,
) -> None:
    audit.append(session, company_id, now, by, what, {"customer": plan.customer_id, "plan": plan.id, **details})
    attention.touch(session, company_id, [plan.customer_id])
    companies.bring_forward(session, company_id, now)
