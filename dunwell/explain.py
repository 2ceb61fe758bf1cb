"""Explain one invoice on one day: what was decided then, as it was kept, and what comes out when it is decided anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import json
from sqlmodel import Session

from dunwell.wiring import House
from engine.needs import needs_of
from engine.plan import Decision as Decided
from store import companies, explaining, families, policies
from store.tables import Decision, Invoice


def explain(house: House, company_id: int, name: str, on: date | None) -> str:
    """Both answers in words with their figures, for every invoice of that number or id; without a day, for today.

    Raises LookupError for a company or an invoice that is not there.
    """
    with house.database.read() as session:
        companies.get(session, company_id)
        day = on or policies.local_day(session, company_id, house.parts.clock())
        found = explaining.invoices_called(session, company_id, name)
        if not found:
            raise LookupError(f"company {company_id} has no invoice {name!r}")
        return "\n\n".join(_told(session, company_id, invoice, day) for invoice in found)


def _told(session: Session, company_id: int, invoice: Invoice, on: date) -> str:
    return "\n".join(
        [
            f"{invoice.number or invoice.id} on {on}",
            *_as_kept(explaining.decision_on(session, company_id, invoice.id, on)),
            *_anew(session, company_id, invoice, on),
        ]
    )


def _as_kept(row: Decision | None) -> Iterator[str]:
    if row is None:
        yield "  kept          no decision had been made by then"
        return
    yield f"  kept          {row.outcome} ({row.rule}), since {row.first_on}, by policy version {row.policy_version}"
    yield f"                {row.sentence}"
    for name, value in json.decode(row.figures).items():
        yield f"                {name} = {value}"


def _anew(session: Session, company_id: int, invoice: Invoice, on: date) -> Iterator[str]:
    policy = policies.current(session, company_id)
    family = families.families(session, company_id, [invoice.customer_id], [policy])
    plans = families.plans(session, company_id, family, policy, on, needs=needs_of(policy))
    answer = next((each for _, plan in plans for each in plan.decisions if each.invoice_id == invoice.id), None)
    if answer is None:
        yield f"  decided anew  nothing: it is {invoice.status}"
        return
    yield from _answer(answer, policy.version)


def _answer(answer: Decided, version: int) -> Iterator[str]:
    yield f"  decided anew  {answer.outcome} ({answer.reason.rule}), by policy version {version}, on today's books"
    yield f"                {answer.reason.sentence}"
    for name, value in answer.reason.figures.items():
        yield f"                {name} = {value}"
