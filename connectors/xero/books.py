"""One organisation's books: what changed, what stands now, and the notes and holds we leave there.

The blind spots of Xero's change feed are made good here: a due date moved on a part-paid invoice never shows as a
change, so all open invoices are read again once a day, and the very invoices of an act just before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec

from connectors.calls import Through
from connectors.errors import Refused, RetryLater, SkipRecord
from connectors.ports import Clock, NoteTarget
from connectors.xero import gather, translate
from connectors.xero.answers import NotThere
from connectors.xero.client import XeroClient
from connectors.xero.cursor import OPEN_INVOICES, Cursor, in_header_form, load
from connectors.xero.documents import XeroDocuments
from connectors.xero.gather import Collection, Gathering
from connectors.xero.notes import XeroNotes
from connectors.xero.shapes import Envelope, InvoiceReminder
from connectors.xero.values import parse_instant
from engine.books import CompanyRecord, Page

PAGE_SIZE = 1000
IDS_A_CALL = 40
"""Xero's advice for `IDs=`: the address must not grow too long."""
ONE_BY_ONE = 30
"""Records a night that are read again each by a call of its own: Xero lists payments and credits by no id."""
REREAD_BACK = timedelta(days=1)
"""How far a re-read looks back when no sync went before it here; an older sync would not let anything go out."""

CHANGES = (
    gather.CONTACTS,
    gather.INVOICES,
    gather.CREDIT_NOTES,
    gather.PAYMENTS,
    gather.OVERPAYMENTS,
    gather.PREPAYMENTS,
)
"""A quiet night costs these six calls."""
BY_ENTITY = {collection.entity: collection for collection in CHANGES}
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class XeroBooks(Through):
    """Implements `connectors.ports.Books`."""

    note_batch = None

    def __init__(self, client: XeroClient, clock: Clock) -> None:
        self._caller = self._client = client
        self._clock = clock
        self._notes = XeroNotes(client)
        self._documents = XeroDocuments(client, lambda: (self._company or self.company()).lock_on)
        self._company: CompanyRecord | None = None
        self._synced_to = ""

    @property
    def documents(self) -> XeroDocuments:
        return self._documents

    def company(self) -> CompanyRecord:
        """Raises RetryLater when the organisation itself makes no sense: without it nothing can be decided."""
        answer = self._client.read("get_organisations", "Organisations")
        try:
            found = translate.company(answer.records[0], self._client.tenant_id, self._sends_own_reminders())
        except (SkipRecord, msgspec.DecodeError, IndexError) as error:
            why = error.reason if isinstance(error, SkipRecord) else error
            raise RetryLater("Xero", timedelta(hours=1), f"the organisation cannot be read: {why}") from None
        self._company = found
        return found

    def _sends_own_reminders(self) -> bool | None:
        """A warning at set-up, no more: where Xero will not tell, nobody knows."""
        try:
            answer = self._client.read("get_invoice_reminders", "InvoiceReminders")
            settings = [msgspec.json.decode(raw, type=InvoiceReminder) for raw in answer.records]
        except (Refused, msgspec.DecodeError):
            return None
        return any(setting.enabled in (True, "true") for setting in settings) if settings else None

    def changes(self, cursor: str) -> Iterator[Page]:
        """See `ports.Books`. Pages with nothing in them are not worth storing, but for the last."""
        at, seen = load(cursor), set[str]()
        while True:
            gathered, page_count, at = self._read_stage(at, seen)
            following, is_check = self._after(at, page_count), at.stage == OPEN_INVOICES
            if following is None:
                self._synced_to = at.next_since
                yield gathered.page(at.at_rest(self._clock()).dump(), is_complete=True, is_check=is_check)
                return
            if not gathered.is_empty:
                yield gathered.page(following.dump(), is_check=is_check)
            at = following

    def _read_stage(self, at: Cursor, seen: set[str]) -> tuple[Gathering, int, Cursor]:
        self._client.keep_reserve()
        gathered = Gathering()
        if at.stage == OPEN_INVOICES:
            # A walk under a filter that records leave while it goes on: what is missing here proves nothing.
            answer = self._page(gather.INVOICES, at.page, statuses=["AUTHORISED"])
            collection = gather.INVOICES
        else:
            collection = CHANGES[at.stage]
            answer = self._page(collection, at.page, since=at.since)
        gathered.add(collection, answer)
        seen |= gathered.invoice_ids()
        if at.since and (touched := gathered.paid_invoice_ids() - seen):
            # A payment or an allocation should bump its invoice. Where it did not, the invoice is fetched with it.
            self._read_by_id(gathered, gather.INVOICES, touched)
            seen |= touched
        if not at.next_since:
            at = at.begun(parse_instant(answer.at) or self._clock())
        return gathered, answer.page_count, at

    def _after(self, at: Cursor, page_count: int) -> Cursor | None:
        """Where to go on; None when this was the last page."""
        if at.page < page_count:
            return msgspec.structs.replace(at, page=at.page + 1)
        if at.stage + 1 < OPEN_INVOICES or (at.stage + 1 == OPEN_INVOICES and at.must_reread_open(self._clock())):
            return msgspec.structs.replace(at, stage=at.stage + 1, page=1)
        return None

    def _page(self, collection: Collection, page: int, since: str = "", **arguments: Any) -> Envelope:
        narrowed = dict(collection.narrowed) | arguments
        if since:
            narrowed["if_modified_since"] = since
        return self._client.read(
            collection.method,
            collection.key,
            shape=collection.shape,
            order=collection.id_field,
            page=page,
            page_size=PAGE_SIZE,
            **narrowed,
        )

    def _read_by_id(self, gathered: Gathering, collection: Collection, ids: set[str]) -> None:
        wanted = sorted(ids)
        for start in range(0, len(wanted), IDS_A_CALL):
            chunk = wanted[start : start + IDS_A_CALL]
            gathered.add(collection, self._page(collection, 1, i_ds=chunk))

    def reread(self, accounts: Mapping[str, Sequence[str]]) -> Page:
        """See `ports.Books`. Four calls for what was paid or credited since the sync, and one for 40 invoices."""
        gathered = Gathering()
        since = self._synced_to or in_header_form(self._clock() - REREAD_BACK)
        for collection in (gather.PAYMENTS, gather.CREDIT_NOTES, gather.OVERPAYMENTS, gather.PREPAYMENTS):
            self._read_all_pages(gathered, collection, since)
        gathered.keep_customers(accounts)
        asked = {invoice_id for invoice_ids in accounts.values() for invoice_id in invoice_ids}
        self._read_by_id(gathered, gather.INVOICES, asked | gathered.paid_invoice_ids())
        return gathered.page("", gone=[(gather.INVOICES.entity, id) for id in sorted(asked - gathered.invoice_ids())])

    def read_again(self, records: Sequence[tuple[str, str]]) -> Page:
        """See `ports.Books`. One call for 40 contacts or invoices, and one for each payment or credit."""
        self._client.keep_reserve()
        gathered = Gathering()
        # An id that was part of the damage would have its whole list refused.
        asked = [(BY_ENTITY[entity], id) for entity, id in records if entity in BY_ENTITY and GUID.fullmatch(id)]
        singly = [(collection, id) for collection, id in asked if collection.one][:ONE_BY_ONE]
        listed = [(collection, id) for collection, id in asked if not collection.one]
        for collection in (gather.CONTACTS, gather.INVOICES):
            self._read_by_id(gathered, collection, {id for kind, id in listed if kind is collection})
        for collection, id in singly:
            with suppress(NotThere):
                gathered.add(collection, self._client.read(collection.one, collection.key, id, shape=collection.shape))
        read = {(collection.entity, id) for collection, id in (*listed, *singly)}
        return gathered.page("", gone=sorted(read - gathered.places()))

    def _read_all_pages(self, gathered: Gathering, collection: Collection, since: str) -> None:
        page, page_count = 0, 1
        while page < page_count:
            page += 1
            answer = self._page(collection, page, since=since)
            page_count = answer.page_count
            gathered.add(collection, answer)

    def write_note(self, target: NoteTarget, text: str, key: str) -> str:
        self._notes.write(target, text, key)
        return ""

    def has_note(self, target: NoteTarget, key: str) -> bool:
        return self._notes.has(target, key)

    def show_hold(self, customer_id: str, text: str, key: str) -> None:
        self._notes.show_hold(customer_id, text, key)

    def lift_hold(self, customer_id: str, text: str, key: str) -> None:
        self._notes.lift_hold(customer_id, text, key)
