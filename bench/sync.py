"""What a sync costs per invoice, beside the floor of the same run: `python -m bench.sync [--json] [--pages N]`.

Bytes to committed rows, one transaction a page: the first time, and again with nothing changed. The product also
detects changes, recomputes balances and marks accounts to be decided; the floor does not.
"""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from bench import floor
from engine.books import InvoiceRecord, InvoiceStatus, Page
from store import companies, pages
from store.database import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGE = 1000

_decoder = msgspec.json.Decoder(list[InvoiceRecord])


def bodies(count: int) -> list[bytes]:
    """Pages of invoices as JSON, every tenth with discount terms, spread over customers and days."""
    return [
        msgspec.json.encode([_invoice(number) for number in range(page * PAGE, (page + 1) * PAGE)])
        for page in range(count)
    ]


def _invoice(number: int) -> InvoiceRecord:
    issued_on = date(2024, 1, 1) + timedelta(days=number % 700)
    return InvoiceRecord(
        id=f"{number:08d}-7c1f-4e6b-9a0d-5b2f3c4d5e6f",
        customer_id=f"customer-{number // 4}",
        number=f"INV-{number:06d}",
        status=InvoiceStatus.OPEN,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=30),
        currency="USD",
        total=10_000 + number,
        stated_balance=10_000 + number,
        reference=f"PO {number}",
        discount_percent=Decimal("2.5") if number % 10 == 0 else None,
        discount_days=10 if number % 10 == 0 else None,
        version=str(number % 7),
        updated_at=NOW - timedelta(minutes=number),
    )


def write_pages(database: Database, company_id: int, some: list[bytes]) -> None:
    for number, body in enumerate(some, start=1):
        page = Page(cursor=str(number), is_complete=number == len(some), invoices=tuple(_decoder.decode(body)))
        with database.begin() as session:
            pages.store_page(session, company_id, page, NOW)


def connected(database: Database, name: str) -> int:
    with database.begin() as session:
        company = companies.connect(session, platform="xero", external_id=name, name=name, mode="observe", now=NOW)
    return company.stored_id


def timed(work: Callable[[], None]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(count: int, rounds: int) -> dict[str, float]:
    """Best of `rounds`, in µs per invoice; floor and product take turns, so that a busy machine slows both."""
    some = bodies(count)
    best: dict[str, float] = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            connection = floor.prepare(Path(folder) / "floor.sqlite")
            database = Database(f"sqlite:///{folder}/product.sqlite")
            database.upgrade()
            # A product that runs on has compiled its statements long ago: a page for another company does that here.
            write_pages(database, connected(database, "warm-up"), some[:1])
            company_id = connected(database, "bench")
            for name in ("first", "unchanged"):
                for side, work in (
                    ("floor", lambda c=connection: floor.write_pages(c, some)),
                    ("product", lambda d=database, i=company_id: write_pages(d, i, some)),
                ):
                    seconds = timed(work)
                    key = f"{side} {name}"
                    best[key] = min(best.get(key, seconds), seconds)
            connection.close()
            database.dispose()
    return {name: seconds * 1e6 / (count * PAGE) for name, seconds in best.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--pages", type=int, default=5, help="pages of 1,000 invoices")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    found = measure(wanted.pages, wanted.rounds)
    ratios = {name: found[f"product {name}"] / found[f"floor {name}"] for name in ("first", "unchanged")}
    if wanted.json:
        print(json.dumps({"us_per_invoice": found, "ratio": ratios}, sort_keys=True))
        return
    print(f"sync: {wanted.pages} pages of {PAGE:,} invoices, best of {wanted.rounds}, µs per invoice")
    for name, ratio in ratios.items():
        print(
            f"  {name:10} floor {found[f'floor {name}']:6.1f}   product {found[f'product {name}']:6.1f}   {ratio:4.1f}x"
        )


if __name__ == "__main__":
    main()
