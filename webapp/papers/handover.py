"""The hand-over pack: everything that a collector or a lawyer asks for, in one file.

One PDF to read – who owes what, how it is calculated, what was said and done, in order – and the same as tables, with
every message word for word. It is made when it is asked for, from the books as they are then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct

from connectors.paper.pdf import Document, Section, Table, pdf
from connectors.paper.sheet import bundle, sheet
from connectors.paper.words import Hand
from engine.claim import Claim
from engine.money import Money
from store.dossier import Dossier
from store.home import CustomerFile
from store.tables import Action, Company
from webapp.formatting import day, instant, money, phrase, reader_s_locale, still_open
from webapp.papers.claims import schedule

NOT_TOLD = frozenset({"customer", "invoice"})
"""Details of an audit entry that the row itself tells already."""


class Case(Struct, frozen=True, kw_only=True):
    """What the pack is made from."""

    company: Company
    file: CustomerFile
    claims: tuple[Claim, ...]
    dossier: Dossier
    today: date


class Happened(Struct, frozen=True):
    """One line of the timeline."""

    at: datetime
    what: str
    detail: str


def pack(case: Case) -> bytes:
    """The zip."""
    files = [
        ("hand-over.pdf", pdf(_document(case))),
        ("invoices.csv", _invoices(case)),
        ("payments.csv", _payments(case)),
        ("calculation.csv", _calculation(case)),
        ("timeline.csv", sheet(("When", "What", "Detail"), _timeline_rows(case))),
        *_messages(case.file.actions),
    ]
    return bundle(files)


def _document(case: Case) -> Document:
    company, customer = case.company, case.file.customer
    hand = Hand(reader_s_locale())
    return Document(
        title=f"Hand-over: {customer.name}",
        subtitle=f"{company.name} · as of {day(case.today)}",
        sections=[_parties(case), *schedule(case.claims, hand), _money(case), _timeline(case), _proof(case)],
        foot=f"{company.name} – {customer.name} – {day(case.today)}",
        country=company.country,
    )


def _parties(case: Case) -> Section:
    customer, people = case.file.customer, case.company
    rows = [
        ("Creditor", people.name),
        ("Country and replies", " · ".join(filter(None, (people.country, people.email)))),
        ("Debtor", customer.name),
        ("Email", customer.email or "none known"),
        ("Telephone", customer.phone or "none known"),
        ("Country", customer.country or "not told by the books"),
        *((f"Owed in {one.currency}", money(one.owed, one.currency)) for one in case.file.balances),
        *((f"Overdue in {one.currency}", money(one.overdue, one.currency)) for one in case.file.balances),
        *(
            (f"Paid or credited and not yet matched, {one.currency}", money(one.unapplied, one.currency))
            for one in case.file.balances
            if one.unapplied
        ),
        *(
            (f"Claimed in {claim.principal.currency}", money(claim.total.minor, claim.principal.currency))
            for claim in case.claims
        ),
    ]
    said = [] if case.claims else ["Nothing is certainly owed and overdue today, so that there is nothing to claim."]
    return Section(text=said, table=Table(headings=("", ""), rows=rows, widths=(30, 70)))


def _money(case: Case) -> Section:
    rows = [
        *(("Payment", one.reference, day(one.paid_on), money(one.total, one.currency)) for one in case.file.payments),
        *(
            (phrase(one.kind), one.number, day(one.issued_on), money(one.total, one.currency))
            for one in case.file.credits
        ),
    ]
    if not rows:
        return Section(heading="Payments and credits", text=["None in the books."])
    table = Table(
        headings=("What", "Reference", "Day", "Amount"), rows=rows, widths=(20, 45, 18, 17), right=frozenset({3})
    )
    return Section(heading="Payments and credits", table=table)


def _timeline(case: Case) -> Section:
    rows = _timeline_rows(case)
    if not rows:
        return Section(heading="What was said and done", text=["Nothing is on record."])
    table = Table(headings=("When", "What", "Detail"), rows=rows, widths=(20, 22, 58))
    return Section(heading="What was said and done", table=table)


def _proof(case: Case) -> Section:
    last = case.dossier.last
    if last is None:
        return Section()
    text = (
        "Every entry of the audit trail is bound to the one before it by its hash (SHA-256), so that nothing can be "
        f"changed or taken out unnoticed. It ended at entry {last.position} with {last.hash}."
    )
    return Section(heading="Where this comes from", text=[text])


def _timeline_rows(case: Case) -> list[tuple[str, str, str]]:
    happened = [*_said(case.dossier), *_done(case.file.actions)]
    return [(instant(one.at), one.what, one.detail) for one in sorted(happened, key=lambda one: one.at)]


def _said(dossier: Dossier) -> Iterator[Happened]:
    for entry in dossier.entries:
        details: dict[str, Any] = msgspec.json.decode(entry.details)
        told = [f"{phrase(name)}: {value}" for name, value in details.items() if name not in NOT_TOLD and value]
        subject = [f"invoice {details['invoice']}"] if "invoice" in details else []
        yield Happened(entry.at, phrase(entry.what), " · ".join([*subject, *told, f"by {entry.actor}"]))


def _done(actions: Sequence[Action]) -> Iterator[Happened]:
    for act in actions:
        if act.state in ("done", "held", "failed") and act.kind != "note":
            yield Happened(act.ended_at or act.created_at, f"{phrase(act.kind)} ({act.state})", act.reason)


def _messages(actions: Sequence[Action]) -> Iterator[tuple[str, bytes]]:
    """Every message that went out, word for word, numbered in their order."""
    sent = [act for act in reversed(actions) if act.state in ("done", "held")]
    mails = [(act, mail) for act in sent if (mail := _mail(act))]
    for number, (act, mail) in enumerate(mails, start=1):
        head = [
            f"When: {instant(act.ended_at or act.created_at)}",
            f"To: {', '.join(mail.get('to', ()))}",
            f"Subject: {mail.get('subject', '')}",
        ]
        yield f"messages/{number:03}-{act.kind}.txt", "\n".join([*head, "", str(mail.get("text", ""))]).encode()


def _mail(act: Action) -> dict[str, Any]:
    body = msgspec.json.decode(act.body)
    found = body.get("mail") if isinstance(body, dict) else None
    return found if isinstance(found, dict) else {}


def _invoices(case: Case) -> bytes:
    wishes = case.file.invoice_wishes
    rows = []
    for one in case.file.invoices:
        said = wishes.get(one.id)
        rows.append(
            (
                one.number or one.id,
                one.status,
                one.issued_on.isoformat(),
                one.due_on.isoformat(),
                one.currency,
                _plain(one.total, one.currency),
                _plain(still_open(one), one.currency),
                "yes" if said and said.is_disputed else "no",
                said.dispute_reason if said else "",
            )
        )
    headings = ("Invoice", "Status", "Issued", "Due", "Currency", "Billed", "Still owed", "Disputed", "Why")
    return sheet(headings, rows)


def _payments(case: Case) -> bytes:
    payments = (
        ("payment", one.reference, one.paid_on.isoformat(), one.currency, one.total, one.unapplied, one.status)
        for one in case.file.payments
    )
    credits = (
        (one.kind, one.number, one.issued_on.isoformat(), one.currency, one.total, one.remaining, one.status)
        for one in case.file.credits
    )
    rows = [
        (kind, reference, on, currency, _plain(total, currency), _plain(left, currency), status)
        for kind, reference, on, currency, total, left, status in (*payments, *credits)
    ]
    return sheet(("Kind", "Reference", "Day", "Currency", "Amount", "Not matched", "Status"), rows)


def _calculation(case: Case) -> bytes:
    rows = [
        (line.kind, line.text, line.amount.currency, f"{line.amount.amount:f}")
        for claim in case.claims
        for line in claim.lines
    ]
    return sheet(("Kind", "How it comes about", "Currency", "Amount"), rows)


def _plain(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).amount:f}"
