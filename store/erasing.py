"""Erasing a customer: everything personal leaves every table of one company; the accounts and the audit's chain stay.

What stays, and why: amounts, dates, numbers and the platform's own ids of documents, which the company has to keep as
accounts; that an act was done, when and of what kind; and the id of the customer, so that no sync brings the rest back.
What the platform itself holds, and mails that have gone, are not ours to remove.
"""

from __future__ import annotations

import json
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update
from sqlmodel import Session

from engine.keys import is_fee_reference
from store import attention, audit, transitions, uploaded_erasing
from store.bulk import upsert
from store.erased import NAME
from store.sql import among, chunks, run, table_of
from store.tables import (
    Action,
    BooksCheck,
    ContactEvent,
    ContactPerson,
    CreditNote,
    Customer,
    CustomerWish,
    Decision,
    ErasedCustomer,
    FeeWaiver,
    Invoice,
    InvoiceWish,
    KeptPaper,
    Payment,
    PaymentPlan,
    Remark,
    ReturnedPayment,
    SetAsideRecord,
    Task,
    WebhookMessage,
)

CUSTOMER, PERSON, INVOICE = table_of(Customer), table_of(ContactPerson), table_of(Invoice)
PAYMENT, CREDIT = table_of(Payment), table_of(CreditNote)
ACTION, DECISION, TASK, CONTACT = table_of(Action), table_of(Decision), table_of(Task), table_of(ContactEvent)
PAPER = table_of(KeptPaper)
WISH, INVOICE_WISH = table_of(CustomerWish), table_of(InvoiceWish)
SET_ASIDE, ERASED = table_of(SetAsideRecord), table_of(ErasedCustomer)
CHECK = table_of(BooksCheck)
MESSAGE, REMARK = table_of(WebhookMessage), table_of(Remark)

GONE = "Erased."


class Holdings(Struct, frozen=True, kw_only=True):
    """What there is of one customer, and of those merged into them."""

    ids: tuple[str, ...]
    name: str
    rows: dict[str, int]
    """Rows with something personal in them, by what they are."""
    owed: tuple[str, ...] = ()
    """Numbers of invoices that are still open: a claim may need what would be erased."""
    in_doubt: int = 0
    """Acts under way, or held until a person says whether they happened."""


def find(session: Session, company_id: int, wanted: str) -> list[tuple[str, str]]:
    """(id, name) of the customers whose id is `wanted`, or else whose name or address is, whatever its case."""
    mine = CUSTOMER.c.company_id == company_id
    by_id = session.execute(select(CUSTOMER.c.id, CUSTOMER.c.name).where(mine, CUSTOMER.c.id == wanted)).all()
    like = wanted.strip().lower()
    same = or_(func.lower(CUSTOMER.c.name) == like, func.lower(CUSTOMER.c.email) == like)
    found = by_id or session.execute(select(CUSTOMER.c.id, CUSTOMER.c.name).where(mine, same)).all()
    return [(row.id, row.name) for row in found]


def holdings(session: Session, company_id: int, customer_id: str) -> Holdings:
    """Look, and change nothing. Raises LookupError for a customer that the company does not have."""
    mine = CUSTOMER.c.company_id == company_id
    name = session.scalar(select(CUSTOMER.c.name).where(mine, CUSTOMER.c.id == customer_id))
    if name is None:
        raise LookupError(f"there is no customer {customer_id}")
    merged = session.scalars(select(CUSTOMER.c.id).where(mine, CUSTOMER.c.merged_into_id == customer_id))
    ids = (customer_id, *sorted(merged))
    counted = {
        "contact persons": (PERSON, PERSON.c.customer_id),
        "invoices": (INVOICE, INVOICE.c.customer_id),
        "payments": (PAYMENT, PAYMENT.c.customer_id),
        "credits": (CREDIT, CREDIT.c.customer_id),
        "messages and other acts": (ACTION, ACTION.c.customer_id),
        "decisions": (DECISION, DECISION.c.customer_id),
        "contacts": (CONTACT, CONTACT.c.customer_id),
        "tasks": (TASK, TASK.c.customer_id),
        "remarks": (REMARK, REMARK.c.customer_id),
        "kept papers": (PAPER, PAPER.c.customer_id),
    }
    owed = select(INVOICE.c.number).where(_of(session, INVOICE, INVOICE.c.customer_id, company_id, ids))
    doubtful = select(func.count()).where(_of(session, ACTION, ACTION.c.customer_id, company_id, ids))
    return Holdings(
        ids=ids,
        name=name,
        rows={what: _count(session, table, of, company_id, ids) for what, (table, of) in counted.items()},
        owed=tuple(session.scalars(owed.where(INVOICE.c.status == "open", INVOICE.c.balance > 0))),
        in_doubt=session.scalar(doubtful.where(ACTION.c.state.in_(("claimed", "held")))) or 0,
    )


def erase(session: Session, company_id: int, customer_id: str, now: datetime, by: str) -> Holdings:
    """Remove it all; returns what there was. Raises ValueError while an act of theirs is in doubt.

    The company must not be run meanwhile: whoever calls holds its lease.
    """
    found = holdings(session, company_id, customer_id)
    if found.in_doubt:
        raise ValueError("first say in Tasks whether what is held went out")
    for id in found.ids:
        transitions.cancel_open(session, company_id, id, GONE, now)
    _keep_out(session, company_id, found.ids, now, by)
    keys, invoices = _names(session, company_id, found.ids)
    _findings(session, company_id, found.ids)
    _books(session, company_id, found.ids)
    uploaded_erasing.strip(session, company_id, found.ids, found.name)
    _said(session, company_id, found.ids, invoices)
    _done(session, company_id, found.ids, now)
    _announced(session, company_id, found.ids)
    positions = audit.redact(session, company_id, customers=found.ids, invoices=invoices, keys=keys)
    audit.append(session, company_id, now, by, audit.ERASURE, {"customers": list(found.ids), audit.REDACTED: positions})
    attention.touch(session, company_id, list(found.ids))
    return found


def _of(
    session: Session, table: Table, column: ColumnElement[str], company_id: int, ids: tuple[str, ...]
) -> ColumnElement[bool]:
    return (table.c.company_id == company_id) & among(session, column, ids)


def _count(session: Session, table: Table, of: ColumnElement[str], company_id: int, ids: tuple[str, ...]) -> int:
    counted = select(func.count()).select_from(table).where(_of(session, table, of, company_id, ids))
    return session.scalar(counted) or 0


def _keep_out(session: Session, company_id: int, ids: tuple[str, ...], now: datetime, by: str) -> None:
    """Nobody is written to whose address we may not have, and no sync brings it back."""
    here = {"company_id": company_id}
    upsert(session, ERASED, [here | {"customer_id": id, "erased_at": now, "erased_by": by} for id in ids])
    known = session.scalars(select(WISH.c.customer_id).where(_of(session, WISH, WISH.c.customer_id, company_id, ids)))
    fresh = set(ids) - set(known)
    for id in sorted(fresh):
        session.add(CustomerWish(company_id=company_id, customer_id=id))
    session.flush()
    wishes = update(WISH).where(_of(session, WISH, WISH.c.customer_id, company_id, ids))
    run(session, wishes.values(do_not_chase=True, note="", hold_reason=""))


def _names(session: Session, company_id: int, ids: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of their acts and ids of their invoices, by which the audit speaks of them."""
    acts = select(ACTION.c.key).where(_of(session, ACTION, ACTION.c.customer_id, company_id, ids))
    bills = select(INVOICE.c.id).where(_of(session, INVOICE, INVOICE.c.customer_id, company_id, ids))
    return tuple(session.scalars(acts)), tuple(session.scalars(bills))


def _findings(session: Session, company_id: int, ids: tuple[str, ...]) -> None:
    """What checks of the books found is told by names and references, and what could not be read is kept as it came.

    The next check finds again what is still so.
    """
    run(session, update(CHECK).where(CHECK.c.company_id == company_id).values(findings="[]"))
    names = session.scalars(select(CUSTOMER.c.name).where(_of(session, CUSTOMER, CUSTOMER.c.id, company_id, ids)))
    for name in filter(None, names.all()):
        here = (SET_ASIDE.c.company_id == company_id) & SET_ASIDE.c.excerpt.icontains(name, autoescape=True)
        run(session, update(SET_ASIDE).where(here).values(reason=GONE, excerpt=""))


def _books(session: Session, company_id: int, ids: tuple[str, ...]) -> None:
    """The copy of the books. Without its fingerprint a record is written again, stripped, when it next comes."""
    run(session, delete(PERSON).where(_of(session, PERSON, PERSON.c.customer_id, company_id, ids)))
    named = update(CUSTOMER).where(_of(session, CUSTOMER, CUSTOMER.c.id, company_id, ids))
    run(session, named.values(name=NAME, email="", phone="", country="", fingerprint=""))
    theirs = _of(session, INVOICE, INVOICE.c.customer_id, company_id, ids)
    run(session, update(INVOICE).where(theirs).values(email="", url="", fingerprint=""))
    referred = select(INVOICE.c.id, INVOICE.c.reference).where(theirs, INVOICE.c.reference != "")
    not_ours = tuple(row.id for row in session.execute(referred) if not is_fee_reference(row.reference))
    here = _of(session, INVOICE, INVOICE.c.id, company_id, not_ours)
    run(session, update(INVOICE).where(here).values(reference=""))
    for table in (PAYMENT, CREDIT):
        paid = update(table).where(_of(session, table, table.c.customer_id, company_id, ids))
        run(session, paid.values(reference="", fingerprint=""))


def _said(session: Session, company_id: int, ids: tuple[str, ...], invoices: tuple[str, ...]) -> None:
    """What people told us, and records that nobody could read."""
    disputes = update(INVOICE_WISH).where(_of(session, INVOICE_WISH, INVOICE_WISH.c.invoice_id, company_id, invoices))
    run(session, disputes.values(dispute_reason=""))
    run(session, delete(REMARK).where(_of(session, REMARK, REMARK.c.customer_id, company_id, ids)))
    for words in (table_of(PaymentPlan).c.ending, table_of(ReturnedPayment).c.note, table_of(FeeWaiver).c.why):
        here = _of(session, words.table, words.table.c.customer_id, company_id, ids)
        run(session, update(words.table).where(here).values({words: ""}))
    for entity, of in (("customer", ids), ("invoice", invoices)):
        here = _of(session, SET_ASIDE, SET_ASIDE.c.id, company_id, of)
        run(session, delete(SET_ASIDE).where(here, SET_ASIDE.c.entity == entity))


def _done(session: Session, company_id: int, ids: tuple[str, ...], now: datetime) -> None:
    """What we wrote to them, why, and what came back."""
    acts = update(ACTION).where(_of(session, ACTION, ACTION.c.customer_id, company_id, ids))
    run(session, acts.values(body="", reason=GONE, outcome=""))
    told = _told_to_parents(session, company_id, ids)
    run(session, update(ACTION).where(_of(session, ACTION, ACTION.c.key, company_id, tuple(told))).values(body=""))
    decided = update(DECISION).where(_of(session, DECISION, DECISION.c.customer_id, company_id, ids))
    run(session, decided.values(sentence=GONE, figures="{}"))
    run(session, delete(CONTACT).where(_of(session, CONTACT, CONTACT.c.customer_id, company_id, ids)))
    asked = _of(session, TASK, TASK.c.customer_id, company_id, ids)
    open_ones = update(TASK).where(asked, TASK.c.state == "open")
    run(session, open_ones.values(state="done", done_at=now))
    run(session, update(TASK).where(asked).values(title=GONE, detail="", outcome=""))
    # After their tasks, so that a pack that is being made meanwhile is either here already or not kept any more. What
    # was told to a parent stands in its pack too: one whose task is open is made anew, without it.
    in_packs = (*ids, *set(told.values()))
    run(session, delete(PAPER).where(_of(session, PAPER, PAPER.c.customer_id, company_id, in_packs)))


def _told_to_parents(session: Session, company_id: int, ids: tuple[str, ...]) -> dict[str, str]:
    """Messages that named them to whoever they are billed with: key → that customer."""
    above = select(CUSTOMER.c.parent_id).where(CUSTOMER.c.company_id == company_id, CUSTOMER.c.parent_id.is_not(None))
    parents: set[str] = set()
    while found := set(session.scalars(above.where(CUSTOMER.c.id.in_([*ids, *parents])))) - parents:
        parents |= found
    wrote = select(ACTION.c.key, ACTION.c.customer_id, ACTION.c.body).where(
        _of(session, ACTION, ACTION.c.customer_id, company_id, tuple(parents)), ACTION.c.body.contains('"owners":{"')
    )
    return {
        row.key: row.customer_id
        for row in session.execute(wrote)
        if not set(ids).isdisjoint(json.loads(row.body).get("owners", {}).values())
    }


def _announced(session: Session, company_id: int, ids: tuple[str, ...]) -> None:
    """What the company's other programs were told, or are still to be told."""
    kept = select(MESSAGE.c.id, MESSAGE.c.body).where(MESSAGE.c.company_id == company_id)
    about = [row.id for row in session.execute(kept) if _is_about(json.loads(row.body), ids)]
    for some in chunks(about):
        run(session, delete(MESSAGE).where(MESSAGE.c.id.in_(some)))


def _is_about(message: dict[str, object], ids: tuple[str, ...]) -> bool:
    data = message.get("data")
    return isinstance(data, dict) and data.get("customer_id") in ids
