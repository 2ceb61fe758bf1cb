"""Uploads: files that wait for a word, the records that were taken in, and the shelf that a sync reads them from.

What a record says is the connector's business; here it is text with an id, a customer and an entity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace
from sqlalchemy import select, update
from sqlmodel import Session

from engine.books import InvoiceRecord, InvoiceStatus
from engine.uploads import GONE, PAID, RECORDS, STAY, Comparison, Shelf, UploadedRow
from store import audit, companies, policies
from store.bulk import upsert
from store.database import Database
from store.scope import Scope
from store.secrets import SecretBox
from store.sql import run, table_of
from store.tables import Company, Upload, UploadedBooks, UploadedRecord
from store.uploaded_erasing import without_erased

PLATFORM = "uploads"
"""The word in a company's row for books that are uploaded."""
NOTHING_YET = "No invoices have been uploaded yet."
TOLD_AHEAD = timedelta(days=2)
CLOSED = (InvoiceStatus.PAID, InvoiceStatus.VOIDED, InvoiceStatus.DELETED)
BOOKS, RECORD, UPLOAD = table_of(UploadedBooks), table_of(UploadedRecord), table_of(Upload)
COMPANY = table_of(Company)


def open_books(session: Session, company_id: int) -> None:
    """Make room for a new company's uploads. There is nothing to read yet, so it waits for the first."""
    session.add(UploadedBooks(company_id=company_id))
    session.flush()
    waits = {"status": "reconnect_needed", "status_detail": NOTHING_YET, "next_run_at": None}
    run(session, update(COMPANY).where(COMPANY.c.id == company_id).values(**waits))


def books_of(session: Session, company_id: int) -> UploadedBooks | None:
    """None for a company whose books are on a platform."""
    return Scope(session, company_id).get(UploadedBooks)


def holds_until(session: Session, company_id: int) -> date | None:
    """The last day on which anything goes out on the latest upload; None where nothing is uploaded."""
    books = books_of(session, company_id)
    return books.uploaded_on + timedelta(days=books.fresh_days) if books and books.uploaded_on else None


def ending(session: Session, today: date) -> list[tuple[int, date]]:
    """Connected companies on whose uploads nothing goes out from tomorrow or the day after, and their last day.

    Where an upload holds for a day or two only, its owner is at it all the time and need not be told.
    """
    wanted = select(BOOKS.c.company_id, BOOKS.c.uploaded_on, BOOKS.c.fresh_days).join(
        COMPANY, COMPANY.c.id == BOOKS.c.company_id
    )
    found = session.execute(wanted.where(COMPANY.c.status == "connected", BOOKS.c.fresh_days > TOLD_AHEAD.days))
    ends = [(row.company_id, row.uploaded_on + timedelta(days=row.fresh_days)) for row in found if row.uploaded_on]
    return [(company_id, on) for company_id, on in ends if on - today < TOLD_AHEAD]


def save_columns(session: Session, company_id: int, columns: str) -> None:
    """Remember which column is what, for the next files too. `columns` is JSON of the connector's."""
    run(session, update(BOOKS).where(BOOKS.c.company_id == company_id).values(columns=columns))


def save_fresh_days(session: Session, company_id: int, days: int, now: datetime, by: str) -> None:
    """For how long after an upload anything goes out."""
    run(session, update(BOOKS).where(BOOKS.c.company_id == company_id).values(fresh_days=days))
    audit.append(session, company_id, now, by, "uploads hold for", {"days": days})


def keep_waiting(
    session: Session, company_id: int, box: SecretBox, entity: str, name: str, content: bytes, now: datetime, by: str
) -> None:
    """Keep a file until somebody says what to do with it; it takes the place of one of its kind that waits."""
    discard(session, company_id, entity)
    sealed = box.seal(content)
    row = Upload(company_id=company_id, entity=entity, file_name=name, sealed=sealed, uploaded_at=now, uploaded_by=by)
    session.add(row)
    session.flush()


def waiting(session: Session, company_id: int) -> list[Upload]:
    """The files that wait, in the order in which they are taken: documents name customers."""
    scope = Scope(session, company_id)
    found = scope.all(scope.select(Upload).where(UPLOAD.c.state == "waiting"))
    return sorted(found, key=lambda upload: list(RECORDS).index(upload.entity))


def discard(session: Session, company_id: int, entity: str = "") -> None:
    """Let waiting files go, those of one entity or all of them."""
    here = (UPLOAD.c.company_id == company_id) & (UPLOAD.c.state == "waiting")
    here &= (UPLOAD.c.entity == entity) if entity else UPLOAD.c.entity.is_not(None)
    run(session, update(UPLOAD).where(here).values(state="discarded", sealed=b""))


def latest(session: Session, company_id: int, limit: int) -> list[Upload]:
    """The uploads that were taken in, latest first."""
    scope = Scope(session, company_id)
    wanted = scope.select(Upload).where(UPLOAD.c.state == "taken")
    return scope.all(wanted.order_by(UPLOAD.c.id.desc()).limit(limit))


def kept(session: Session, company_id: int, entity: str) -> list[UploadedRow]:
    """What is kept of one entity and can be read: customers and invoices are named by other files."""
    return [row for row in _rows(session, company_id, entity) if row.record and not row.is_gone]


def compare(session: Session, company_id: int, entity: str, rows: Sequence[UploadedRow]) -> Comparison:
    """The rows of one file beside what is kept of its entity. Changes nothing."""
    before = {row.id: row for row in kept(session, company_id, entity)}
    good = [row for row in rows if not row.problem]
    same = sum(before.get(row.id) == row for row in good)
    new = sum(row.id not in before for row in good)
    return Comparison(
        new=new,
        same=same,
        changed=len(good) - new - same,
        unreadable=len(rows) - len(good),
        missing=_named([before[id] for id in before.keys() - {row.id for row in rows}]),
        may_be_everything=all(row.id in before for row in rows if row.problem),
    )


def take(
    session: Session,
    company_id: int,
    upload: Upload,
    rows: Sequence[UploadedRow],
    missing: str,
    now: datetime,
    by: str,
) -> Comparison:
    """Take the rows of a waiting file in, so that the next sync reads them; its company runs at once.

    `missing` is one of STAY, PAID and GONE; a file with rows that cannot be told leaves everything else as it is.
    """
    rows = without_erased(session, company_id, rows)
    found = compare(session, company_id, upload.entity, rows)
    missing = missing if found.may_be_everything else STAY
    before = {row.id: row for row in _rows(session, company_id, upload.entity)}
    named = {row.id for row in rows}
    # What could not be read of an earlier file has been told, and this one speaks for itself.
    nameless = {row.id for row in before.values() if row.problem and not row.record}
    gone = [*(nameless - named), *(found.missing if missing == GONE else ())]
    paid = [before[id] for id in found.missing] if missing == PAID else []
    today = policies.local_day(session, company_id, now)
    written = [*(_over(row, before.get(row.id)) for row in rows), *_gone(upload.entity, gone), *_paid(paid, today)]
    _write(session, company_id, written)
    is_whole = missing != STAY
    taken = {"state": "taken", "sealed": b"", "is_everything": is_whole, "uploaded_by": by, "uploaded_at": now}
    counts = {"good": len(rows) - found.unreadable, "bad": found.unreadable}
    counts["gone"] = len(found.missing) if is_whole else 0
    run(session, update(UPLOAD).where(UPLOAD.c.id == upload.id).values(**taken, **counts))
    details = {"entity": upload.entity, "missing": missing, **counts}
    audit.append(session, company_id, now, by, "file taken in", details)
    _renew(session, company_id, upload.entity, now)
    return found


class StoredShelf:
    """Every company's uploads. Fits `connectors.ports.UploadShelf`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def shelf(self, external_id: str) -> Shelf:
        """See the port. A company that is not there has uploaded nothing."""
        with self._database.read() as session:
            company = companies.by_external_id(session, PLATFORM, external_id)
            books = books_of(session, company.stored_id) if company else None
        if books is None:
            return Shelf()
        return Shelf(version=books.version, uploaded_on=books.uploaded_on, fresh_days=books.fresh_days)

    def rows(self, external_id: str) -> Sequence[UploadedRow]:
        """See the port."""
        with self._database.read() as session:
            company = companies.by_external_id(session, PLATFORM, external_id)
            return _rows(session, company.stored_id) if company else ()


_COLUMNS = tuple(RECORD.c[name] for name in UploadedRow.__struct_fields__)


def _rows(session: Session, company_id: int, entity: str = "") -> list[UploadedRow]:
    wanted = select(*_COLUMNS).where(RECORD.c.company_id == company_id).order_by(RECORD.c.entity, RECORD.c.id)
    if entity:
        wanted = wanted.where(RECORD.c.entity == entity)
    found = session.connection().execute(wanted)
    return [UploadedRow(**dict(zip(UploadedRow.__struct_fields__, row, strict=True))) for row in found]


def _named(rows: Iterable[UploadedRow]) -> dict[str, str]:
    names = {}
    for row in rows:
        record = msgspec.json.decode(row.record, type=RECORDS[row.entity])
        if getattr(record, "status", InvoiceStatus.OPEN) in CLOSED:
            continue  # of one that is paid or void nothing is left to be said
        names[row.id] = getattr(record, "number", "") or getattr(record, "name", "") or row.id
    return dict(sorted(names.items(), key=lambda item: item[1]))


def _renew(session: Session, company_id: int, entity: str, now: datetime) -> None:
    """There is something new to read. Only documents show who has paid: customers alone make no upload younger."""
    newer = update(BOOKS).where(BOOKS.c.company_id == company_id)
    run(session, newer.values(version=BOOKS.c.version + 1))
    if entity != "customer":
        run(session, newer.values(uploaded_on=now.date()))
        companies.mark_connected(session, company_id, now)
    companies.bring_forward(session, company_id, now)


def _over(row: UploadedRow, before: UploadedRow | None) -> UploadedRow:
    """A row that cannot be read leaves what was read of it before, marked."""
    if not row.problem or before is None:
        return row
    return UploadedRow(
        entity=row.entity,
        id=row.id,
        customer_id=before.customer_id,
        record=before.record,
        applies_to=before.applies_to,
        states_balance=before.states_balance,
        problem=row.problem,
    )


def _paid(rows: Iterable[UploadedRow], today: date) -> list[UploadedRow]:
    """Invoices of which their owner says that they were paid by now; on which day, no file tells."""
    settled = {"status": InvoiceStatus.PAID, "settled_on": today}
    records = [(row, replace(msgspec.json.decode(row.record, type=InvoiceRecord), **settled)) for row in rows]
    return [replace(row, record=msgspec.json.encode(record).decode(), problem="") for row, record in records]


def _gone(entity: str, ids: Iterable[str]) -> list[UploadedRow]:
    return [UploadedRow(entity=entity, id=id, is_gone=True) for id in ids]


def _write(session: Session, company_id: int, rows: Iterable[UploadedRow]) -> None:
    fields = UploadedRow.__struct_fields__
    upsert(
        session,
        RECORD,
        [{"company_id": company_id} | {name: getattr(row, name) for name in fields} for row in rows],
    )
