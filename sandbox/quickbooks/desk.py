"""Where one request is worked on: the company it concerns, the change it makes, and the look-ups that rules need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.books import Books, Change
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.settings import Switches
from sandbox.quickbooks.times import server_today


@dataclass
class Office:
    """What the rules know of a company."""

    external_id: str
    name: str
    country: str
    currency: str
    time_zone: str
    books: Books
    switches: Switches

    def preference(self, group: str, name: str) -> Any:
        """A field of the Preferences document; None where it is not set."""
        document = self.books.get("Preferences", "1") or {}
        return (document.get(group) or {}).get(name)

    @property
    def is_multi_currency(self) -> bool:
        return bool(self.preference("CurrencyPrefs", "MultiCurrencyEnabled"))

    @property
    def is_read_only(self) -> bool:
        return self.switches.subscription_status not in ("PAID", "TRIAL")


@dataclass
class Desk:
    """One change in one company. `may_repeat_number` is `include=allowduplicatedocnum`."""

    office: Office
    change: Change
    now: datetime
    may_repeat_number: bool = False

    @property
    def today(self) -> date:
        return server_today(self.now)

    def find(self, entity: str, id: str | None) -> Document | None:
        return self.change.find(entity, id)

    def named(self, entity: str, body: Document, field_name: str) -> Document | None:
        """The active document that a reference names; None where nothing is named. Raises 2500."""
        id = fields.ref(body, field_name)
        if id is None:
            return None
        document = self.find(entity, id)
        if document is None or document.get("Active") is False:
            raise answers.invalid_reference(field_name, id)
        return document

    def term(self, body: Document) -> Document:
        """The term that is named, as a reference with its name; nothing where none is. Raises 2500."""
        term = self.named("Term", body, "SalesTermRef")
        return {"SalesTermRef": reference(term)} if term else {}

    def customer(self, body: Document) -> Document:
        """Raises 2020 without a CustomerRef, 2500 for one who is not there or inactive."""
        customer = self.named("Customer", body, "CustomerRef")
        if customer is None:
            raise answers.missing("CustomerRef")
        return customer

    def check_open_period(self, on: date) -> None:
        """Raises 6210 for a day on or before the book close date."""
        if self.is_closed(on):
            raise answers.period_closed()

    def is_closed(self, on: date) -> bool:
        closed = self.office.preference("AccountingInfoPrefs", "BookCloseDate")
        return bool(closed) and on <= date.fromisoformat(closed)


def reference(document: Document, name_field: str = "Name") -> Document:
    """The reference that other documents carry to `document`."""
    return {"value": document["Id"], "name": document[name_field]}


Create = Callable[[Desk, Document], Document]
"""(desk, request body) → the new document, complete but for SyncToken and MetaData."""
Update = Callable[[Desk, Document, Document], Document]
"""(desk, current document, merged request body) → the changed document."""
Act = Callable[[Desk, Document], None]
"""(desk, current document): void or delete, with all that follows."""


@dataclass(frozen=True)
class Entity:
    """The rules of one kind of document. What is None cannot be done through the API."""

    name: str
    writable: frozenset[str]
    read_only: frozenset[str] = frozenset()
    filterable: frozenset[str] = frozenset()
    """Fields for WHERE and ORDERBY besides Id and MetaData."""
    longest: dict[str, int] = field(default_factory=dict)
    create: Create | None = None
    update: Update | None = None
    void: Act | None = None
    delete: Act | None = None
    is_name_list: bool = False
    """Queries show only active rows unless asked."""
    is_sendable: bool = False
    deletes_whole: bool = False
    """Deleting wants the whole document, not only Id and SyncToken."""

    @property
    def path(self) -> str:
        return self.name.lower()
