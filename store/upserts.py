"""Records into rows: which of them differ from what is stored, and the bulk write of those.

Every row keeps the fingerprint of the record it was made from. A page read again costs one look-up of fingerprints and
writes nothing; and what did change is known without having the database return rows, which costs four times the write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import compress
from typing import Any, TypeAlias

from msgspec import Struct, field, msgpack
from msgspec.structs import asdict, astuple
from sqlalchemy import Select, Table, bindparam, literal, select
from sqlmodel import Session

from engine.books import (
    AllocationRecord,
    ContactPersonRecord,
    CreditRecord,
    CustomerRecord,
    InvoiceRecord,
    PaymentRecord,
)
from store.bulk import Columns, insert_many, upsert_columns
from store.sql import among, among_listed, ask, chunks, is_postgresql, listed, run, table_of
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
NONE: Allocations = {}
NOT_STORED = ("", "")

_encode = msgpack.Encoder().encode


class Changed(Struct):
    """What a write changed: keys of the documents, and the customers they belong to now or belonged to before."""

    keys: set[Key] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)


class Kind:
    """One kind of document: its table, and the fields of its record that are columns there."""

    def __init__(self, record: type[Record], table: Table) -> None:
        self.table = table
        self.owner = "id" if table is CUSTOMER else "customer_id"
        """The column that says whose document it is."""
        self._fields = [(place, name) for place, name in enumerate(record.__struct_fields__) if name in table.c]

    def columns(self, records: Sequence[tuple[Any, ...]]) -> Columns:
        """What the table keeps of records' values; columns that are no field of a record are left to the caller."""
        if not records:
            return {name: () for _, name in self._fields}
        values = list(zip(*records, strict=True))
        # Plain text for the drivers: one of them would store an enum's name.
        return {
            name: [word._value_ for word in values[place]] if name in WORDS else values[place]
            for place, name in self._fields
        }


FINGERPRINT = 32
"""Hexadecimal digits: 128 bits tell records apart. SHA-256, because processors do it in one of their own steps."""

WORDS = ("status", "kind")
"""Fields whose values are words of an enum."""

CUSTOMERS = Kind(CustomerRecord, CUSTOMER)
INVOICES = Kind(InvoiceRecord, INVOICE)
PAYMENTS = Kind(PaymentRecord, PAYMENT)
CREDITS = Kind(CreditRecord, CREDIT)


def write_customers(session: Session, company_id: int, records: Iterable[CustomerRecord]) -> Changed:
    """Write the customers that differ, each with its contact persons."""
    keyed = {("customer", record.id): record for record in records}
    changed = _write(session, company_id, CUSTOMERS, keyed)
    _replace_people(session, company_id, {key[1]: keyed[key].people for key in changed.keys})
    return changed


def write_payments(
    session: Session, company_id: int, records: Iterable[PaymentRecord], allocations: Allocations
) -> Changed:
    """Write the payments that differ, or whose allocations do."""
    return _write(session, company_id, PAYMENTS, {("payment", record.id): record for record in records}, allocations)


def write_credits(
    session: Session, company_id: int, records: Iterable[CreditRecord], allocations: Allocations
) -> Changed:
    """Write the credits that differ, or whose allocations do."""
    keyed = {(record.kind.value, record.id): record for record in records}
    return _write(session, company_id, CREDITS, keyed, allocations)


def _write(
    session: Session, company_id: int, kind: Kind, records: Mapping[Key, Record], allocations: Allocations = NONE
) -> Changed:
    if not records:
        return Changed()
    changed, columns = differing(session, company_id, kind, records, allocations)
    upsert_columns(session, kind.table, columns)
    return changed


def differing(
    session: Session, company_id: int, kind: Kind, records: Mapping[Key, Record], allocations: Allocations = NONE
) -> tuple[Changed, Columns]:
    """What is not stored as it is now, and its columns; those of an invoice's balance are left to `store.balances`."""
    stored = _stored(session, company_id, kind.table, [record_id for _, record_id in records])
    keys, values = list(records), list(map(astuple, records.values()))
    prints = _fingerprints(keys, values, allocations)
    if stored:
        differs = [stored.get(key, NOT_STORED)[0] != fingerprint for key, fingerprint in zip(keys, prints, strict=True)]
        keys, values = list(compress(keys, differs)), list(compress(values, differs))
        prints = list(compress(prints, differs))
    columns = kind.columns(values)
    columns["company_id"] = [company_id] * len(keys)
    columns["fingerprint"] = prints
    owners = {*columns[kind.owner], *(stored[key][1] for key in keys if key in stored)}
    return Changed(set(keys), owners), columns


def _fingerprints(keys: Sequence[Key], values: Sequence[tuple[Any, ...]], allocations: Allocations) -> list[str]:
    contents = list(map(_encode, values))
    if allocations:
        for place, key in enumerate(keys):
            if key in allocations:
                contents[place] += _encode(sorted(allocations[key], key=_place))
    return [sha256(content).hexdigest()[:FINGERPRINT] for content in contents]


def _place(allocation: AllocationRecord) -> tuple[str, int]:
    return allocation.invoice_id, allocation.position


def _stored(session: Session, company_id: int, table: Table, ids: Sequence[str]) -> dict[Key, tuple[str, str]]:
    """Fingerprint and customer of the stored rows with these ids."""
    on_server = is_postgresql(session)
    wanted = _prints_of(table, on_server)
    found: dict[Key, tuple[str, str]] = {}
    for some in chunks(ids):
        rows = ask(session, wanted, company_id=company_id, ids=listed(on_server, some))
        found |= {(kind, id): (fingerprint, owner) for kind, id, fingerprint, owner in rows}
    return found


@lru_cache(maxsize=16)
def _prints_of(table: Table, on_server: bool) -> Select[Any]:
    """Made once: every page asks."""
    owner = table.c.id if table is CUSTOMER else table.c.customer_id
    kind = table.c.kind if table is CREDIT else literal(table.name)
    wanted = select(kind, table.c.id, table.c.fingerprint, owner.label("owner"))
    here = table.c.company_id == bindparam("company_id")
    return wanted.where(here, among_listed(on_server, table.c.id, bindparam("ids")))


def _replace_people(session: Session, company_id: int, people: Mapping[str, Sequence[ContactPersonRecord]]) -> None:
    for some in chunks(people):
        here = (PERSON.c.company_id == company_id) & among(session, PERSON.c.customer_id, some)
        run(session, PERSON.delete().where(here))
    rows = [
        {"company_id": company_id, "customer_id": customer_id, "position": position, **asdict(person)}
        for customer_id, members in people.items()
        for position, person in enumerate(members)
    ]
    insert_many(session, PERSON, rows)
