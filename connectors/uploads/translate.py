"""Lines of a file into rows to be kept: each alone, so that one that makes no sense is set aside and the rest goes on.

Pure. Whatever an export does not say is made from what it does: an id from the number or the name, a payment's id from
its content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

import msgspec

from connectors.errors import SkipRecord
from connectors.uploads.values import Row
from engine.books import (
    CreditKind,
    CreditRecord,
    CustomerRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    PaymentRecord,
)
from engine.keys import is_fee_reference
from engine.uploads import RECORDS, Record, UploadedRow

STATUSES: dict[str, InvoiceStatus | None] = dict.fromkeys(
    (
        *("", "open", "sent", "unpaid", "overdue", "partial", "part paid", "partially paid", "approved", "authorised"),
        *("abierta", "enviada", "pendiente", "vencida", "parcial"),
    )
) | {
    **dict.fromkeys(("paid", "pagada", "cobrada"), InvoiceStatus.PAID),
    **dict.fromkeys(("draft", "borrador"), InvoiceStatus.DRAFT),
    "deleted": InvoiceStatus.DELETED,
    **dict.fromkeys(("void", "voided", "cancelled", "canceled", "written off", "anulada"), InvoiceStatus.VOIDED),
}
"""Words in use → status; None where the balance decides between open and paid."""
A_STATUS = "one of " + ", ".join(filter(None, STATUSES))
LONGEST_ID = 64


class Translator:
    """Translates the files of one upload; it remembers which ids it has met.

    `home` is the currency left unsaid; `kept` are the customers and invoices of former uploads, whom files may name.
    """

    def __init__(self, home: str, kept: Iterable[UploadedRow] = ()) -> None:
        self._home = home
        self._met: Counter[tuple[str, str]] = Counter()
        self._customers: dict[str, str] = {}
        self._billed: dict[str, str] = {}
        for row in kept:
            record = msgspec.json.decode(row.record, type=RECORDS[row.entity])
            self._remember(record)

    def row(self, row: Row) -> UploadedRow:
        """Raises SkipRecord, naming the row's id where it has one."""
        return {
            "customer": self._customer,
            "invoice": self._invoice,
            "payment": self._payment,
            "credit_note": self._credit,
        }[row.entity](row)

    def _customer(self, row: Row) -> UploadedRow:
        name = row.needed("name")
        self._meet(row, row.text("id") or digest(name.casefold()))
        record = CustomerRecord(
            id=row.id,
            name=name,
            email=row.text("email").replace(";", ","),
            phone=row.text("phone"),
            currency=row.currency(self._home),
            country=row.country(),
        )
        self._remember(record)
        return _kept(row, record, row.id)

    def _invoice(self, row: Row) -> UploadedRow:
        """As if nothing were paid, or as its balance column says; the payments are looked at when it is read."""
        number = row.needed("number")
        self._meet(row, row.text("id") or number)
        currency = row.currency(self._home)
        total = row.amount("total", currency)
        if total < 0:
            raise row.bad("total", "an invoice over nothing or more; credits have a file of their own")
        has_balance = bool(row.text("balance"))
        word = row.text("status").casefold()
        if word not in STATUSES:
            raise row.bad("status", A_STATUS)
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
            # A fee of ours is known again by its mark, wherever the owner has put it.
            reference=number if is_fee_reference(number) else row.text("reference"),
        )
        self._remember(record)
        return _kept(row, record, record.customer_id, states_balance=has_balance)

    def _payment(self, row: Row) -> UploadedRow:
        currency = row.currency(self._home)
        amount, paid_on = self._positive(row, currency), row.day("paid_on")
        if row.text("id"):
            self._meet(row, row.text("id"))
        else:
            self._count(row, paid_on.isoformat(), str(amount))
        record = PaymentRecord(
            id=row.id,
            customer_id=self._whose(row),
            status=DocumentStatus.POSTED,
            paid_on=paid_on,
            currency=currency,
            total=amount,
            reference=row.text("reference"),
        )
        return _kept(row, record, record.customer_id, applies_to=row.text("invoice"))

    def _credit(self, row: Row) -> UploadedRow:
        number = row.needed("number")
        self._meet(row, row.text("id") or number)
        currency = row.currency(self._home)
        amount = self._positive(row, currency)
        record = CreditRecord(
            id=row.id,
            kind=CreditKind.CREDIT_NOTE,
            customer_id=self._whose(row),
            number=number,
            status=DocumentStatus.POSTED,
            issued_on=row.day("issued_on"),
            currency=currency,
            total=amount,
            remaining=0,
            reference=row.text("reference"),
        )
        return _kept(row, record, record.customer_id, applies_to=row.text("invoice"))

    def _positive(self, row: Row, currency: str) -> int:
        """What was paid or credited, and for whom at all."""
        amount = row.amount("amount", currency)
        if not (row.text("customer") or row.text("invoice")):
            raise row.bad("customer", "a customer or an invoice")
        if amount <= 0:
            raise row.bad("amount", "more than nothing")
        return amount

    def _customer_of(self, row: Row) -> str:
        """By id or by name. Raises SkipRecord for one whom no file has: nobody could be written to."""
        named = row.needed("customer")
        if named not in self._customers:
            raise row.bad("customer", "somebody in the file of customers")
        return self._customers[named]

    def _whose(self, row: Row) -> str:
        """Of the customer it names, else of the one whose invoice it names."""
        return self._customer_of(row) if row.text("customer") else self._billed.get(row.text("invoice"), "")

    def _remember(self, record: Record) -> None:
        """Later rows may name it."""
        if isinstance(record, CustomerRecord):
            self._customers |= {record.name: record.id, record.id: record.id}
        elif isinstance(record, InvoiceRecord):
            self._billed |= {record.number: record.customer_id, record.id: record.customer_id}

    def _meet(self, row: Row, id: str) -> None:
        self._met[row.entity, id] += 1
        if self._met[row.entity, id] > 1:
            raise SkipRecord(row.entity, f"row-{row.line}", f"Row {row.line}: “{id[:80]}” is in the file twice.")
        if len(id) > LONGEST_ID:
            raise SkipRecord(row.entity, f"row-{row.line}", f"Row {row.line}: “{id[:80]}…” is too long for a number.")
        row.name(id)

    def _count(self, row: Row, day: str, amount: str) -> None:
        """A name for a payment without one: two alike on one day are two payments, and the second is the second."""
        said = (row.text("customer"), row.text("invoice"), day, amount, row.text("reference"))
        content = digest("\x1f".join(said))
        self._met["payment", content] += 1
        row.name(f"{content}-{self._met['payment', content]}")


def digest(text: str) -> str:
    """An id for what has none. Of a name nothing can be read from it: an id outlives the erasing of a customer."""
    return sha256(text.encode()).hexdigest()[:16]


def _kept(
    row: Row, record: Record, customer_id: str, *, applies_to: str = "", states_balance: bool = False
) -> UploadedRow:
    return UploadedRow(
        entity=row.entity,
        id=row.id,
        customer_id=customer_id,
        record=msgspec.json.encode(record).decode(),
        applies_to=applies_to,
        states_balance=states_balance,
    )
