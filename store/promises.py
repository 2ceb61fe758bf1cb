"""Promises to pay: every word given about an invoice, and what became of it.

What a customer says now stands with what else is said of the invoice (`InvoiceWish`); a word that another one replaced,
or that was taken back, is kept here. Whether one was kept is never written down: it follows from the payments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Date, Select, bindparam, literal, null, select, union_all
from sqlmodel import Session

from engine.account import Promise
from engine.books import InvoiceStatus
from engine.history import PastPromise, Received
from engine.money import Money
from engine.promises import what_became
from store import money_history, policies
from store.scope import Scope
from store.sql import chunks, insert_into, run, table_of
from store.tables import FormerPromise, Invoice, InvoiceWish

FORMER = table_of(FormerPromise)
INVOICE = table_of(Invoice)
WISH = table_of(InvoiceWish)

REMEMBERED = timedelta(days=365)
"""How long a broken promise counts."""
ISSUED = (InvoiceStatus.OPEN.value, InvoiceStatus.PAID.value)
"""What was voided or deleted was neither paid nor owed."""


class Word(Struct, frozen=True, kw_only=True):
    """One promise about one invoice."""

    customer_id: str
    invoice_id: str
    number: str
    promise: Promise
    ended_on: date | None
    """The day on which it was replaced or taken back; None while it stands."""
    was_taken_back: bool
    balance: Money

    def became(self, payments: Sequence[Received], grace_days: int, today: date) -> State:
        """What there is to say of it. One that ended before its day is neither kept nor broken."""
        last_on = self.promise.pay_on + timedelta(days=grace_days)
        if self.was_taken_back:
            return "taken back"
        if self.ended_on is not None and self.ended_on <= last_on:
            return "replaced"
        return what_became(self.promise, self.balance, payments, last_on, today)


State = Literal["waiting", "kept", "broken", "replaced", "taken back"]


class Told(Struct, frozen=True, kw_only=True):
    """One promise, and what became of it, for a page."""

    word: Word
    state: State


def stands(scope: Scope, invoice_id: str, pay_on: date | None, minor: int | None) -> bool:
    """Whether just this has been said of the invoice already: a word given twice is no younger for it."""
    wish = scope.get(InvoiceWish, invoice_id=invoice_id)
    return wish is not None and pay_on is not None and (wish.promised_on, wish.promised_amount) == (pay_on, minor)


def end(session: Session, company_id: int, invoice: Invoice, today: date, *, is_taken_back: bool) -> None:
    """Keep the word that stands about an invoice as a former one, if there is any."""
    wish = Scope(session, company_id).get(InvoiceWish, invoice_id=invoice.id)
    if wish is None or wish.promised_on is None:
        return
    row = {
        "company_id": company_id,
        "customer_id": invoice.customer_id,
        "invoice_id": invoice.id,
        "pay_on": wish.promised_on,
        "amount": wish.promised_amount,
        "made_on": wish.promise_made_on,
        "ended_on": today,
        "was_taken_back": is_taken_back,
    }
    run(session, insert_into(session, FORMER).values(**row))


def past(scope: Scope, standing: Mapping[str, str], today: date, grace_days: int) -> dict[str, tuple[PastPromise, ...]]:
    """By account, promises of the last year whose day has passed; `standing` maps customers to their accounts.

    What was said once about several invoices is one promise, kept when all of it was.
    """
    found: dict[str, dict[tuple[date, date | None], bool]] = {}
    for word, state in outcomes(scope, standing, today, grace_days):
        if state in ("kept", "broken") and word.promise.pay_on < today:
            said = (word.promise.pay_on, word.promise.made_on)
            of_account = found.setdefault(standing[word.customer_id], {})
            of_account[said] = of_account.get(said, True) and state == "kept"
    return {
        name: tuple(PastPromise(pay_on, was_kept) for (pay_on, _), was_kept in words.items())
        for name, words in found.items()
    }


def told(session: Session, company_id: int, customer_ids: Iterable[str], today: date) -> tuple[Told, ...]:
    """Every promise of these customers within a year, the latest day first."""
    grace_days = policies.current(session, company_id).promises.grace_days
    found = [
        Told(word=word, state=state)
        for word, state in outcomes(Scope(session, company_id), customer_ids, today, grace_days)
    ]
    return tuple(sorted(found, key=lambda one: (one.word.promise.pay_on, one.word.number), reverse=True))


def taken_back(scope: Scope, invoice_ids: Iterable[str]) -> frozenset[tuple[str, date]]:
    """(invoice, day) of promises that were taken back: the platform may still show that day."""
    found: set[tuple[str, date]] = set()
    for some in chunks(invoice_ids):
        wanted = select(FORMER.c.invoice_id, FORMER.c.pay_on).where(FORMER.c.company_id == scope.company_id)
        wanted = wanted.where(FORMER.c.was_taken_back, FORMER.c.invoice_id.in_(some))
        found.update((row.invoice_id, row.pay_on) for row in scope.session.execute(wanted))
    return frozenset(found)


def outcomes(scope: Scope, customer_ids: Iterable[str], today: date, grace_days: int) -> Iterator[tuple[Word, State]]:
    """Every word of these customers within a year, and what has become of it."""
    words = [
        _word(row)
        for names in chunks(customer_ids)
        for row in scope.rows(_WORDS, names=names, since=today - REMEMBERED)
    ]
    if not words:
        return
    paid = _payments(scope, words)
    for word in words:
        yield word, word.became(paid.get(word.invoice_id, ()), grace_days, today)


def _payments(scope: Scope, words: Iterable[Word]) -> dict[str, tuple[Received, ...]]:
    rows: list[Invoice] = []
    for some in chunks({word.invoice_id for word in words}):
        rows += scope.all(scope.select(Invoice).where(INVOICE.c.id.in_(some)))
    return money_history.payments(scope, rows)


def _words() -> Select[Any]:
    """Words that stand, and former ones, about invoices that were issued."""
    since = bindparam("since", type_=Date)
    about = (INVOICE.c.customer_id, INVOICE.c.id, INVOICE.c.number, INVOICE.c.currency)
    owed = (INVOICE.c.balance, INVOICE.c.stated_balance)
    live = select(
        *about,
        *owed,
        WISH.c.promised_on.label("pay_on"),
        WISH.c.promised_amount.label("amount"),
        WISH.c.promise_made_on.label("made_on"),
        null().label("ended_on"),
        literal(False).label("was_taken_back"),
    ).join(WISH, (WISH.c.company_id == INVOICE.c.company_id) & (WISH.c.invoice_id == INVOICE.c.id))
    live = live.where(WISH.c.promised_on > since)
    former = select(
        *about,
        *owed,
        FORMER.c.pay_on,
        FORMER.c.amount,
        FORMER.c.made_on,
        FORMER.c.ended_on,
        FORMER.c.was_taken_back,
    ).join(FORMER, (FORMER.c.company_id == INVOICE.c.company_id) & (FORMER.c.invoice_id == INVOICE.c.id))
    former = former.where(FORMER.c.pay_on > since)
    mine = (
        INVOICE.c.company_id == bindparam("company_id"),
        INVOICE.c.customer_id.in_(bindparam("names", expanding=True)),
        INVOICE.c.status.in_(ISSUED),
    )
    return select(union_all(former.where(*mine), live.where(*mine)).subquery())


_WORDS = _words()


def _word(row: Any) -> Word:
    amount = None if row.amount is None else Money(row.amount, row.currency)
    return Word(
        customer_id=row.customer_id,
        invoice_id=row.id,
        number=row.number or row.id,
        promise=Promise(row.pay_on, amount, row.made_on),
        ended_on=row.ended_on,
        was_taken_back=bool(row.was_taken_back),
        balance=Money(max(0, min(row.balance, row.stated_balance)), row.currency),
    )
