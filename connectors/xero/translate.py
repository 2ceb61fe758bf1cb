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
from connectors.xero.values import (
    amount,
    checked_id,
    choice,
    country_code,
    currency_code,
    flag,
    needed_day,
    optional_day,
    optional_instant,
    required,
)
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
    return CustomerRecord(
        id=checked_id("ContactID", contact.contact_id),
        name=required("Name", text(contact.name)),
        email=text(contact.email_address),
        phone=_phone(contact.phones or ()),
        currency=currency_code("DefaultCurrency", contact.default_currency) if contact.default_currency else "",
        country=_country(contact.addresses or ()),
        is_active=choice("ContactStatus", contact.contact_status, words.CONTACT_STATUSES),
        merged_into_id=_merged_into(contact),
        people=tuple(_person(person) for person in contact.contact_persons or () if person.email_address),
        version=contact.updated_date_utc or "",
        updated_at=optional_instant("UpdatedDateUTC", contact.updated_date_utc),
    )


def _merged_into(contact: shapes.Contact) -> str | None:
    survivor = contact.merged_to_contact_id
    return checked_id("MergedToContactID", survivor) if survivor else None


def _person(person: shapes.Person) -> ContactPersonRecord:
    return ContactPersonRecord(
        name=text(f"{person.first_name or ''} {person.last_name or ''}"),
        email=text(person.email_address),
        is_included=bool(flag("IncludeInEmails", person.include_in_emails)),
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
    if not choice("Type", found.type, words.INVOICE_TYPES):
        return None
    currency = currency_code("CurrencyCode", found.currency_code)
    status = choice("Status", found.status, words.INVOICE_STATUSES)
    issued_on = needed_day("Date", found.date)
    total = amount("Total", found.total, currency)
    return InvoiceRecord(
        id=checked_id("InvoiceID", found.invoice_id),
        customer_id=_customer_id(found.contact),
        number=text(found.invoice_number),
        status=status,
        issued_on=issued_on,
        due_on=_due_on(found, status, issued_on),
        currency=currency,
        total=total,
        # Nearly every invoice owes nothing or all of it.
        stated_balance=total if found.amount_due == found.total else amount("AmountDue", found.amount_due, currency),
        is_sent=flag("SentToContact", found.sent_to_contact),
        reference=text(found.reference),
        settled_on=optional_day("FullyPaidOnDate", found.fully_paid_on_date),
        expected_on=optional_day("ExpectedPaymentDate", found.expected_payment_date),
        version=found.updated_date_utc or "",
        updated_at=optional_instant("UpdatedDateUTC", found.updated_date_utc),
    )


def _due_on(found: shapes.Invoice, status: InvoiceStatus, issued_on: date) -> date:
    # Drafts may be incomplete, and what is void or deleted may have been a draft: nobody is asked to pay those.
    if not found.due_date and status not in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
        return issued_on
    return needed_day("DueDate", found.due_date)


def _customer_id(contact: shapes.ContactLink | None) -> str:
    return checked_id("Contact.ContactID", contact.contact_id if contact else None)


def payment(found: shapes.Payment) -> tuple[PaymentRecord, Allocated] | None:
    """None for a refund or a payment of a bill. A payment pays exactly one invoice, so nothing of it is unapplied."""
    if not choice("PaymentType", found.payment_type, words.PAYMENT_TYPES):
        return None
    paid = required("Invoice", found.invoice)
    currency = currency_code("Invoice.CurrencyCode", paid.currency_code)
    record = PaymentRecord(
        id=checked_id("PaymentID", found.payment_id),
        customer_id=_customer_id(paid.contact),
        status=choice("Status", found.status, words.PAYMENT_STATUSES),
        paid_on=needed_day("Date", found.date),
        currency=currency,
        total=amount("Amount", found.amount, currency),
        reference=text(found.reference),
        version=found.updated_date_utc or "",
        updated_at=optional_instant("UpdatedDateUTC", found.updated_date_utc),
    )
    allocation = AllocationRecord(
        source_kind="payment",
        source_id=record.id,
        invoice_id=checked_id("Invoice.InvoiceID", paid.invoice_id),
        position=0,
        amount=record.total,
        currency=currency,
        allocated_on=record.paid_on,
    )
    return record, (allocation,)


def credit(kind: CreditKind, found: shapes.Credit) -> tuple[CreditRecord, Allocated] | None:
    """None for a supplier's credit."""
    record_id = found.credit_note_id or found.overpayment_id or found.prepayment_id
    if not choice("Type", found.type, words.CREDIT_TYPES[kind]):
        return None
    currency = currency_code("CurrencyCode", found.currency_code)
    record = CreditRecord(
        id=checked_id("id", record_id),
        kind=kind,
        customer_id=_customer_id(found.contact),
        number=text(found.credit_note_number or found.invoice_number),
        status=choice("Status", found.status, words.CREDIT_STATUSES),
        issued_on=needed_day("Date", found.date),
        currency=currency,
        total=amount("Total", found.total, currency),
        remaining=amount("RemainingCredit", found.remaining_credit, currency),
        reference=text(found.reference),
        version=found.updated_date_utc or "",
        updated_at=optional_instant("UpdatedDateUTC", found.updated_date_utc),
    )
    return record, _allocations(record, found.allocations or ())


def _allocations(source: CreditRecord, found: Iterable[shapes.Allocation]) -> Allocated:
    # Allocation dates are taken from the credit, never from the invoice: inside an invoice Xero shows another date when
    # it is fetched by id than when it comes from a query (a known fault of the API).
    return tuple(
        AllocationRecord(
            source_kind=source.kind.value,
            source_id=source.id,
            invoice_id=checked_id("Allocations.Invoice", part.invoice.invoice_id if part.invoice else None),
            position=position,
            amount=amount("Allocations.Amount", part.amount, source.currency),
            currency=source.currency,
            allocated_on=optional_day("Allocations.Date", part.date) or source.issued_on,
        )
        for position, part in enumerate(found)
        if not flag("Allocations.IsDeleted", part.is_deleted)
    )


def company(raw: bytes, external_id: str, sends_own_reminders: bool | None) -> CompanyRecord:
    """Raises SkipRecord when an organisation makes no sense."""
    found = _ORGANISATION.decode(raw)
    locks = [
        optional_day("PeriodLockDate", found.period_lock_date),
        optional_day("EndOfYearLockDate", found.end_of_year_lock_date),
    ]
    return CompanyRecord(
        external_id=external_id,
        name=required("Name", found.name),
        legal_name=found.legal_name or "",
        country=country_code(found.country_code),
        base_currency=currency_code("BaseCurrency", found.base_currency),
        time_zone=iana_zone(found.timezone or ""),
        lock_on=max((lock for lock in locks if lock), default=None),
        sends_own_reminders=sends_own_reminders,
    )
