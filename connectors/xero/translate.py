"""Xero's records into ours: each alone, so that one that makes no sense is set aside and the rest of its page goes on.

Only sales count: bills, refunds and supplier credits are left out without a word, for they are no mistake. An empty
list inside a record may stand for "not loaded": nothing is concluded from one, but for a credit's own allocations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

import msgspec

from connectors.errors import SkipRecord
from connectors.pages import set_aside
from connectors.texts import LONGEST_ID, text
from connectors.xero import shapes, words
from connectors.xero.shapes import Envelope
from connectors.xero.values import RecordReader, country_code
from connectors.xero.zones import iana_zone
from engine.books import (
    AllocationRecord,
    CompanyRecord,
    ContactPersonRecord,
    CreditKind,
    CreditRecord,
    CustomerRecord,
    InvoiceRecord,
    InvoiceStatus,
    PaymentRecord,
    SetAside,
)

_ORGANISATION = msgspec.json.Decoder(shapes.Organisation)

Ours = TypeVar("Ours")
Allocated = tuple[AllocationRecord, ...]


def each(
    entity: str,
    id_field: str,
    shape: type[shapes.Shape],
    answer: Envelope,
    convert: Callable[[Any], Ours | None],
    aside: list[SetAside],
) -> list[Ours]:
    """Convert an answer's records, leaving out what is not ours and adding what makes no sense to `aside`."""
    if answer.shaped is not None:
        try:
            return [ours for ours in map(convert, answer.shaped) if ours is not None]
        except (SkipRecord, ArithmeticError):
            # One of them, at least: which, and in what words, shows when each is read alone.
            pass
    good: list[Ours] = []
    decoder = msgspec.json.Decoder(shape)
    for raw in answer.records:
        try:
            converted = convert(decoder.decode(raw))
        except (SkipRecord, ArithmeticError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            reason = error.reason if isinstance(error, SkipRecord) else f"the record cannot be read: {error}"
            aside.append(set_aside(entity, _id_of(raw, id_field), reason, raw))
        else:
            if converted is not None:
                good.append(converted)
    return good


def _id_of(raw: bytes, field: str) -> str:
    try:
        record: Any = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return text(str(record.get(field) or ""))[:LONGEST_ID] if isinstance(record, dict) else ""


def customer(contact: shapes.Contact) -> CustomerRecord:
    read = RecordReader("customer", contact.contact_id or "")
    return CustomerRecord(
        id=read.checked_id("ContactID", contact.contact_id),
        name=read.required("Name", text(contact.name)),
        email=text(contact.email_address),
        phone=_phone(contact.phones or ()),
        currency=read.currency("DefaultCurrency", contact.default_currency) if contact.default_currency else "",
        country=_country(contact.addresses or ()),
        is_active=read.choice("ContactStatus", contact.contact_status, words.CONTACT_STATUSES),
        merged_into_id=_merged_into(read, contact),
        people=tuple(_person(read, person) for person in contact.contact_persons or () if person.email_address),
        version=contact.updated_date_utc or "",
        updated_at=read.optional_instant("UpdatedDateUTC", contact.updated_date_utc),
    )


def _merged_into(read: RecordReader, contact: shapes.Contact) -> str | None:
    survivor = contact.merged_to_contact_id
    return read.checked_id("MergedToContactID", survivor) if survivor else None


def _person(read: RecordReader, person: shapes.Person) -> ContactPersonRecord:
    return ContactPersonRecord(
        name=text(f"{person.first_name or ''} {person.last_name or ''}"),
        email=text(person.email_address),
        is_included=bool(read.flag("IncludeInEmails", person.include_in_emails)),
    )


def _phone(phones: Iterable[shapes.Phone]) -> str:
    by_type = {phone.phone_type: phone for phone in phones if phone.phone_number}
    chosen = by_type.get("DEFAULT") or by_type.get("MOBILE") or by_type.get("DDI")
    if chosen is None:
        return ""
    country = f"+{chosen.phone_country_code.lstrip('+')}" if chosen.phone_country_code else ""
    return text(" ".join(part for part in (country, chosen.phone_area_code, chosen.phone_number) if part))


def _country(addresses: Iterable[shapes.Address]) -> str:
    by_type = {address.address_type: country_code(address.country) for address in addresses}
    # POBOX is where Xero prints invoices to; STREET is where the customer is.
    return by_type.get("POBOX") or by_type.get("STREET") or ""


def invoice(found: shapes.Invoice) -> InvoiceRecord | None:
    """None for a bill."""
    read = RecordReader("invoice", found.invoice_id or "")
    if not read.choice("Type", found.type, words.INVOICE_TYPES):
        return None
    currency = read.currency("CurrencyCode", found.currency_code)
    status = read.choice("Status", found.status, words.INVOICE_STATUSES)
    issued_on = read.day("Date", found.date)
    total = read.amount("Total", found.total, currency)
    return InvoiceRecord(
        id=read.checked_id("InvoiceID", found.invoice_id),
        customer_id=_customer_id(read, found.contact),
        number=text(found.invoice_number),
        status=status,
        issued_on=issued_on,
        due_on=_due_on(read, found, status, issued_on),
        currency=currency,
        total=total,
        # Nearly every invoice owes nothing or all of it.
        stated_balance=total
        if found.amount_due == found.total
        else read.amount("AmountDue", found.amount_due, currency),
        is_sent=read.flag("SentToContact", found.sent_to_contact),
        reference=text(found.reference),
        settled_on=read.optional_day("FullyPaidOnDate", found.fully_paid_on_date),
        expected_on=read.optional_day("ExpectedPaymentDate", found.expected_payment_date),
        version=found.updated_date_utc or "",
        updated_at=read.optional_instant("UpdatedDateUTC", found.updated_date_utc),
    )


def _due_on(read: RecordReader, found: shapes.Invoice, status: InvoiceStatus, issued_on: date) -> date:
    # Drafts may be incomplete, and what is void or deleted may have been a draft: nobody is asked to pay those.
    if not found.due_date and status not in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
        return issued_on
    return read.day("DueDate", found.due_date)


def _customer_id(read: RecordReader, contact: shapes.ContactLink | None) -> str:
    return read.checked_id("Contact.ContactID", contact.contact_id if contact else None)


def payment(found: shapes.Payment) -> tuple[PaymentRecord, Allocated] | None:
    """None for a refund or a payment of a bill. A payment pays exactly one invoice, so nothing of it is unapplied."""
    read = RecordReader("payment", found.payment_id or "")
    if not read.choice("PaymentType", found.payment_type, words.PAYMENT_TYPES):
        return None
    paid = read.required("Invoice", found.invoice)
    currency = read.currency("Invoice.CurrencyCode", paid.currency_code)
    record = PaymentRecord(
        id=read.checked_id("PaymentID", found.payment_id),
        customer_id=_customer_id(read, paid.contact),
        status=read.choice("Status", found.status, words.PAYMENT_STATUSES),
        paid_on=read.day("Date", found.date),
        currency=currency,
        total=read.amount("Amount", found.amount, currency),
        reference=text(found.reference),
        version=found.updated_date_utc or "",
        updated_at=read.optional_instant("UpdatedDateUTC", found.updated_date_utc),
    )
    allocation = AllocationRecord(
        source_kind="payment",
        source_id=record.id,
        invoice_id=read.checked_id("Invoice.InvoiceID", paid.invoice_id),
        position=0,
        amount=record.total,
        currency=currency,
        allocated_on=record.paid_on,
    )
    return record, (allocation,)


def credit(kind: CreditKind, found: shapes.Credit) -> tuple[CreditRecord, Allocated] | None:
    """None for a supplier's credit."""
    record_id = found.credit_note_id or found.overpayment_id or found.prepayment_id
    read = RecordReader(kind.value, record_id or "")
    if not read.choice("Type", found.type, words.CREDIT_TYPES[kind]):
        return None
    currency = read.currency("CurrencyCode", found.currency_code)
    record = CreditRecord(
        id=read.checked_id("id", record_id),
        kind=kind,
        customer_id=_customer_id(read, found.contact),
        number=text(found.credit_note_number or found.invoice_number),
        status=read.choice("Status", found.status, words.CREDIT_STATUSES),
        issued_on=read.day("Date", found.date),
        currency=currency,
        total=read.amount("Total", found.total, currency),
        remaining=read.amount("RemainingCredit", found.remaining_credit, currency),
        reference=text(found.reference),
        version=found.updated_date_utc or "",
        updated_at=read.optional_instant("UpdatedDateUTC", found.updated_date_utc),
    )
    return record, _allocations(read, record, found.allocations or ())


def _allocations(read: RecordReader, source: CreditRecord, found: Iterable[shapes.Allocation]) -> Allocated:
    # Allocation dates are taken from the credit, never from the invoice: inside an invoice Xero shows another date when
    # it is fetched by id than when it comes from a query (a known fault of the API).
    return tuple(
        AllocationRecord(
            source_kind=source.kind.value,
            source_id=source.id,
            invoice_id=read.checked_id("Allocations.Invoice", part.invoice.invoice_id if part.invoice else None),
            position=position,
            amount=read.amount("Allocations.Amount", part.amount, source.currency),
            currency=source.currency,
            allocated_on=read.optional_day("Allocations.Date", part.date) or source.issued_on,
        )
        for position, part in enumerate(found)
        if not read.flag("Allocations.IsDeleted", part.is_deleted)
    )


def company(raw: bytes, external_id: str, sends_own_reminders: bool | None) -> CompanyRecord:
    """Raises SkipRecord when an organisation makes no sense."""
    found = _ORGANISATION.decode(raw)
    read = RecordReader("company", external_id)
    locks = [
        read.optional_day("PeriodLockDate", found.period_lock_date),
        read.optional_day("EndOfYearLockDate", found.end_of_year_lock_date),
    ]
    return CompanyRecord(
        external_id=external_id,
        name=read.required("Name", found.name),
        legal_name=found.legal_name or "",
        country=country_code(found.country_code),
        base_currency=read.currency("BaseCurrency", found.base_currency),
        time_zone=iana_zone(found.timezone or ""),
        lock_on=max((lock for lock in locks if lock), default=None),
        sends_own_reminders=sends_own_reminders,
    )
