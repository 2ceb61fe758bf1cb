"""Rows put together: payments and credits on the invoices they name, and what is still owed after them. Pure.

Money that a balance column knows of and no payment explains counts as paid at issue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from engine.books import AllocationRecord, CreditRecord, CustomerRecord, InvoiceRecord, InvoiceStatus, PaymentRecord
from engine.uploads import RECORDS, Record, UploadedRow

Received = PaymentRecord | CreditRecord
Source = tuple[str, str]


class Settled(Struct, frozen=True):
    """Everything that the rows say together. `allocations` are by (kind, id) of what was received."""

    customers: tuple[CustomerRecord, ...] = ()
    invoices: tuple[InvoiceRecord, ...] = ()
    money: tuple[Received, ...] = ()
    allocations: dict[Source, tuple[AllocationRecord, ...]] = {}


def settled(rows: Iterable[UploadedRow]) -> Settled:
    """Payments before credits, oldest first; what an invoice does not take stays unapplied."""
    customers: list[CustomerRecord] = []
    bills: list[tuple[InvoiceRecord, bool]] = []
    received: list[tuple[Received, str]] = []
    for row in rows:
        record: Record = _DECODERS[row.entity].decode(row.record)
        if isinstance(record, CustomerRecord):
            customers.append(record)
        elif isinstance(record, InvoiceRecord):
            bills.append((record, row.states_balance))
        else:
            received.append((record, row.applies_to))
    invoices = [invoice for invoice, _ in bills]
    paid: Counter[str] = Counter()
    money, allocations = _applied(invoices, received, paid)
    return Settled(
        customers=tuple(customers),
        invoices=tuple(_standing(invoice, paid[invoice.id], says_balance) for invoice, says_balance in bills),
        money=tuple(money),
        allocations=allocations,
    )


_DECODERS = {entity: msgspec.json.Decoder(shape) for entity, shape in RECORDS.items()}


def _applied(
    invoices: list[InvoiceRecord], received: list[tuple[Received, str]], paid: Counter[str]
) -> tuple[list[Received], dict[Source, tuple[AllocationRecord, ...]]]:
    """What came in, with what is left of it; `paid` is added to by invoice."""
    by_name = {invoice.id: invoice for invoice in reversed(invoices)}
    by_name |= {invoice.number: invoice for invoice in reversed(invoices)}
    money: list[Received] = []
    allocations: dict[Source, tuple[AllocationRecord, ...]] = {}
    for one, named in sorted(received, key=lambda each: (isinstance(each[0], CreditRecord), _day(each[0]), each[0].id)):
        invoice = by_name.get(named)
        if invoice is None:
            # For an invoice that is not in these files, perhaps long settled: not money on account.
            money += [_left(one, one.customer_id, 0 if named else one.total)] if one.customer_id else []
            continue
        customer_id = one.customer_id or invoice.customer_id
        if invoice.currency != one.currency:
            money.append(_left(one, customer_id, 0))
            continue
        part = max(0, min(one.total, invoice.total - paid[invoice.id]))
        paid[invoice.id] += part
        money.append(_left(one, customer_id, one.total - part))
        if part:
            allocations[_source(one)] = (_allocation(one, invoice, part),)
    return money, allocations


def _day(one: Received) -> date:
    return one.paid_on if isinstance(one, PaymentRecord) else one.issued_on


def _source(one: Received) -> Source:
    return ("payment" if isinstance(one, PaymentRecord) else one.kind.value), one.id


def _left(one: Received, customer_id: str, amount: int) -> Received:
    if isinstance(one, PaymentRecord):
        return replace(one, customer_id=customer_id, unapplied=amount)
    return replace(one, customer_id=customer_id, remaining=amount)


def _allocation(one: Received, invoice: InvoiceRecord, amount: int) -> AllocationRecord:
    kind, id = _source(one)
    return AllocationRecord(
        source_kind=kind,
        source_id=id,
        invoice_id=invoice.id,
        position=0,
        amount=amount,
        currency=invoice.currency,
        allocated_on=_day(one),
    )


def _standing(invoice: InvoiceRecord, paid: int, says_balance: bool) -> InvoiceRecord:
    balance = invoice.stated_balance if says_balance else invoice.total - paid
    status = invoice.status
    if status is InvoiceStatus.PAID:
        balance = 0
    elif status is InvoiceStatus.OPEN and balance <= 0:
        status = InvoiceStatus.PAID
    unexplained = max(0, invoice.total - paid - balance)
    return replace(invoice, status=status, stated_balance=balance, paid_at_issue=unexplained)
