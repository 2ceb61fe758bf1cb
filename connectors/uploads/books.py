"""What an owner has uploaded, as `connectors.ports.Books`: all of it told again after each upload, nothing in between.

The cursor is the number of the latest upload that was told whole, and within one how far the telling has come. Nothing
is ever written: what only a platform could do is done by a person (`by_hand`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from msgspec import Struct

from connectors.errors import ReconnectNeeded, Refused
from connectors.ports import Clock, NoteTarget, UploadShelf, always
from connectors.uploads.by_hand import ByHand
from connectors.uploads.settle import Settled, settled
from engine.books import CompanyRecord, CreditRecord, CustomerRecord, InvoiceRecord, Page, PaymentRecord, SetAside
from engine.uploads import Record, UploadedRow

PAGE_SIZE = 1000
READ_ONLY = "Uploaded files are only read: nothing can be written there."
_CURSOR = re.compile(r"(\d{1,9})(?:\+(\d{1,9}))?", re.ASCII)


class UploadedBooks:
    """One company's uploads. `external_id` names it on the shelf."""

    before_call = staticmethod(always)
    api_calls = 0
    note_batch = None

    def __init__(self, external_id: str, shelf: UploadShelf, clock: Clock) -> None:
        self._external_id, self._shelf, self._clock = external_id, shelf, clock
        self.documents = ByHand(self._find_reference)

    def company(self) -> CompanyRecord:
        """Files do not tell: what the owner said when the company was made stands."""
        return CompanyRecord(external_id=self._external_id, name="")

    def changes(self, cursor: str) -> Iterator[Page]:
        """Raises ReconnectNeeded once the latest upload is too old to rest a message on."""
        version = self._check_fresh()
        told, start = _position(cursor)
        if told == version and start is None:
            yield Page(cursor=cursor, is_complete=True)
            return
        now = _Told(self._shelf.rows(self._external_id))
        records = now.records()
        for place in range(start or 0 if told == version else 0, len(records), PAGE_SIZE):
            chunk = records[place : place + PAGE_SIZE]
            yield now.page(chunk, f"{version}+{place + len(chunk)}")
        yield Page(cursor=str(version), is_complete=True, deleted=now.gone, set_aside=now.set_aside)

    def reread(self, accounts: Mapping[str, Sequence[str]]) -> Page:
        now = _Told(self._shelf.rows(self._external_id))
        asked = [id for ids in accounts.values() for id in ids]
        wanted = frozenset(asked)
        money = [each for each in now.settled.money if each.customer_id in accounts]
        page = now.page([*(each for each in now.settled.invoices if each.id in wanted), *money], "")
        known = {each.id for each in page.invoices} | {each.id for each in now.set_aside if each.entity == "invoice"}
        gone = tuple(("invoice", id) for id in asked if id not in known)
        return Page(
            cursor="",
            invoices=page.invoices,
            payments=page.payments,
            credits=page.credits,
            allocations=page.allocations,
            deleted=gone,
            set_aside=now.set_aside,
        )

    def read_again(self, records: Sequence[tuple[str, str]]) -> Page:  # noqa: ARG002  # a file does not change
        """What was uploaded stays as it is until it is uploaded again, and then all of it is told."""
        return Page(cursor="")

    def write_note(self, target: NoteTarget, text: str, key: str) -> str:  # noqa: ARG002  # nothing is written
        raise Refused(READ_ONLY)

    def has_note(self, target: NoteTarget, key: str) -> bool:  # noqa: ARG002  # none is ever there
        return False

    def show_hold(self, customer_id: str, text: str, key: str) -> None:
        """The hold stands in Dunwell alone: there is nowhere else to show it."""

    def lift_hold(self, customer_id: str, text: str, key: str) -> None:
        """As `show_hold`."""

    def _check_fresh(self) -> int:
        shelf = self._shelf.shelf(self._external_id)
        if shelf.uploaded_on is None:
            raise ReconnectNeeded("No invoices have been uploaded yet.")
        age = self._clock().date() - shelf.uploaded_on
        if age > timedelta(days=shelf.fresh_days):
            raise ReconnectNeeded(f"The latest upload is {age.days} days old. Upload your files again.")
        return shelf.version

    def _find_reference(self, reference: str) -> str | None:
        found = _Told(self._shelf.rows(self._external_id)).settled.invoices
        return next((each.id for each in found if reference in (each.number, each.reference)), None)


class _Told(Struct):
    """The rows as the books that they are."""

    rows: Sequence[UploadedRow]
    settled: Settled = Settled()
    set_aside: tuple[SetAside, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        here = [row for row in self.rows if not row.is_gone]
        self.settled = settled(row for row in here if row.record and not row.problem)
        self.set_aside = tuple(
            SetAside(entity=row.entity, id=row.id, reason=row.problem) for row in here if row.problem
        )
        self.gone = tuple((row.entity, row.id) for row in self.rows if row.is_gone)

    def records(self) -> list[Record]:
        return [*self.settled.customers, *self.settled.invoices, *self.settled.money]

    def page(self, records: Iterable[Record], cursor: str) -> Page:
        chosen = list(records)
        payments = tuple(each for each in chosen if isinstance(each, PaymentRecord))
        credits = tuple(each for each in chosen if isinstance(each, CreditRecord))
        sources = [("payment", each.id) for each in payments] + [(each.kind.value, each.id) for each in credits]
        return Page(
            cursor=cursor,
            customers=tuple(each for each in chosen if isinstance(each, CustomerRecord)),
            invoices=tuple(each for each in chosen if isinstance(each, InvoiceRecord)),
            payments=payments,
            credits=credits,
            allocations=tuple(part for source in sources for part in self.settled.allocations.get(source, ())),
        )


def _position(cursor: str) -> tuple[int, int | None]:
    """The upload that was told, and how far where it was not told whole. What we cannot read begins anew."""
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        return -1, None
    return int(found[1]), int(found[2]) if found[2] else None
