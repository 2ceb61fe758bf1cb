"""Invoices over the API: the list, one of them with the decision in force, and the words a program may say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from engine.money import Money
from store import listings
from store.tables import Decision, Invoice, InvoiceWish
from webapp.api.operation import Call, operation
from webapp.api.problems import Problem
from webapp.api.shapes import (
    DecisionBrief,
    DisputePut,
    InvoiceOut,
    InvoiceQuery,
    InvoicesOut,
    MoneyOut,
    PausePut,
    PromisePut,
)
from webapp.formatting import still_open
from webapp.services import services


@operation("GET", "/invoices", query=InvoiceQuery, answer=InvoicesOut)
def list_invoices(call: Call) -> InvoicesOut:
    """Invoices by id, each with the decision in force."""
    asked: InvoiceQuery = call.query
    today = call.today()
    status = "open" if asked.is_overdue and not asked.status else asked.status
    with services().database.read() as reading:
        rows = listings.invoices(
            reading,
            call.company_id,
            after=asked.cursor,
            customer_id=asked.customer_id,
            status=status,
            due_before=today if asked.is_overdue else None,
            limit=asked.limit + 1,
        )
        shown = _told(reading, call.company_id, rows[: asked.limit], today)
    following = shown[-1].id if len(rows) > asked.limit else None
    return InvoicesOut(invoices=tuple(shown), next_cursor=following)


@operation("GET", "/invoices/{invoice_id}", answer=InvoiceOut)
def get_invoice(call: Call, invoice_id: str) -> InvoiceOut:
    """One invoice, what is owed on it, and what is decided about it."""
    today = call.today()
    with services().database.read() as reading:
        rows = listings.invoices(reading, call.company_id, only=invoice_id, limit=1)
        shown = _told(reading, call.company_id, rows, today)
    if not shown:
        raise Problem(404)
    return shown[0]


@operation("PUT", "/invoices/{invoice_id}/promise", scope="act", body=PromisePut)
def promise(call: Call, invoice_id: str) -> None:
    """The customer said they would pay by a day: the invoice is left alone until it has passed."""
    asked: PromisePut = call.body
    call.say(lambda speaker: speaker.promise(invoice_id, asked.pay_on))


@operation("DELETE", "/invoices/{invoice_id}/promise", scope="act")
def take_promise_back(call: Call, invoice_id: str) -> None:
    """There is no such promise any more."""
    call.say(lambda speaker: speaker.promise(invoice_id, None))


@operation("PUT", "/invoices/{invoice_id}/dispute", scope="act", body=DisputePut)
def dispute(call: Call, invoice_id: str) -> None:
    """The customer contests the invoice: no reminder and no fee until that is settled."""
    asked: DisputePut = call.body
    call.say(lambda speaker: speaker.dispute(invoice_id, True, asked.reason))


@operation("DELETE", "/invoices/{invoice_id}/dispute", scope="act")
def settle_dispute(call: Call, invoice_id: str) -> None:
    """The dispute is settled."""
    call.say(lambda speaker: speaker.dispute(invoice_id, False))


@operation("PUT", "/invoices/{invoice_id}/pause", scope="act", body=PausePut)
def pause_invoice(call: Call, invoice_id: str) -> None:
    """Leave this invoice alone, for a time or until it is ended."""
    asked: PausePut = call.body
    call.say(lambda speaker: speaker.pause_invoice(invoice_id, True, asked.until_on))


@operation("DELETE", "/invoices/{invoice_id}/pause", scope="act")
def end_invoice_pause(call: Call, invoice_id: str) -> None:
    """End the invoice's pause."""
    call.say(lambda speaker: speaker.pause_invoice(invoice_id, False))


def _told(reading: Session, company_id: int, rows: Sequence[Invoice], today: date) -> list[InvoiceOut]:
    wishes = listings.invoice_wishes(reading, company_id, [row.id for row in rows])
    decided = listings.current_decisions(reading, company_id, rows)
    nothing_said = InvoiceWish(company_id=company_id, invoice_id="")
    return [_invoice(row, wishes.get(row.id, nothing_said), decided.get(row.id), today) for row in rows]


def _invoice(row: Invoice, wish: InvoiceWish, decision: Decision | None, today: date) -> InvoiceOut:
    owed = still_open(row)
    return InvoiceOut(
        id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        status=row.status,
        issued_on=row.issued_on,
        due_on=row.due_on,
        total=MoneyOut.of(Money(row.total, row.currency)),
        balance=MoneyOut.of(Money(owed, row.currency)),
        days_overdue=max(0, (today - row.due_on).days) if owed else 0,
        is_disputed=wish.is_disputed,
        dispute_reason=wish.dispute_reason,
        promised_on=wish.promised_on,
        is_paused=wish.is_paused,
        paused_until_on=wish.paused_until_on,
        decision=_brief(decision) if decision else None,
    )


def _brief(decision: Decision) -> DecisionBrief:
    return DecisionBrief(
        outcome=decision.outcome, rule=decision.rule, reason=decision.sentence, since_on=decision.first_on
    )
