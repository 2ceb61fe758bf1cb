"""One company's documents, and the one way to change them.

Keeps what the rules rely on: sync tokens, timestamps that rise strictly from change to change, numbers and names in
use, who owes what, and the graves that change data capture shows. What a field means is the business of `entities`.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sandbox.clock import SandboxClock
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.times import read_instant, stamp, to_milliseconds

TRANSACTIONS = frozenset({"Invoice", "Payment", "CreditMemo", "Deposit"})
NAMES = ("Customer", "Vendor", "Employee")
"""The three lists that share one set of display names."""
FIRST_IDS = {"Attachable": 5000000000000000001}
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Record:
    """A document and its instants, kept beside it so that comparing needs no parsing."""

    document: Document
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Grave:
    """A document that is gone."""

    entity: str
    id: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a document, in the webhooks' words: Create, Update, Delete, Void, Emailed or Merge."""

    entity: str
    id: str
    operation: str
    at: datetime
    deleted_id: str = ""


def owed(entity: str, document: Document) -> Decimal:
    """What a document adds to its customer's balance: money owed to us is positive."""
    match entity:
        case "Invoice":
            return Decimal(document.get("Balance") or 0)
        case "CreditMemo":
            return -Decimal(document.get("RemainingCredit") or 0)
        case "Payment":
            return -Decimal(document.get("UnappliedAmt") or 0)
    return Decimal(0)


class Books:
    """Documents by entity and id. Hold `lock` for as long as what was read must stay true."""

    def __init__(self, clock: SandboxClock) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.graves: list[Grave] = []
        self.listeners: list[Callable[[Sequence[Event]], None]] = []
        self.names: dict[str, tuple[str, str]] = {}
        """Display name in lower case → (entity, id)."""
        self.numbers: Counter[str] = Counter()
        """How many documents carry each DocNumber."""
        self.highest_number = 1000
        self._records: dict[str, dict[str, Record]] = defaultdict(dict)
        self._of_customer: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._open: dict[str, dict[str, None]] = defaultdict(dict)
        self._last_ids: Counter[str] = Counter()
        self._last_stamp = _START

    def get(self, entity: str, id: str) -> Document | None:
        record = self._records[entity].get(id)
        return record.document if record else None

    def record(self, entity: str, id: str) -> Record | None:
        return self._records[entity].get(id)

    def records(self, entity: str) -> Iterator[Record]:
        return iter(self._records[entity].values())

    def of_customer(self, entity: str, customer_id: str) -> list[Document]:
        """The customer's documents, oldest first."""
        shelf = self._records[entity]
        return [shelf[id].document for id in self._of_customer[entity, customer_id]]

    def open_invoices(self, customer_id: str) -> list[Document]:
        """The customer's unpaid invoices, in the order in which they were made."""
        shelf = self._records["Invoice"]
        return [shelf[id].document for id in self._open[customer_id]]

    def next_id(self, entity: str) -> str:
        """Transactions of all kinds share one counter, as they do in practice."""
        counter = "Transaction" if entity in TRANSACTIONS else entity
        self._last_ids[counter] = max(self._last_ids[counter] + 1, FIRST_IDS.get(entity, 1))
        return str(self._last_ids[counter])

    @contextmanager
    def change(self) -> Iterator[Change]:
        """All of a request's effects on the books, or none of them when it raises."""
        with self.lock:
            change = Change(self)
            yield change
            events = change.commit(self._next_stamp())
        for listener in self.listeners:
            listener(events)

    def load(self, entity: str, document: Document) -> None:
        """Put a document in as it is, its own Id, SyncToken and MetaData kept where it has them."""
        with self.lock:
            id = str(document.get("Id") or self.next_id(entity))
            meta = document.get("MetaData") or {}
            updated = read_instant(meta["LastUpdatedTime"]) if meta.get("LastUpdatedTime") else self._next_stamp()
            created = read_instant(meta["CreateTime"]) if meta.get("CreateTime") else updated
            self._reserve_id(entity, id)
            if document.get("status") == "Deleted":
                self.graves.append(Grave(entity, id, updated))
                return
            times = {"CreateTime": stamp(created), "LastUpdatedTime": stamp(updated)}
            whole = {"SyncToken": "0", "domain": "QBO", "sparse": False} | document | {"Id": id, "MetaData": times}
            self._store(entity, id, Record(whole, created, updated))
            self._move_balances(entity, None, whole, None)

    def _next_stamp(self) -> datetime:
        now = to_milliseconds(self.clock.now())
        self._last_stamp = max(now, self._last_stamp + timedelta(milliseconds=1))
        return self._last_stamp

    def _reserve_id(self, entity: str, id: str) -> None:
        if id.isdigit():
            counter = "Transaction" if entity in TRANSACTIONS else entity
            self._last_ids[counter] = max(self._last_ids[counter], int(id))

    def _store(self, entity: str, id: str, record: Record) -> None:
        document = record.document
        old = self.get(entity, id)
        self._forget(entity, id, for_good=old is not None and old.get("CustomerRef") != document.get("CustomerRef"))
        self._records[entity][id] = record
        if entity in NAMES:
            self.names[str(document.get("DisplayName", "")).lower()] = (entity, id)
        if number := document.get("DocNumber"):
            self.numbers[number] += 1
            if number.isdigit() and len(number) < 12:
                self.highest_number = max(self.highest_number, int(number))
        if customer := (document.get("CustomerRef") or {}).get("value"):
            self._of_customer[entity, customer].setdefault(id)
            if entity == "Invoice" and Decimal(document.get("Balance") or 0) > 0:
                self._open[customer].setdefault(id)

    def _forget(self, entity: str, id: str, *, for_good: bool = False) -> None:
        """Take a document out of the indexes; its place in its customer's list is kept unless it goes for good."""
        old = self.get(entity, id)
        if old is None:
            return
        if entity in NAMES:
            self.names.pop(str(old.get("DisplayName", "")).lower(), None)
        if number := old.get("DocNumber"):
            self.numbers[number] -= 1
        if customer := (old.get("CustomerRef") or {}).get("value"):
            if entity == "Invoice":
                self._open[customer].pop(id, None)
            if for_good:
                self._of_customer[entity, customer].pop(id, None)
        if for_good:
            del self._records[entity][id]

    def _move_balances(self, entity: str, old: Document | None, new: Document | None, at: datetime | None) -> None:
        for document, sign in ((old, -1), (new, 1)):
            if document is None or not (moved := owed(entity, document) * sign):
                continue
            customer = (document.get("CustomerRef") or {}).get("value")
            if customer is not None:
                self._move_balance(customer, moved, at)

    def _move_balance(self, customer_id: str, by: Decimal, at: datetime | None) -> None:
        """A customer's balance moves with its documents, and its LastUpdatedTime too, but not its SyncToken."""
        field = "Balance"
        while customer_id and (record := self._records["Customer"].get(customer_id)):
            old = record.document
            new = old | {name: Decimal(old.get(name, 0)) + by for name in {field, "BalanceWithJobs"}}
            if at is not None:
                new["MetaData"] = old["MetaData"] | {"LastUpdatedTime": stamp(at)}
                record.updated_at = at
            record.document = new
            field, customer_id = "BalanceWithJobs", (old.get("ParentRef") or {}).get("value", "")


class Change:
    """A unit of work: what it puts and removes becomes visible together, under one timestamp."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._pending: dict[tuple[str, str], tuple[Document | None, str]] = {}

    def find(self, entity: str, id: str | None) -> Document | None:
        """As it will be after this change."""
        if id is None:
            return None
        if (entity, id) in self._pending:
            return self._pending[entity, id][0]
        return self.books.get(entity, id)

    def put(self, entity: str, document: Document, operation: str = "Update") -> None:
        """`operation` is the webhook's word for it; a plain update on top of something else does not hide that."""
        key = (entity, document["Id"])
        if operation == "Update" and key in self._pending:
            operation = self._pending[key][1]
        self._pending[key] = (document, operation)

    def remove(self, entity: str, id: str, operation: str = "Delete") -> None:
        self._pending[entity, id] = (None, operation)

    def commit(self, at: datetime) -> list[Event]:
        events = []
        for (entity, id), (document, operation) in self._pending.items():
            old = self.books.record(entity, id)
            if document is None:
                self._bury(entity, id, at)
            else:
                self._write(entity, id, document, old, at)
            self.books._move_balances(entity, old.document if old else None, document, at)
            events.append(Event(entity, id, operation if old else "Create", at))
        return events

    def _bury(self, entity: str, id: str, at: datetime) -> None:
        self.books._forget(entity, id, for_good=True)
        self.books.graves.append(Grave(entity, id, at))

    def _write(self, entity: str, id: str, document: Document, old: Record | None, at: datetime) -> None:
        created = old.created_at if old else at
        token = str(int(old.document["SyncToken"]) + 1) if old else "0"
        times = {"CreateTime": stamp(created), "LastUpdatedTime": stamp(at)}
        balances = {}
        if entity == "Customer":
            kept = old.document if old else {}
            balances = {name: kept.get(name, Decimal(0)) for name in ("Balance", "BalanceWithJobs")}
        whole = document | balances | {"SyncToken": token, "domain": "QBO", "sparse": False, "MetaData": times}
        self.books._store(entity, id, Record(whole, created, at))
