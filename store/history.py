"""History: what a company's books have seen, as pasts for the engine to walk through.

Reads only. The day on which the books knew of a payment is not on record with either platform. What is there is the day
on which it was last changed, which cannot be earlier: so the lag is at most what is told here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, literal, or_, select
from sqlmodel import Session

from engine.account import Account
from engine.books import DocumentStatus, InvoiceStatus
from engine.money import Money
from engine.needs import Needs
from engine.past import KEPT, Past, Receipt, Use
from store import accounts, policies
from store.attention import survivors
from store.sql import among, chunks, table_of
from store.tables import Allocation, CreditNote, Invoice, Payment

ALLOCATION = table_of(Allocation)
CREDIT = table_of(CreditNote)
INVOICE = table_of(Invoice)
PAYMENT = table_of(Payment)

ISSUED = (InvoiceStatus.OPEN.value, InvoiceStatus.PAID.value)
BOOKED_WITHIN = timedelta(days=30)
"""A payment changed later than this after its own day was corrected, not entered: it counts as known from its day."""

Source: TypeAlias = tuple[str, str]
"""(kind, id) of a payment or a credit: what an allocation names."""


def customers_with_history(session: Session, company_id: int, since: date) -> list[str]:
    """Customers with an invoice that was open at any time since that day; merged ones as their survivors."""
    wanted = select(INVOICE.c.customer_id).where(INVOICE.c.company_id == company_id, INVOICE.c.status.in_(ISSUED))
    lived = or_(INVOICE.c.status == InvoiceStatus.OPEN.value, INVOICE.c.issued_on >= since, _settled(since))
    ends = survivors(session, company_id)
    return sorted({ends.get(name, name) for name in session.scalars(wanted.where(lived).distinct())})


def pasts(session: Session, company_id: int, customer_ids: Sequence[str], today: date, since: date) -> list[Past]:
    """The pasts of these customers, with every invoice that was open at any time since that day."""
    found = accounts.load(
        session,
        company_id,
        customer_ids,
        today,
        since=since - KEPT,
        needs=Needs(payments=False, fees=False, discounts_taken=False, history=False),
    )
    reader = _Reader(session, company_id, policies.current(session, company_id).calendar.zone)
    receipts = reader.receipts(found)
    return [Past(account=account, receipts=tuple(receipts.get(account.customer_id, ()))) for account in found]


def _settled(since: date) -> ColumnElement[bool]:
    # QuickBooks Online does not say when an invoice was settled: those come along, and are found to be long paid.
    return or_(INVOICE.c.settled_on.is_(None), INVOICE.c.settled_on >= since)


class _Reader:
    """Reads payments, credits and deposits behind a chunk of accounts."""

    def __init__(self, session: Session, company_id: int, zone: ZoneInfo) -> None:
        self._session, self._company_id, self._zone = session, company_id, zone

    def receipts(self, found: Iterable[Account]) -> dict[str, list[Receipt]]:
        """By account. A payment for invoices of two accounts, as when a parent pays for a job, is split."""
        found = list(found)
        owner = {invoice.id: account.customer_id for account in found for invoice in account.invoices}
        names = {account.customer_id: account.customer_id for account in found}
        ends = survivors(self._session, self._company_id)
        names |= {merged: survivor for merged, survivor in ends.items() if survivor in names}
        uses = self._uses(owner)
        receipts: dict[str, list[Receipt]] = {}
        for row in self._sources(uses, names):
            known_on = self._known_on(row.on, row.updated_at) if row.kind == "payment" else row.on
            for account, some in _by_account(uses.get((row.kind, row.id), ()), owner, names.get(row.customer_id)):
                is_own = account == names.get(row.customer_id)
                left = Money(row.left if is_own else 0, row.currency)
                one = Receipt(
                    paid_on=row.on, known_on=known_on, left=left, uses=tuple(some), is_payment=row.kind == "payment"
                )
                receipts.setdefault(account, []).append(one)
        for account, deposit in self._deposits(owner):
            receipts.setdefault(account, []).append(deposit)
        return receipts

    def _known_on(self, paid_on: date, updated_at: datetime | None) -> date:
        changed_on = paid_on if updated_at is None else updated_at.astimezone(self._zone).date()
        return changed_on if paid_on <= changed_on <= paid_on + BOOKED_WITHIN else paid_on

    def _uses(self, invoice_ids: Iterable[str]) -> dict[Source, list[Use]]:
        uses: dict[Source, list[Use]] = {}
        for some in chunks(invoice_ids):
            wanted = select(ALLOCATION).where(ALLOCATION.c.company_id == self._company_id)
            for row in self._session.execute(wanted.where(among(self._session, ALLOCATION.c.invoice_id, some))):
                use = Use(invoice_id=row.invoice_id, on=row.allocated_on, amount=Money(row.amount, row.currency))
                uses.setdefault((row.source_kind, row.source_id), []).append(use)
        return uses

    def _sources(self, uses: Mapping[Source, object], names: Iterable[str]) -> Iterator[Any]:
        """Posted payments and credits that were used on these invoices, or wait to be used for these customers."""
        kinds: tuple[tuple[Any, ...], ...] = (
            (PAYMENT, literal("payment").label("kind"), PAYMENT.c.paid_on, PAYMENT.c.unapplied),
            (CREDIT, CREDIT.c.kind, CREDIT.c.issued_on, CREDIT.c.remaining),
        )
        for table, kind, on, left in kinds:
            columns = (table.c.id, kind, table.c.customer_id, table.c.currency, table.c.updated_at)
            wanted = select(*columns, on.label("on"), left.label("left")).where(table.c.company_id == self._company_id)
            wanted = wanted.where(table.c.status == DocumentStatus.POSTED.value)
            seen: set[Source] = set()
            for rows in (
                self._in_chunks(wanted, table.c.id, (source_id for _, source_id in uses)),
                self._in_chunks(wanted.where(left > 0), table.c.customer_id, names),
            ):
                for row in rows:
                    if (row.kind, row.id) not in seen:
                        seen.add((row.kind, row.id))
                        yield row

    def _in_chunks(self, wanted: Select[Any], column: ColumnElement[str], values: Iterable[str]) -> Iterator[Any]:
        for some in chunks(sorted(set(values))):
            yield from self._session.execute(wanted.where(among(self._session, column, some)))

    def _deposits(self, owner: Mapping[str, str]) -> Iterator[tuple[str, Receipt]]:
        """What was paid on the invoice itself, on its own day."""
        columns = (INVOICE.c.id, INVOICE.c.issued_on, INVOICE.c.paid_at_issue, INVOICE.c.currency)
        wanted = select(*columns).where(INVOICE.c.company_id == self._company_id, INVOICE.c.paid_at_issue > 0)
        for row in self._in_chunks(wanted, INVOICE.c.id, owner):
            use = Use(invoice_id=row.id, on=row.issued_on, amount=Money(row.paid_at_issue, row.currency))
            left = Money.zero(row.currency)
            yield owner[row.id], Receipt(paid_on=row.issued_on, known_on=row.issued_on, left=left, uses=(use,))


def _by_account(uses: Iterable[Use], owner: Mapping[str, str], payer: str | None) -> Iterator[tuple[str, list[Use]]]:
    """The uses of one source by the account whose invoice it paid; its payer's own account is there in any case."""
    groups: dict[str, list[Use]] = {} if payer is None else {payer: []}
    for use in uses:
        groups.setdefault(owner[use.invoice_id], []).append(use)
    yield from groups.items()
