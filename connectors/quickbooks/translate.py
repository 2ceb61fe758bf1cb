"""QuickBooks Online's documents in our words. Platform words stop here.

Pure. QuickBooks has no status field on an invoice: where it stands is derived from its total, balance and memo.

How credits reach invoices. QuickBooks applies a credit memo by a payment: positive lines for the invoices, positive
lines for the credits that pay for them, `TotalAmt` = Σ invoice lines − Σ credit lines + `UnappliedAmt`, so that a
pure credit application is a payment of zero. The payment is the only document that knows which invoice got how much,
and it alone is changed, voided or deleted when that is undone. So every invoice line becomes an allocation whose source
is that payment, whoever funds it: Σ allocations and the deposit explain each invoice's balance, and undoing the
payment takes back exactly what it gave. What a credit has left is stated by QuickBooks itself. A line may link to
journal entries, checks or expenses as well: they move money, but no invoice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Raw, Struct

from connectors import references
from connectors.errors import SkipRecord
from connectors.quickbooks import shapes
from connectors.quickbooks.fields import (
    amount,
    checked_id,
    currency_of,
    explained,
    https_link,
    is_sent,
    needed_day,
    ref_id,
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

STATUSES = frozenset({"Deleted", "Voided", "Draft", "Pending", "InTransit", "Synchronized", "SyncError"})
"""Every value of `status` in the platform's schema. Source: XSD `EntityStatusEnum`."""
_TERM = msgspec.json.Decoder(shapes.Term, strict=False)
LONGEST_TERM = 999
"""Days: as many as QuickBooks lets a term have."""
Terms = dict[str, tuple[Decimal, int]]
"""Early-payment terms by id: (per cent, days). Terms without a discount are not kept."""
NO_DISCOUNT = (None, None)
D = TypeVar("D", bound=shapes.Document)


class Facts(Struct, frozen=True):
    """What a document is read against: the home currency, which single-currency companies never name, and the terms."""

    home: str
    terms: Terms


class Gone(Struct, frozen=True):
    """A tombstone: change data capture says that the document is no more, and nothing else about it."""

    entity: str
    id: str


Record = CustomerRecord | InvoiceRecord | PaymentRecord | CreditRecord | AllocationRecord | Gone


class Reading(Struct, frozen=True, gc=False):
    """One raw record, read: `records` in our words (a payment brings its allocations), and when it last changed."""

    id: str
    updated_at: datetime | None
    records: tuple[Record, ...]


def read(entity: str, raw: Raw | bytes, facts: Facts) -> Reading:
    """One record of `entity`: "customer", "invoice", "payment" or "credit_note". Raises SkipRecord and nothing else."""
    try:
        return understood(entity, _KINDS[entity].decode(raw), facts)
    except SkipRecord as error:
        raise SkipRecord(entity, guess_id(raw), error.reason) from None
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise SkipRecord(entity, guess_id(raw), explained(raw, error)) from None


def understood(entity: str, document: Any, facts: Facts) -> Reading:
    """One decoded record of `entity`. Raises SkipRecord, ArithmeticError or ValueError where it makes no sense."""
    id = checked_id("Id", document.id)
    at = updated_at(document)
    if document.status is not None:
        if document.status not in STATUSES:
            raise unfit("status", document.status, "one of the statuses we know")
        if document.status == "Deleted":
            return Reading(id, at, (Gone(entity, id),))
    return Reading(id, at, _KINDS[entity].translate(document, facts, at))


def read_terms(raws: Iterable[Raw]) -> Terms:
    """The terms with an early-payment discount counted in days. One that cannot be read offers none."""
    terms: Terms = {}
    for raw in raws:
        try:
            term = _TERM.decode(raw)
            percent, days = term.discount_percent or Decimal(0), term.discount_days or 0
            if term.status is None and 0 < days <= LONGEST_TERM and 0 < percent < 100:
                terms[term.id] = (percent, days)
        except (ArithmeticError, ValueError, RecursionError):
            continue
    return terms


def guess_id(raw: Raw | bytes) -> str:
    """The id of a record that cannot be read; where even that fails, a name made from its content."""
    try:
        id = msgspec.json.decode(raw, type=shapes.Identified).id
        if is_id(id):
            return id
    except (ValueError, RecursionError):
        pass
    return "unknown-" + hashlib.sha256(bytes(raw)).hexdigest()[:12]


def _customer(document: shapes.Customer, facts: Facts, at: datetime | None) -> tuple[Record, ...]:
    name = text(document.display_name)
    if not name:
        raise unfit("DisplayName", document.display_name, "a name")
    phone = document.primary_phone or document.mobile
    country = text(document.bill_addr.country if document.bill_addr else None).upper()
    record = CustomerRecord(
        id=document.id,
        name=name,
        email=text(document.primary_email_addr.address if document.primary_email_addr else None),
        phone=text(phone.free_form_number if phone else None),
        currency=currency_of(document.currency_ref, facts.home),
        country=country if re.fullmatch("[A-Z]{2}", country) else "",
        is_active=document.active is not False,
        parent_id=_parent_of(document),
        is_billed_with_parent=bool(document.bill_with_parent),
        version=text(document.sync_token),
        updated_at=at,
    )
    return (record,)


def _parent_of(document: shapes.Customer) -> str | None:
    parent = ref_id(document.parent_ref)
    return checked_id("ParentRef", parent) if parent else None


def _invoice(document: shapes.Invoice, facts: Facts, at: datetime | None) -> tuple[Record, ...]:
    currency = currency_of(document.currency_ref, facts.home)
    issued_on = needed_day("TxnDate", document.txn_date)
    total = amount("TotalAmt", document.total_amt, currency)
    # Nearly every invoice owes nothing or all of it.
    balance = total if document.balance == document.total_amt else amount("Balance", document.balance, currency)
    percent, days = facts.terms.get(ref_id(document.sales_term_ref), NO_DISCOUNT) if facts.terms else NO_DISCOUNT
    record = InvoiceRecord(
        id=document.id,
        customer_id=checked_id("CustomerRef", ref_id(document.customer_ref)),
        number=text(document.doc_number),
        status=_invoice_status(document, balance),
        issued_on=issued_on,
        # Without a term, an invoice is due the day it is dated.
        due_on=document.due_date or issued_on,
        currency=currency,
        total=total,
        stated_balance=balance,
        paid_at_issue=amount("Deposit", document.deposit, currency) if document.deposit else 0,
        is_sent=is_sent(document.email_status),
        reference=references.marked(document.private_note) if document.private_note else "",
        discount_percent=percent,
        discount_days=days,
        email=text(document.bill_email.address if document.bill_email else None),
        url=https_link(document.invoice_link) if document.invoice_link else "",
        version=text(document.sync_token),
        updated_at=at,
    )
    return (record,)


def _invoice_status(document: shapes.Invoice, balance: int) -> InvoiceStatus:
    if _is_voided(document):
        return InvoiceStatus.VOIDED
    if document.status in ("Draft", "Pending"):
        return InvoiceStatus.DRAFT
    return InvoiceStatus.OPEN if balance > 0 else InvoiceStatus.PAID


def _payment(document: shapes.Payment, facts: Facts, at: datetime | None) -> tuple[Record, ...]:
    currency = currency_of(document.currency_ref, facts.home)
    paid_on = needed_day("TxnDate", document.txn_date)
    lines = document.line or []
    is_voided = _is_voided(document) and not lines
    record = PaymentRecord(
        id=document.id,
        customer_id=checked_id("CustomerRef", ref_id(document.customer_ref)),
        status=DocumentStatus.VOIDED if is_voided else DocumentStatus.POSTED,
        paid_on=paid_on,
        currency=currency,
        total=amount("TotalAmt", document.total_amt, currency),
        unapplied=amount("UnappliedAmt", document.unapplied_amt or Decimal(0), currency),
        reference=text(document.payment_ref_num),
        version=text(document.sync_token),
        updated_at=at,
    )
    return (record, *_allocations(record, lines))


def _allocations(payment: PaymentRecord, lines: Iterable[shapes.PaymentLine]) -> Iterator[AllocationRecord]:
    for position, line in enumerate(lines):
        invoice_id = _invoice_of(line)
        if invoice_id is not None:
            yield AllocationRecord(
                source_kind="payment",
                source_id=payment.id,
                invoice_id=invoice_id,
                position=position,
                amount=amount("Line.Amount", line.amount, payment.currency),
                currency=payment.currency,
                allocated_on=payment.paid_on,
            )


def _invoice_of(line: shapes.PaymentLine) -> str | None:
    """The invoice that a payment's line pays; None for a line that is about something else."""
    links = [link.txn_id for link in line.linked_txn or [] if link.txn_type == "Invoice"]
    if not links:
        return None
    if len(links) > 1:
        raise unfit("Line.LinkedTxn", f"{len(links)} invoices", "one invoice on a line, to know what each got")
    return checked_id("Line.LinkedTxn.TxnId", links[0])


def _credit(document: shapes.CreditMemo, facts: Facts, at: datetime | None) -> tuple[Record, ...]:
    currency = currency_of(document.currency_ref, facts.home)
    left = document.remaining_credit if document.remaining_credit is not None else document.balance
    record = CreditRecord(
        id=document.id,
        kind=CreditKind.CREDIT_NOTE,
        customer_id=checked_id("CustomerRef", ref_id(document.customer_ref)),
        number=text(document.doc_number),
        status=DocumentStatus.VOIDED if _is_voided(document) else DocumentStatus.POSTED,
        issued_on=needed_day("TxnDate", document.txn_date),
        currency=currency,
        total=amount("TotalAmt", document.total_amt, currency),
        remaining=amount("RemainingCredit", left, currency),
        version=text(document.sync_token),
        updated_at=at,
    )
    return (record,)


class _Kind(NamedTuple):
    """One kind of document: how it is decoded, and the function that turns that into our words."""

    decode: Callable[[Raw | bytes], Any]
    translate: Callable[[Any, Facts, datetime | None], tuple[Record, ...]]


def _kind(shape: type[D], translate: Callable[[D, Facts, datetime | None], tuple[Record, ...]]) -> _Kind:
    return _Kind(msgspec.json.Decoder(shape, strict=False).decode, translate)


_KINDS: Mapping[str, _Kind] = {
    "customer": _kind(shapes.Customer, _customer),
    "invoice": _kind(shapes.Invoice, _invoice),
    "payment": _kind(shapes.Payment, _payment),
    "credit_note": _kind(shapes.CreditMemo, _credit),
}


def _is_voided(document: shapes.Transaction) -> bool:
    """The platform's marks of a void: nothing left of the total, and "Voided" put before the memo."""
    if document.total_amt:
        return False
    return (document.private_note or "").startswith("Voided") or document.status == "Voided"
