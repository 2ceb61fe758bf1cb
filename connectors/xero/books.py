"""One organisation's books: what changed, what stands now, and the notes and holds we leave there.

The blind spots of Xero's change feed are made good here: a due date moved on a part-paid invoice never shows as a
change, so all open invoices are read again once a day, and the very invoices of an act just before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from connectors.errors import Refused, RetryLater, SkipRecord
from connectors.ports import Clock, NoteTarget, always
from connectors.xero import gather, translate
from connectors.xero.client import XeroClient
from connectors.xero.documents import XeroDocuments
from connectors.xero.gather import Collection, Gathering
from connectors.xero.notes import XeroNotes
from connectors.xero.shapes import Envelope, InvoiceReminder
from connectors.xero.values import parse_instant
from engine.books import CompanyRecord, Page

PAGE_SIZE = 1000
IDS_A_CALL = 40
"""Xero's advice for `IDs=`: the address must not grow too long."""
OVERLAP = timedelta(minutes=5)
"""Changes are asked for from this long before the last look: the bound counts seconds, and may leave its own out."""
REREAD_OPEN_AFTER = timedelta(hours=20)
"""Once a day, with room for a run that starts a little earlier than yesterday's."""
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
OPEN_INVOICES = len(CHANGES)
"""The stage after them: all open invoices again."""


class Cursor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a sync stands. Instants are in the form of If-Modified-Since; `since` "" reads everything."""

    stage: int = 0
    page: int = 1
    since: str = ""
    next_since: str = ""
    """What `since` will be once this sync is complete: the server's clock when it began, less the overlap."""
    open_read_at: str = ""
    """When all open invoices were last read."""


class XeroBooks:
    """Implements `connectors.ports.Books`."""

    note_batch = None

    def __init__(self, client: XeroClient, clock: Clock) -> None:
        self.before_call: Callable[[], None] = always
        self.api_calls = 0
        self._client, self._clock = client, clock
        self._client.on_call = self._count
        self._notes = XeroNotes(client)
        self._documents = XeroDocuments(client, lambda: (self._company or self.company()).lock_on)
        self._company: CompanyRecord | None = None
        self._synced_to = ""

    def _count(self) -> None:
        self.before_call()
        self.api_calls += 1

    @property
    def documents(self) -> XeroDocuments:
        return self._documents

    def company(self) -> CompanyRecord:
        """Raises RetryLater when the organisation itself makes no sense: without it nothing can be decided."""
        answer = self._client.read("get_organisations", "Organisations")
        try:
            found = translate.company(answer.records[0], self._client.tenant_id, self._sends_own_reminders())
        except (SkipRecord, msgspec.DecodeError, IndexError) as error:
            raise RetryLater("Xero", timedelta(hours=1), f"the organisation cannot be read: {error}") from None
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
        at, seen = _read_cursor(cursor), set[str]()
        while True:
            gathered, page_count, at = self._read_stage(at, seen)
            following, is_check = self._after(at, page_count), at.stage == OPEN_INVOICES
            if following is None:
                self._synced_to = at.next_since
                yield gathered.page(_write_cursor(self._at_rest(at)), is_complete=True, is_check=is_check)
                return
            if not gathered.is_empty:
                yield gathered.page(_write_cursor(following), is_check=is_check)
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
            self._read_by_id(gathered, touched)
            seen |= touched
        if not at.next_since:
            at = msgspec.structs.replace(at, next_since=self._watermark(answer))
        return gathered, answer.page_count, at

    def _after(self, at: Cursor, page_count: int) -> Cursor | None:
        """Where to go on; None when this was the last page."""
        if at.page < page_count:
            return msgspec.structs.replace(at, page=at.page + 1)
        if at.stage + 1 < OPEN_INVOICES or (at.stage + 1 == OPEN_INVOICES and self._is_reread_due(at)):
            return msgspec.structs.replace(at, stage=at.stage + 1, page=1)
        return None

    def _is_reread_due(self, at: Cursor) -> bool:
        if not at.since:
            return False
        last = parse_instant(at.open_read_at) if at.open_read_at else None
        return last is None or self._clock() - last >= REREAD_OPEN_AFTER

    def _at_rest(self, at: Cursor) -> Cursor:
        has_read_open = not at.since or at.stage == OPEN_INVOICES
        read_at = _in_header_form(self._clock()) if has_read_open else at.open_read_at
        return Cursor(since=at.next_since, open_read_at=read_at)

    def _watermark(self, first: Envelope) -> str:
        return _in_header_form((parse_instant(first.at) or self._clock()) - OVERLAP)

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

    def _read_by_id(self, gathered: Gathering, invoice_ids: set[str]) -> None:
        wanted = sorted(invoice_ids)
        for start in range(0, len(wanted), IDS_A_CALL):
            chunk = wanted[start : start + IDS_A_CALL]
            gathered.add(gather.INVOICES, self._page(gather.INVOICES, 1, i_ds=chunk))

    def reread(self, accounts: Mapping[str, Sequence[str]]) -> Page:
        """See `ports.Books`. Four calls for what was paid or credited since the sync, and one for 40 invoices."""
        gathered = Gathering()
        since = self._synced_to or _in_header_form(self._clock() - REREAD_BACK)
        for collection in (gather.PAYMENTS, gather.CREDIT_NOTES, gather.OVERPAYMENTS, gather.PREPAYMENTS):
            self._read_all_pages(gathered, collection, since)
        gathered.keep_customers(accounts)
        asked = {invoice_id for invoice_ids in accounts.values() for invoice_id in invoice_ids}
        self._read_by_id(gathered, asked | gathered.paid_invoice_ids())
        return gathered.page("", gone=sorted(asked - gathered.invoice_ids()))

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


def _read_cursor(text: str) -> Cursor:
    """A cursor we cannot read begins anew: everything again is slow, but never wrong."""
    try:
        at = msgspec.json.decode(text, type=Cursor)
    except msgspec.DecodeError:
        return Cursor()
    return at if 0 <= at.stage <= OPEN_INVOICES and at.page >= 1 else Cursor()


def _write_cursor(at: Cursor) -> str:
    return msgspec.json.encode(at).decode()


def _in_header_form(at: datetime) -> str:
    """The one form of If-Modified-Since that Xero documents; with others it may send everything."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
