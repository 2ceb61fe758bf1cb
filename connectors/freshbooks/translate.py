"""FreshBooks' objects in our words. Platform words stop here.

Pure. A payment belongs to one invoice, and its amount is the part that reached it: what was paid too much stands in
another payment, without an invoice, and in the client's credit. So every payment on an invoice becomes one allocation;
one that was taken from credit is no money received, and becomes an applied credit instead. What a client has left in
credit is told by client and currency (`credit_balance`), not by credit note: the credit notes themselves do not say
what is left of them, nor when they changed. There is no void: what is not to be is deleted, and can be brought back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from connectors.errors import Refused, SkipRecord
from connectors.freshbooks import shapes
from connectors.freshbooks.faults import TITLE
from connectors.freshbooks.fields import (
    EASTERN,
    amount,
    checked_id,
    country_code,
    currency_of,
    needed_day,
    unfit,
    updated_at,
)
from connectors.texts import is_id, text
from engine.books import (
    AllocationRecord,
    CreditKind,
    CreditRecord,
    CustomerRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    PaymentRecord,
)
from engine.keys import is_fee_reference

DELETED, ARCHIVED = 1, 2
NOT_ISSUED = frozenset({"draft", "created"})
ISSUED = frozenset(
    {"sent", "viewed", "failed", "retry", "success", "autopaid", "auto-paid", "paid", "partial", "disputed", "resolved"}
    | {"overdue", "declined", "pending", "deposit-partial", "deposit-paid", "outstanding"}
)
"""Values of `v3_status`. Source: FreshBooks, "Invoices", v3 statuses; freshbooks-nodejs-sdk, `Invoices.ts`."""
Record = CustomerRecord | InvoiceRecord | PaymentRecord | CreditRecord | AllocationRecord
R = TypeVar("R", bound=shapes.Row)
Place = tuple[str, str]
"""(entity, id)"""


class Reading(Struct, frozen=True, gc=False):
    """One raw record, read: `records` in our words, what is `gone`, and the invoice that a payment is about."""

    id: str
    records: tuple[Record, ...] = ()
    gone: tuple[Place, ...] = ()
    invoice_id: str = ""


def read(entity: str, raw: Raw | bytes) -> Reading:
    """One record: "customer", "invoice", "payment" or "credit_note". Raises SkipRecord and nothing else."""
    shape, translate = _KINDS[entity]
    try:
        row = msgspec.json.decode(raw, type=shape, strict=False)
        return translate(checked_id("id", row.id), row)
    except SkipRecord as error:
        raise SkipRecord(entity, guess_id(raw), error.reason) from None
    except (ArithmeticError, ValueError, RecursionError) as error:
        reason = f"The record cannot be read: {str(error)[:200]}"
        raise SkipRecord(entity, guess_id(raw), reason) from None


def decoded(raw: Raw, shape: type[R]) -> R:
    """One object that ours rest on. Raises Refused for one that makes no sense."""
    try:
        return msgspec.json.decode(raw, type=shape, strict=False)
    except (ArithmeticError, ValueError, RecursionError):
        raise Refused(f"{TITLE} shows something that Dunwell cannot read. Do this one by hand.") from None


def guess_id(raw: Raw | bytes) -> str:
    """The id of a record that cannot be read; where even that fails, a name made from its content."""
    try:
        id = str(msgspec.json.decode(raw, type=dict[str, Any]).get("id"))
        if is_id(id) and id != "None":
            return id
    except (ValueError, RecursionError):
        pass
    return "unknown-" + hashlib.sha256(bytes(raw)).hexdigest()[:12]


def credit_id(client_id: str, currency: str) -> str:
    """Our name for what a client has in credit in one currency."""
    return f"client-{client_id}-{currency}"


def _client(id: str, row: shapes.Client) -> Reading:
    if row.vis_state == DELETED:
        return Reading(id, gone=(("customer", id),))
    person = " ".join(filter(None, (text(row.fname), text(row.lname))))
    name = text(row.organization) or person or text(row.email)
    if not name:
        raise unfit("organization", row.organization, "a name")
    record = CustomerRecord(
        id=id,
        name=name,
        email=text(row.email),
        phone=text(row.bus_phone) or text(row.mob_phone) or text(row.home_phone),
        currency=text(row.currency_code),
        country=country_code(row.p_country),
        is_active=row.vis_state != ARCHIVED,
        updated_at=updated_at(row.updated),
    )
    return Reading(id, (record,))


def _invoice(id: str, row: shapes.Invoice) -> Reading:
    if row.vis_state == DELETED:
        return Reading(id, gone=(("invoice", id),))
    currency = currency_of("amount", row.amount)
    issued_on = needed_day("create_date", row.create_date)
    outstanding = amount("outstanding", row.outstanding, currency)
    status = _invoice_status(row, outstanding)
    record = InvoiceRecord(
        id=id,
        customer_id=checked_id("customerid", row.customerid),
        number=text(row.invoice_number),
        status=status,
        issued_on=issued_on,
        due_on=row.due_date or issued_on,
        currency=currency,
        total=amount("amount", row.amount, currency),
        stated_balance=outstanding,
        # Marking as sent, without a mail, looks the same as sending: only a look at it proves that it arrived.
        is_sent=True if row.display_status == "viewed" else None,
        reference=next(filter(is_fee_reference, (text(row.po_number), text(row.invoice_number))), ""),
        settled_on=row.date_paid if status == InvoiceStatus.PAID else None,
        updated_at=updated_at(row.updated),
    )
    return Reading(id, (record,))


def _invoice_status(row: shapes.Invoice, outstanding: int) -> InvoiceStatus:
    if row.v3_status in NOT_ISSUED:
        return InvoiceStatus.DRAFT
    if row.v3_status not in ISSUED:
        raise unfit("v3_status", row.v3_status, "one of the statuses we know")
    return InvoiceStatus.OPEN if outstanding > 0 else InvoiceStatus.PAID


def _payment(id: str, row: shapes.Payment) -> Reading:
    invoice_id = checked_id("invoiceid", row.invoiceid) if row.invoiceid else ""
    if row.vis_state == DELETED or not invoice_id:
        return Reading(id, gone=(("payment", id), (CreditKind.CREDIT_NOTE.value, id)), invoice_id=invoice_id)
    currency = currency_of("amount", row.amount)
    paid_on = needed_day("date", row.date)
    part = amount("amount", row.amount, currency)
    source = _credit_taken if row.from_credit else _money_received
    record = source(id, checked_id("clientid", row.clientid), currency, part, paid_on, row)
    allocation = AllocationRecord(
        source_kind=CreditKind.CREDIT_NOTE.value if row.from_credit else "payment",
        source_id=id,
        invoice_id=invoice_id,
        position=0,
        amount=part,
        currency=currency,
        allocated_on=paid_on,
    )
    # What is taken from credit is kept as a credit: where it was set aside as the payment it looks like, that is over.
    gone = (("payment", id),) if row.from_credit else ()
    return Reading(id, (record, allocation), gone, invoice_id)


def _money_received(id: str, client_id: str, currency: str, part: int, on: date, row: shapes.Payment) -> PaymentRecord:
    return PaymentRecord(
        id=id,
        customer_id=client_id,
        status=DocumentStatus.POSTED,
        paid_on=on,
        currency=currency,
        total=part,
        reference=text(row.note),
        updated_at=updated_at(row.updated),
    )


def _credit_taken(id: str, client_id: str, currency: str, part: int, on: date, row: shapes.Payment) -> CreditRecord:
    """The part of a client's credit that reached an invoice: nothing of it is left."""
    return _credit(id, client_id, currency, part, 0, on, updated_at(row.updated))


def _creditor(id: str, row: shapes.Creditor) -> Reading:
    """What a client has left in credit, one record a currency."""
    at = updated_at(row.updated)
    if at is None:
        raise unfit("updated", None, "a time")
    on, records = at.astimezone(EASTERN).date(), []
    for line in row.credit_balance or ():
        currency = currency_of("credit_balance", line.amount)
        left = amount("credit_balance", line.amount, currency)
        if left:
            records.append(_credit(credit_id(id, currency), id, currency, left, left, on, at))
    # Credits have names of their own here: where they were set aside under the client's id, that is over.
    return Reading(id, tuple(records), gone=((CreditKind.CREDIT_NOTE.value, id),))


def _credit(
    id: str, client_id: str, currency: str, total: int, remaining: int, on: date, at: datetime | None
) -> CreditRecord:
    return CreditRecord(
        id=id,
        kind=CreditKind.CREDIT_NOTE,
        customer_id=client_id,
        number="",
        status=DocumentStatus.POSTED,
        issued_on=on,
        currency=currency,
        total=total,
        remaining=remaining,
        updated_at=at,
    )


_KINDS: Mapping[str, tuple[type[shapes.Row], Callable[[str, Any], Reading]]] = {
    "customer": (shapes.Client, _client),
    "invoice": (shapes.Invoice, _invoice),
    "payment": (shapes.Payment, _payment),
    "credit_note": (shapes.Creditor, _creditor),
}
