"""One QuickBooks Online company's books, as `connectors.ports.Books`: what changed, what to re-read, what to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from connectors.calls import Through
from connectors.ports import Clock, NoteTarget
from connectors.quickbooks import notes
from connectors.quickbooks.changes import changes, raws, whole_list
from connectors.quickbooks.client import MAX_BATCH, Client
from connectors.quickbooks.company import Company, read_company
from connectors.quickbooks.cursor import Cursor, load
from connectors.quickbooks.documents import Documents
from connectors.quickbooks.gathering import Gathering
from connectors.quickbooks.listing import NAMES
from connectors.quickbooks.query import one_of, quoted, select
from engine.books import CompanyRecord, Page

T = TypeVar("T")
IDS = 100
"""Ids in one IN list: keeps a statement well below what any proxy takes."""


class Books(Through):
    """One instance per company and run; not to be shared between threads."""

    def __init__(self, client: Client, realm: str, clock: Clock) -> None:
        self._caller = self._client = client
        self._realm, self._clock = realm, clock
        self._company: Company | None = None
        self._at: Cursor | None = None
        self._documents = Documents(client, self._known, clock)
        self._notes = notes.Batch(client)

    @property
    def documents(self) -> Documents:
        return self._documents

    @property
    def note_batch(self) -> notes.Batch:
        return self._notes

    def company(self) -> CompanyRecord:
        return self._known().record

    def changes(self, cursor: str) -> Iterator[Page]:
        start = load(cursor) or Cursor(self._known().facts.home, self._known().facts.terms)
        for at, page in changes(self._client, self._clock, start):
            self._at = at
            yield page

    def reread(self, accounts: Mapping[str, Sequence[str]]) -> Page:
        """One batch call for up to thirty lists of a hundred ids.

        Payments and credits come as far as they changed since the last reading, or the newest thousand where this
        instance has read nothing yet. An invoice that came but cannot be read is set aside: neither there nor gone.
        """
        asked = [id for ids in accounts.values() for id in ids]
        queries = [("invoice", _named("invoice", ids)) for ids in _chunks(asked)]
        since = self._at.since() if self._at else None
        for customers in _chunks(list(accounts)):
            queries += [(entity, _settlements(entity, customers, since)) for entity in ("payment", "credit_note")]
        gathering = self._gathered(queries)
        return gathering.page("", gone=[("invoice", id) for id in asked if not gathering.has("invoice", id)])

    def read_again(self, records: Sequence[tuple[str, str]]) -> Page:
        """One batch call for three thousand of them. An id that was part of the damage would spoil its whole list."""
        asked = [(entity, id) for entity, id in records if entity in NAMES and id.isascii() and id.isdecimal()]
        queries = [
            (entity, _named(entity, ids)) for entity in NAMES for ids in _chunks([i for e, i in asked if e == entity])
        ]
        gathering = self._gathered(queries)
        return gathering.page("", gone=[(entity, id) for entity, id in asked if not gathering.has(entity, id)])

    def _gathered(self, queries: Sequence[tuple[str, str]]) -> Gathering:
        """Answers to queries, each about one kind of document, thirty to a call."""
        gathering = Gathering(self._at.facts if self._at else self._known().facts)
        for part in _chunks(queries, MAX_BATCH):
            answers = self._client.queries([statement for _, statement in part])
            for (entity, _), rows in zip(part, answers, strict=True):
                gathering.add(entity, raws(rows, entity))
        return gathering

    def write_note(self, target: NoteTarget, text: str, key: str) -> str:
        return notes.write_note(self._client, target, text, key)

    def has_note(self, target: NoteTarget, key: str) -> bool:
        return notes.has_note(self._client, target, key)

    def show_hold(self, customer_id: str, text: str, key: str) -> None:
        notes.show_block(self._client, customer_id, text, key)

    def lift_hold(self, customer_id: str, text: str, key: str) -> None:  # noqa: ARG002  # a release leaves no text behind
        notes.remove_block(self._client, customer_id, key)

    def _known(self) -> Company:
        if self._company is None:
            self._company = read_company(self._client, self._realm)
        return self._company


def _named(entity: str, ids: Sequence[str]) -> str:
    return select(NAMES[entity], f"Id {one_of(ids)}", *whole_list(entity))


def _settlements(entity: str, customers: Sequence[str], since: datetime | None) -> str:
    conditions = [f"CustomerRef {one_of(customers)}"]
    if since:
        conditions.append(f"MetaData.LastUpdatedTime >= {quoted(since.isoformat(timespec='seconds'))}")
    return select(NAMES[entity], *conditions, order="MetaData.LastUpdatedTime DESC")


def _chunks(items: Sequence[T], size: int = IDS) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
