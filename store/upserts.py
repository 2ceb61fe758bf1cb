"""Records into rows: which of them differ from what is stored, and the bulk write of those.

Every row keeps the fingerprint of the record it was made from. A page read again costs one look-up of fingerprints and
writes nothing; and what did change is known without having the database return rows, which costs four times the write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeAlias

from msgspec import Struct, field, json
from msgspec.structs import asdict
from sqlalchemy import Table, select
from sqlmodel import Session

from engine.books import AllocationRecord, CreditRecord, CustomerRecord, InvoiceRecord, PaymentRecord
from store.sql import among, chunks, insert_many, run, table_of, upsert
from store.tables import ContactPerson, CreditNote, Customer, Invoice, Payment

CUSTOMER = table_of(Customer)
PERSON = table_of(ContactPerson)
INVOICE = table_of(Invoice)
PAYMENT = table_of(Payment)
CREDIT = table_of(CreditNote)

Record: TypeAlias = CustomerRecord | InvoiceRecord | PaymentRecord | CreditRecord
Key: TypeAlias = tuple[str, str]
"""(kind, id) of a document; the kind is a credit's own, or the name of its table."""

Allocations: TypeAlias = Mapping[Key, Sequence[AllocationRecord]]

_encode = json.Encoder().encode


class Changed(Struct):
    """What a write changed: keys of the documents, and the customers they belong to now or belonged to before."""

    keys: set[Key] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)


def write_customers(session: Session, company_id: int, records: Iterable[CustomerRecord]) -> Changed:
    """Write the customers that differ, each with its contact persons."""
    rows = {("customer", record.id): _row(company_id, record, ()) for record in records}
    people = {record.id: record.people for record in records}
    changed = _write(session, company_id, CUSTOMER, rows)
    changed.customers = {customer_id for _, customer_id in changed.keys}
    _replace_people(session, company_id, {customer_id: people[customer_id] for customer_id in changed.customers})
    return changed


def write_invoices(session: Session, company_id: int, records: Iterable[InvoiceRecord]) -> Changed:
    """Write the invoices that differ. Their balance is the platform's until `store.balances` recomputes it."""
    return _write(session, company_id, INVOICE, {("invoice", r.id): _row(company_id, r, ()) for r in records})


def write_payments(
    session: Session, company_id: int, records: Iterable[PaymentRecord], allocations: Allocations
) -> Changed:
    """Write the payments that differ, or whose allocations do."""
    rows = {("payment", r.id): _row(company_id, r, allocations.get(("payment", r.id), ())) for r in records}
    return _write(session, company_id, PAYMENT, rows)


def write_credits(
    session: Session, company_id: int, records: Iterable[CreditRecord], allocations: Allocations
) -> Changed:
    """Write the credits that differ, or whose allocations do."""
    keyed = [((record.kind.value, record.id), record) for record in records]
    return _write(
        session, company_id, CREDIT, {key: _row(company_id, record, allocations.get(key, ())) for key, record in keyed}
    )


def _row(company_id: int, record: Record, allocations: Sequence[AllocationRecord]) -> dict[str, Any]:
    content = _encode(record) + (_encode(sorted(allocations, key=_place)) if allocations else b"")
    row = asdict(record)
    row["company_id"] = company_id
    row["fingerprint"] = blake2b(content, digest_size=16).hexdigest()
    # Plain text for the drivers: one of them would store an enum's name.
    if isinstance(record, CustomerRecord):
        del row["people"]
        return row
    row["status"] = record.status.value
    if isinstance(record, InvoiceRecord):
        row["balance"] = record.stated_balance
        row["has_drift"] = False
    elif isinstance(record, CreditRecord):
        row["kind"] = record.kind.value
    return row


def _place(allocation: AllocationRecord) -> tuple[str, int]:
    return allocation.invoice_id, allocation.position


def _write(session: Session, company_id: int, table: Table, rows: Mapping[Key, dict[str, Any]]) -> Changed:
    """Write the rows whose fingerprint is new, and tell which they were."""
    changed = Changed()
    if not rows:
        return changed
    stored = _stored(session, company_id, table, [record_id for _, record_id in rows])
    fresh = []
    for key, row in rows.items():
        fingerprint, customer_id = stored.get(key, ("", None))
        if fingerprint != row["fingerprint"]:
            fresh.append(row)
            changed.keys.add(key)
            changed.customers.update(name for name in (customer_id, row.get("customer_id")) if name is not None)
    upsert(session, table, fresh)
    return changed


def _stored(session: Session, company_id: int, table: Table, ids: Sequence[str]) -> dict[Key, tuple[str, str | None]]:
    """Fingerprint and customer of the stored rows with these ids."""
    kind = table.c.kind if table is CREDIT else None
    columns = [table.c.id, table.c.fingerprint]
    columns += [] if table is CUSTOMER else [table.c.customer_id]
    columns += [] if kind is None else [kind]
    found: dict[Key, tuple[str, str | None]] = {}
    for some in chunks(ids):
        wanted = select(*columns).where(table.c.company_id == company_id, among(session, table.c.id, some))
        for row in session.connection().execute(wanted).mappings():
            key = (row["kind"] if kind is not None else table.name, row["id"])
            found[key] = (row["fingerprint"], row.get("customer_id"))
    return found


def _replace_people(session: Session, company_id: int, people: Mapping[str, Sequence[Any]]) -> None:
    for some in chunks(people):
        here = (PERSON.c.company_id == company_id) & among(session, PERSON.c.customer_id, some)
        run(session, PERSON.delete().where(here))
    rows = [
        {"company_id": company_id, "customer_id": customer_id, "position": position, **asdict(person)}
        for customer_id, members in people.items()
        for position, person in enumerate(members)
    ]
    insert_many(session, PERSON, rows)
