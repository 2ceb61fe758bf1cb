"""The floor under a sync: the platform's bytes decoded by msgspec into typed headers, and rows written by the driver.

No change detection, no balances, no touched accounts, no record read alone: the least that Python can do for the same
rows. Measured in the same run as the product, so that the ratio holds on any machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import URL

from connectors.quickbooks import shapes as quickbooks
from connectors.xero import shapes as xero

COLUMNS = (
    "company_id, id, customer_id, number, status, issued_on, due_on, currency, total, balance, stated_balance,"
    " paid_at_issue, is_sent, reference, discount_percent, discount_days, email, url, version, updated_at"
)
CREATE = f"CREATE TABLE invoice ({COLUMNS}, PRIMARY KEY (company_id, id))"
CREATE_TYPED = (
    "CREATE TABLE invoice (company_id integer, id text, customer_id text, number text, status text, issued_on text,"
    " due_on text, currency text, total bigint, balance bigint, stated_balance bigint, paid_at_issue bigint,"
    " is_sent text, reference text, discount_percent text, discount_days integer, email text, url text, version text,"
    " updated_at text, PRIMARY KEY (company_id, id))"
)
INDEXES = (
    "CREATE INDEX by_customer ON invoice (company_id, customer_id)",
    "CREATE INDEX by_due ON invoice (company_id, status, due_on)",
    "CREATE INDEX by_number ON invoice (company_id, number)",
)


class XeroAnswer(msgspec.Struct):
    invoices: list[xero.Invoice] = msgspec.field(name="Invoices")


class QuickBooksRows(msgspec.Struct):
    invoices: list[quickbooks.Invoice] = msgspec.field(name="Invoice")


class QuickBooksAnswer(msgspec.Struct):
    rows: QuickBooksRows = msgspec.field(name="QueryResponse")


_XERO = msgspec.json.Decoder(XeroAnswer)
_QUICKBOOKS = msgspec.json.Decoder(QuickBooksAnswer)


def prepare_sqlite(path: str) -> sqlite3.Connection:
    """An empty table with the product's key and indexes, and the same durability."""
    connection = sqlite3.connect(path)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", CREATE, *INDEXES):
        connection.execute(statement)
    return connection


def prepare_postgresql(url: URL) -> Any:
    import psycopg

    connection = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    for statement in (CREATE_TYPED, *INDEXES):
        connection.execute(statement.encode())
    connection.commit()
    return connection


def write_page(connection: Any, platform: str, body: bytes, mark: str) -> None:
    """Decode and upsert one page in one transaction. `mark` is the driver's placeholder."""
    rows = _of_xero(body) if platform == "xero" else _of_quickbooks(body)
    names = [name.strip() for name in COLUMNS.split(",")]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("company_id", "id"))
    upsert = (
        f"INSERT INTO invoice ({COLUMNS}) VALUES ({', '.join([mark] * len(names))})"
        f" ON CONFLICT (company_id, id) DO UPDATE SET {changes}"
    )
    cursor = connection.cursor()
    cursor.executemany(upsert, list(rows))
    connection.commit()


def _minor(amount: Decimal | None) -> int:
    return int((amount or 0) * 100)


def _of_xero(body: bytes) -> Iterable[tuple[object, ...]]:
    for each in _XERO.decode(body).invoices:
        customer_id = each.contact.contact_id if each.contact else None
        due = _minor(each.amount_due)
        yield (
            *(1, each.invoice_id, customer_id, each.invoice_number, each.status, each.date, each.due_date),
            *(each.currency_code, _minor(each.total), due, due, 0, str(each.sent_to_contact), each.reference),
            *(None, None, None, None, each.updated_date_utc, each.updated_date_utc),
        )


def _of_quickbooks(body: bytes) -> Iterable[tuple[object, ...]]:
    for each in _QUICKBOOKS.decode(body).rows.invoices:
        customer_id = each.customer_ref.value if each.customer_ref else None
        due = _minor(each.balance)
        changed = each.meta_data.last_updated_time if each.meta_data else None
        yield (
            *(1, each.id, customer_id, each.doc_number, each.email_status, str(each.txn_date), str(each.due_date)),
            *(each.currency_ref.value if each.currency_ref else None, _minor(each.total_amt), due, due),
            *(_minor(each.deposit), each.email_status, each.private_note, None, None),
            *(each.bill_email.address if each.bill_email else None, each.invoice_link, each.sync_token, str(changed)),
        )
