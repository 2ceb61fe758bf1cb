"""Lines of the files into our records: each alone, so that one that makes no sense is set aside and the rest goes on.

Pure. Whatever an export does not say is made from what it does: an id from the number or the name, a payment's id from
its content, a balance from the payments. Money that a balance column knows of and no payment explains counts as paid at
issue.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec.structs import replace

from connectors.csvbooks.values import Row
from connectors.errors import SkipRecord
from engine.books import (
    AllocationRecord,
    CustomerRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    PaymentRecord,
    SetAside,
)

STATUSES: dict[str, InvoiceStatus | None] = dict.fromkeys(
    ("", "open", "sent", "unpaid", "overdue", "partial", "part paid", "partially paid", "approved", "authorised")
) | {
    "paid": InvoiceStatus.PAID,
    "draft": InvoiceStatus.DRAFT,
    "deleted": InvoiceStatus.DELETED,
    **dict.fromkeys(("void", "voided", "cancelled", "canceled", "written off"), InvoiceStatus.VOIDED),
}
"""Words in use → status; None where the balance decides between open and paid."""
R = TypeVar("R")
Invoice = tuple[InvoiceRecord, bool]
"""An invoice, and whether its file says what is still owed on it."""
Payment = tuple[PaymentRecord, str]
"""A payment, and the number or id of the invoice it names."""


def each(rows: Iterable[Row], convert: Callable[[Row], R], aside: list[SetAside]) -> list[R]:
    """Convert rows one by one, adding what makes no sense to `aside`."""
    good = []
    for row in rows:
        try:
            good.append(convert(row))
        except SkipRecord as error:
            aside.append(SetAside(entity=error.entity, id=error.record_id, reason=error.reason))
    return good


class Translator:
    """Translates one reading of the files; it remembers which ids it has met. `home` is the currency left unsaid."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._met: Counter[tuple[str, str]] = Counter()
        self._customers: dict[str, str] = {}

    def customer(self, row: Row) -> CustomerRecord:
        name = row.needed("name")
        self._meet(row, row.text("id") or name)
        self._customers |= {name: row.id, row.id: row.id}
        country = row.text("country").upper()
        return CustomerRecord(
            id=row.id,
            name=name,
            email=row.text("email"),
            phone=row.text("phone"),
            currency=row.currency(self._home),
            country=country if len(country) == 2 and country.isalpha() else "",
        )

    def invoice(self, row: Row) -> Invoice:
        """As if nothing were paid, or as its balance column says; `settled` looks at the payments."""
        number = row.needed("number")
        self._meet(row, row.text("id") or number)
        currency = row.currency(self._home)
        total = row.amount("total", currency)
        if total < 0:
            raise row.skip("total", "an invoice over nothing or more")
        has_balance = bool(row.text("balance"))
        word = row.text("status").casefold()
        if word not in STATUSES:
            raise row.skip("status", "one of " + ", ".join(filter(None, STATUSES)))
        record = InvoiceRecord(
            id=row.id,
            customer_id=self._customer_of(row),
            number=number,
            status=STATUSES[word] or InvoiceStatus.OPEN,
            issued_on=row.day("issued_on"),
            due_on=row.day("due_on"),
            currency=currency,
            total=total,
            stated_balance=max(0, row.amount("balance", currency)) if has_balance else total,
        )
        return record, has_balance

    def payment(self, row: Row) -> Payment:
        currency = row.currency(self._home)
        amount, paid_on = row.amount("amount", currency), row.day("paid_on")
        said = (row.text("customer"), row.text("invoice"), paid_on.isoformat(), str(amount), row.text("reference"))
        if not (row.text("customer") or row.text("invoice")):
            raise row.skip("customer", "a customer or an invoice")
        if amount <= 0:
            raise row.skip("amount", "more than nothing")
        if row.text("id"):
            self._meet(row, row.text("id"))
        else:
            # Two alike on one day are two payments: the second of them is the second.
            content = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]
            self._met["payment", content] += 1
            row.name(f"{content}-{self._met['payment', content]}")
        record = PaymentRecord(
            id=row.id,
            customer_id=self._customer_of(row) if row.text("customer") else "",
            status=DocumentStatus.POSTED,
            paid_on=paid_on,
            currency=currency,
            total=amount,
            reference=row.text("reference"),
        )
        return record, row.text("invoice")

    def _customer_of(self, row: Row) -> str:
        """By id or by name. Raises SkipRecord for one who is not in the file: nobody could be written to."""
        named = row.needed("customer")
        if named not in self._customers:
            raise row.skip("customer", "somebody in customers.csv")
        return self._customers[named]

    def _meet(self, row: Row, id: str) -> None:
        self._met[row.entity, id] += 1
        if self._met[row.entity, id] > 1:
            raise SkipRecord(row.entity, f"line-{row.line}", f"line {row.line}: {id[:80]!r} is in the file twice")
        row.name(id)


Settled = tuple[list[InvoiceRecord], list[tuple[PaymentRecord, tuple[AllocationRecord, ...]]]]


def settled(found: list[Invoice], payments: list[Payment]) -> Settled:
    """Payments put on the invoices they name, oldest first; what an invoice does not take stays unapplied."""
    invoices = [invoice for invoice, _ in found]
    by_name = {invoice.id: invoice for invoice in reversed(invoices)}
    by_name |= {invoice.number: invoice for invoice in reversed(invoices)}
    paid: Counter[str] = Counter()
    applied: list[tuple[PaymentRecord, tuple[AllocationRecord, ...]]] = []
    for payment, named in sorted(payments, key=lambda each: (each[0].paid_on, each[0].id)):
        invoice = by_name.get(named)
        if invoice is None:
            # Paid an invoice that is not in these files, perhaps long settled: not money on account.
            on_account = 0 if named else payment.total
            applied += [(replace(payment, unapplied=on_account), ())] if payment.customer_id else []
            continue
        if invoice.currency != payment.currency:
            applied.append((replace(payment, customer_id=payment.customer_id or invoice.customer_id), ()))
            continue
        part = max(0, min(payment.total, invoice.total - paid[invoice.id]))
        paid[invoice.id] += part
        customer_id = payment.customer_id or invoice.customer_id
        record = replace(payment, customer_id=customer_id, unapplied=payment.total - part)
        applied.append((record, (_allocation(record, invoice, part),) if part else ()))
    return [_standing(invoice, paid[invoice.id], has_balance) for invoice, has_balance in found], applied


def _allocation(payment: PaymentRecord, invoice: InvoiceRecord, amount: int) -> AllocationRecord:
    return AllocationRecord(
        source_kind="payment",
        source_id=payment.id,
        invoice_id=invoice.id,
        position=0,
        amount=amount,
        currency=invoice.currency,
        allocated_on=payment.paid_on,
    )


def _standing(invoice: InvoiceRecord, paid: int, has_balance: bool) -> InvoiceRecord:  # one of a pair
    balance = invoice.stated_balance if has_balance else invoice.total - paid
    status = invoice.status
    if status is InvoiceStatus.PAID:
        balance = 0
    elif status is InvoiceStatus.OPEN and balance <= 0:
        status = InvoiceStatus.PAID
    unexplained = max(0, invoice.total - paid - balance)
    return replace(invoice, status=status, stated_balance=balance, paid_at_issue=unexplained)
