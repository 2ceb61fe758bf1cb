"""The floor under a sync: the platform's bytes decoded by msgspec as one value, and the rows written by the driver.

The very rows that the product stores, into the product's own table: no change detection, no fingerprint, no check of
a value, no record read alone, no balance explained, no account marked. The least that Python can do for the same rows,
measured in the same run as the product, so that the ratio holds on any machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import select

from connectors.quickbooks import shapes as quickbooks
from connectors.xero import shapes as xero
from store.database import Database
from store.upserts import INVOICE

COLUMNS = (
    *("company_id", "id", "customer_id", "number", "status", "issued_on", "due_on", "currency", "total", "balance"),
    *("stated_balance", "paid_at_issue", "has_drift", "is_sent", "reference", "email", "url", "version", "updated_at"),
    "fingerprint",
)
UNSAID = ("settled_on", "expected_on", "discount_percent", "discount_days")
"""What these pages say nothing of. SQLite's driver takes five times as long over a None as over a value: the lowest
floor leaves these columns out, as the product does."""
XERO_STATUS = {"AUTHORISED": "open", "PAID": "paid", "VOIDED": "voided", "DELETED": "deleted", "DRAFT": "draft"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row: TypeAlias = tuple[object, ...]
Written: TypeAlias = tuple[Callable[[date], object], Callable[[datetime], object]]
"""How this driver takes a day and an instant."""


class XeroAnswer(msgspec.Struct):
    invoices: list[xero.Invoice] = msgspec.field(name="Invoices")


class QuickBooksRows(msgspec.Struct):
    invoices: list[quickbooks.Invoice] = msgspec.field(name="Invoice")


class QuickBooksAnswer(msgspec.Struct):
    rows: QuickBooksRows = msgspec.field(name="QueryResponse")


_XERO = msgspec.json.Decoder(XeroAnswer)
_QUICKBOOKS = msgspec.json.Decoder(QuickBooksAnswer)


class Floor:
    """Writes pages for one company of a database that has the product's schema, on the driver's own connection."""

    def __init__(self, database: Database, company_id: int, *, is_lowest: bool = False) -> None:
        columns, self._unsaid = (COLUMNS, ()) if is_lowest else ((*COLUMNS, *UNSAID), (None,) * len(UNSAID))
        self._rows_of = {"xero": self._of_xero, "quickbooks": self._of_quickbooks}
        self._company_id = company_id
        self._pooled = database.engine.raw_connection()
        self._connection: Any = self._pooled.driver_connection
        mark = "%s" if database.is_postgresql else "?"
        self._written: Written = (_same, _same) if database.is_postgresql else (_day_text, _instant_text)
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("company_id", "id"))
        self._upsert = (
            f"INSERT INTO invoice ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"
            f" ON CONFLICT (company_id, id) DO UPDATE SET {changes}"
        )

    def write_page(self, platform: str, body: bytes) -> None:
        """Decode and upsert one page in one transaction."""
        cursor = self._connection.cursor()
        if self._written[0] is _day_text:
            # The product's connections leave the beginning to the product.
            cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(self._upsert, list(self._rows_of[platform](body)))
        self._connection.commit()

    def close(self) -> None:
        self._pooled.close()

    def _of_xero(self, body: bytes) -> Iterable[Row]:
        company_id, (day, instant) = self._company_id, self._written
        for each in _XERO.decode(body).invoices:
            total, due, changed = _minor(each.total), _minor(each.amount_due), each.updated_date_utc or ""
            yield (
                *(company_id, each.invoice_id, each.contact.contact_id if each.contact else None, each.invoice_number),
                *(XERO_STATUS[each.status or ""], day(_xero_day(each.date)), day(_xero_day(each.due_date))),
                *(each.currency_code, total, due, due, 0, False, each.sent_to_contact, each.reference),
                *("", "", changed, instant(_xero_instant(changed)), "", *self._unsaid),
            )

    def _of_quickbooks(self, body: bytes) -> Iterable[Row]:
        company_id, (day, instant) = self._company_id, self._written
        for each in _QUICKBOOKS.decode(body).rows.invoices:
            due, changed = _minor(each.balance), each.meta_data.last_updated_time if each.meta_data else None
            yield (
                *(company_id, each.id, each.customer_ref.value if each.customer_ref else None, each.doc_number),
                *("open" if due > 0 else "paid", day(each.txn_date or date.min), day(each.due_date or date.min)),
                *(each.currency_ref.value if each.currency_ref else None, _minor(each.total_amt), due, due),
                *(_minor(each.deposit), False, each.email_status == "EmailSent", each.private_note or ""),
                *(each.bill_email.address if each.bill_email else None, each.invoice_link or ""),
                *(each.sync_token, instant(changed or EPOCH), "", *self._unsaid),
            )


def stored_invoices(database: Database, company_id: int) -> list[Row]:
    """What there is to compare: a company's invoices without the company and the fingerprint."""
    told = [column for column in INVOICE.c if column.name not in ("company_id", "fingerprint")]
    with database.read() as session:
        rows = session.execute(select(*told).where(INVOICE.c.company_id == company_id).order_by(INVOICE.c.id))
        return [tuple(row) for row in rows]


def _minor(amount: Decimal | None) -> int:
    return int(amount * 100) if amount else 0


@lru_cache(maxsize=4096)
def _xero_day(text: str) -> date:
    return _xero_instant(text).date()


def _xero_instant(text: str) -> datetime:
    return EPOCH + timedelta(0, 0, 0, int(text[6 : text.index("+")]))


def _same(value: object) -> object:
    return value


_day_text = lru_cache(maxsize=4096)(date.isoformat)


def _instant_text(at: datetime) -> str:
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ", "microseconds")[:26]
