"""The floor under a sync: what decoding and writing invoices costs with msgspec and the database's own driver alone.

No change detection, no balances, no touched accounts: just bytes to rows. Measured in the same run as the product, so
that the ratio holds on any machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.books import InvoiceRecord

COLUMNS = InvoiceRecord.__struct_fields__

_decoder = msgspec.json.Decoder(list[InvoiceRecord])


def prepare(path: Path) -> sqlite3.Connection:
    """An empty table with the product's columns, key and indexes, and the same durability."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    columns = ", ".join(COLUMNS)
    connection.execute(f"CREATE TABLE invoice (company_id, balance, {columns}, PRIMARY KEY (company_id, id))")
    connection.execute("CREATE INDEX by_customer ON invoice (company_id, customer_id)")
    connection.execute("CREATE INDEX by_due ON invoice (company_id, status, due_on)")
    connection.execute("CREATE INDEX by_number ON invoice (company_id, number)")
    return connection


def write_pages(connection: sqlite3.Connection, bodies: Sequence[bytes]) -> None:
    """Decode and upsert every page, one transaction a page."""
    names = ", ".join(("company_id", "balance", *COLUMNS))
    places = ", ".join("?" * (len(COLUMNS) + 2))
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "id")
    upsert = f"INSERT INTO invoice ({names}) VALUES ({places}) ON CONFLICT (company_id, id) DO UPDATE SET {changes}"
    for body in bodies:
        rows = [_row(record) for record in _decoder.decode(body)]
        with connection:
            connection.executemany(upsert, rows)


def _row(record: InvoiceRecord) -> tuple[object, ...]:
    return (
        1,
        record.stated_balance,
        record.id,
        record.customer_id,
        record.number,
        record.status.value,
        record.issued_on.isoformat(),
        record.due_on.isoformat(),
        record.currency,
        record.total,
        record.stated_balance,
        record.paid_at_issue,
        record.is_sent,
        record.reference,
        record.settled_on.isoformat() if record.settled_on else None,
        record.expected_on.isoformat() if record.expected_on else None,
        None if record.discount_percent is None else str(record.discount_percent),
        record.discount_days,
        record.email,
        record.url,
        record.version,
        record.updated_at.isoformat() if record.updated_at else None,
    )
