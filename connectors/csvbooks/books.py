"""A folder of CSV files as `connectors.ports.Books`: read whole each time, told as what changed since.

The cursor holds a digest of every record that was told, so a killed sync goes on where it stopped, an unchanged file
tells nothing, and what is no longer in a file is told as gone. Nothing is ever written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from connectors.csvbooks import files
from connectors.csvbooks.columns import FILES, Columns
from connectors.csvbooks.translate import Translator, each, settled
from connectors.errors import Refused, StopRun
from connectors.ports import NoteTarget, always
from engine.books import AllocationRecord, CompanyRecord, CustomerRecord, InvoiceRecord, Page, PaymentRecord, SetAside

PAGE_SIZE = 1000
READ_ONLY = "Books in CSV files are only read: nothing can be written there."
UNREAD = ""
Told = dict[str, dict[str, str]]
"""Entity → id → digest of the record as it was told; `UNREAD` for a line that could not be read."""
Record = CustomerRecord | InvoiceRecord | PaymentRecord


class Reading(msgspec.Struct):
    """Everything that the files say just now. `allocations` are by payment."""

    records: dict[tuple[str, str], Record]
    allocations: dict[str, tuple[AllocationRecord, ...]]
    set_aside: list[SetAside]

    def has(self, entity: str, id: str) -> bool:
        """Whether the files have it at all, readable or not."""
        return (entity, id) in self.records or any((a.entity, a.id) == (entity, id) for a in self.set_aside)

    def digest(self, key: tuple[str, str]) -> str:
        said = (self.records[key], self.allocations.get(key[1], ()) if key[0] == "payment" else ())
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:12]

    def page(self, keys: Sequence[tuple[str, str]], cursor: str) -> Page:
        chosen = [self.records[key] for key in keys]
        payments = [record for record in chosen if isinstance(record, PaymentRecord)]
        return Page(
            cursor=cursor,
            customers=tuple(record for record in chosen if isinstance(record, CustomerRecord)),
            invoices=tuple(record for record in chosen if isinstance(record, InvoiceRecord)),
            payments=tuple(payments),
            allocations=tuple(part for record in payments for part in self.allocations.get(record.id, ())),
        )


class CsvBooks:
    """`company` is what the owner said of it: files do not tell. Every reading may raise StopRun, naming the file."""

    before_call = staticmethod(always)
    api_calls = 0
    documents = None

    def __init__(self, folder: Path, company: CompanyRecord, columns: Columns | None = None) -> None:
        self._folder, self._company, self._columns = folder, company, columns or Columns()

    def company(self) -> CompanyRecord:
        return self._company

    def changes(self, cursor: str) -> Iterator[Page]:
        told, now = _load(cursor), self._read()
        self._check_not_emptied(told, now)
        changed = [key for key in now.records if told.get(key[0], {}).get(key[1]) != now.digest(key)]
        chunks = [changed[start : start + PAGE_SIZE] for start in range(0, len(changed), PAGE_SIZE)]
        for chunk in chunks:
            for entity, id in chunk:
                told.setdefault(entity, {})[id] = now.digest((entity, id))
            yield now.page(chunk, _dump(told))
        gone = [(entity, id) for entity, ids in told.items() for id in ids if not now.has(entity, id)]
        for entity, id in gone:
            del told[entity][id]
        for aside in now.set_aside:
            told.setdefault(aside.entity, {})[aside.id] = UNREAD
        yield Page(cursor=_dump(told), is_complete=True, deleted=tuple(gone), set_aside=tuple(now.set_aside))

    def reread(self, accounts: Mapping[str, Sequence[str]]) -> Page:
        now = self._read()
        asked = [("invoice", id) for ids in accounts.values() for id in ids]
        paid = [
            key
            for key, record in now.records.items()
            if isinstance(record, PaymentRecord) and record.customer_id in accounts
        ]
        page = now.page([key for key in asked if key in now.records] + paid, "")
        gone = tuple(key for key in asked if not now.has(*key))
        return msgspec.structs.replace(page, deleted=gone, set_aside=tuple(now.set_aside))

    def write_note(self, target: NoteTarget, text: str, key: str) -> str:  # noqa: ARG002  # nothing is written
        raise Refused(READ_ONLY)

    def has_note(self, target: NoteTarget, key: str) -> bool:  # noqa: ARG002  # none is ever there
        return False

    def show_hold(self, customer_id: str, text: str, key: str) -> None:  # noqa: ARG002  # nothing is written
        raise Refused(READ_ONLY)

    def lift_hold(self, customer_id: str, text: str, key: str) -> None:  # noqa: ARG002  # nothing is written
        raise Refused(READ_ONLY)

    def _read(self) -> Reading:
        aside: list[SetAside] = []
        translator = Translator(self._company.base_currency)
        lines = {entity: files.rows(self._folder, entity, self._columns) for entity in FILES}
        customers = each(lines["customer"], translator.customer, aside)
        unpaid = each(lines["invoice"], translator.invoice, aside)
        received = each(lines["payment"], translator.payment, aside)
        invoices, payments = settled(unpaid, received)
        records: dict[tuple[str, str], Record] = {("customer", record.id): record for record in customers}
        records |= {("invoice", record.id): record for record in invoices}
        records |= {("payment", record.id): record for record, _ in payments}
        return Reading(records, {record.id: parts for record, parts in payments}, aside)

    def _check_not_emptied(self, told: Told, now: Reading) -> None:
        """An export that failed half-way leaves a heading and no lines. That is not everybody having paid."""
        there = {entity for entity, _ in now.records} | {aside.entity for aside in now.set_aside}
        for entity in ("customer", "invoice"):
            if len(told.get(entity, {})) > 1 and entity not in there:
                raise StopRun(f"{FILES[entity]} has no lines any more, where there were {len(told[entity])}.")


def _load(cursor: str) -> Told:
    """A cursor we cannot read begins anew: everything is told again, which harms nothing."""
    try:
        return msgspec.json.decode(cursor, type=Told) if cursor else {}
    except (ValueError, RecursionError):
        return {}


def _dump(told: Told) -> str:
    return msgspec.json.encode(told).decode()
