"""What is personal in uploaded records leaves them when a customer is erased, and stays out of the next file.

As everywhere, amounts, dates and numbers of documents stay: they are the company's accounts.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace
from sqlalchemy import select, update
from sqlmodel import Session

from engine.books import CreditRecord, CustomerRecord, InvoiceRecord, Page, PaymentRecord
from engine.uploads import RECORDS, Record, UploadedRow
from store import erased
from store.sql import among, run, table_of
from store.tables import SetAsideRecord, Upload, UploadedRecord

RECORD, UPLOAD, SET_ASIDE = table_of(UploadedRecord), table_of(Upload), table_of(SetAsideRecord)
UNREAD = "A record of an erased customer could not be read."


def without_erased(session: Session, company_id: int, rows: Sequence[UploadedRow]) -> Sequence[UploadedRow]:
    """The rows as they may be kept."""
    gone = erased.ids(session, company_id)
    return [_stripped(session, company_id, row) if row.customer_id in gone else row for row in rows] if gone else rows


def strip(session: Session, company_id: int, ids: tuple[str, ...], name: str) -> None:
    """Strip what is kept of these customers, who are noted as erased already. A file that waits is let go whole, and
    so is what was said of rows that could not be read, where it names them."""
    waits = (UPLOAD.c.company_id == company_id) & (UPLOAD.c.state == "waiting")
    run(session, update(UPLOAD).where(waits).values(state="discarded", sealed=b""))
    for table, words in ((RECORD, RECORD.c.problem), (SET_ASIDE, SET_ASIDE.c.reason)) if name else ():
        named = (table.c.company_id == company_id) & words.contains(name, autoescape=True)
        run(session, update(table).where(named).values({words: UNREAD}))
    columns = tuple(RECORD.c[name] for name in UploadedRow.__struct_fields__)
    theirs = (RECORD.c.company_id == company_id) & among(session, RECORD.c.customer_id, ids)
    for found in session.connection().execute(select(*columns).where(theirs)).all():
        row = UploadedRow(**dict(zip(UploadedRow.__struct_fields__, found, strict=True)))
        kept = _stripped(session, company_id, row)
        here = theirs & (RECORD.c.entity == row.entity) & (RECORD.c.id == row.id)
        run(session, update(RECORD).where(here).values(record=kept.record, problem=kept.problem))


def _stripped(session: Session, company_id: int, row: UploadedRow) -> UploadedRow:
    problem = UNREAD if row.problem else ""
    if not row.record:
        return replace(row, problem=problem)
    record: Record = msgspec.json.decode(row.record, type=RECORDS[row.entity])
    page = erased.stripped(session, company_id, _page(record))
    kept: tuple[Record, ...] = (*page.customers, *page.invoices, *page.payments, *page.credits)
    return replace(row, record=msgspec.json.encode(kept[0]).decode(), problem=problem)


def _page(record: Record) -> Page:
    match record:
        case CustomerRecord():
            return Page(cursor="", customers=(record,))
        case InvoiceRecord():
            return Page(cursor="", invoices=(record,))
        case PaymentRecord():
            return Page(cursor="", payments=(record,))
        case CreditRecord():
            return Page(cursor="", credits=(record,))
