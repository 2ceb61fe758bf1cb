"""What a sync costs per invoice, from a platform's bytes to committed rows, beside the floor and the usual way.

    python -m bench.sync [--json] [--cpu] [--pages 3] [--rounds 3] [--postgresql URL] [--http 20] [--flat 1000]

Pages of 1,000 invoices with three lines each, in both platforms' own JSON. The product detects changes, explains
balances and marks accounts to be decided, and sets a bad record aside alone. The floor (`bench.floor`) stores the same
rows and does nothing of this; the usual way (`bench.sdk_orm`) is the SDKs' models and an ORM session. All take turns in
one process and the best round of each counts: other programs only ever make a round slower. Quote ratios.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import create_engine, text

from bench import floor, ledgers, over_http, product, sdk_orm
from store.database import Database

PLATFORMS = ("xero", "quickbooks")
PAGES = {"xero": ledgers.xero_page, "quickbooks": ledgers.quickbooks_page}
Details: TypeAlias = dict[str, dict[str, dict[str, float]]]
"""Database → platform → contender and turn → µs per invoice."""
MODELS = {"xero": sdk_orm.xero_models, "quickbooks": sdk_orm.quickbooks_models}


@dataclass
class Best:
    """Fastest seconds for each contender, by one clock."""

    clock: Callable[[], float] = time.perf_counter
    seconds: dict[str, float] = field(default_factory=dict)

    def time(self, name: str, work: Callable[..., object], *arguments: object) -> None:
        gc.collect()
        started = self.clock()
        work(*arguments)
        spent = self.clock() - started
        self.seconds[name] = min(self.seconds.get(name, spent), spent)


def measure(platform: str, count: int, rounds: int, clock: Callable[[], float] = time.perf_counter) -> dict[str, float]:
    """Microseconds per invoice on SQLite: product, floor, and SDK with ORM, each first and again.

    Of the ORM's two ways to begin, `add_all` is "first", and `merge`, which can be repeated, is "first merge".
    """
    bodies = [PAGES[platform](number) for number in range(count)]
    models, best = MODELS[platform](), Best(clock)
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            ours, bare, theirs = (
                _database(stack, f"sqlite:///{folder}/{name}.sqlite") for name in ("ours", "bare", "theirs")
            )
            other, third = (product.connected(theirs, name, platform) for name in ("bench", "merged"))
            for turn in _turns(stack, ours, bare, platform, bodies, best):
                again = turn == "again"
                best.time(f"sdk_orm {turn}", sdk_orm.write_page, theirs, platform, models, other, bodies[0], again)
            best.time("sdk_orm first merge", sdk_orm.write_page, theirs, platform, models, third, bodies[0], True)
    per_page = {name: 1 if name.startswith("sdk_orm") else count for name in best.seconds}
    return {name: seconds * 1e6 / (per_page[name] * ledgers.PAGE) for name, seconds in best.seconds.items()}


def measure_postgresql(url: str, platform: str, count: int, rounds: int) -> dict[str, float]:
    """The same on a PostgreSQL server, product and floor only, in schemas made for it and dropped before the next."""
    bodies, best = [PAGES[platform](number) for number in range(count)], Best()
    for _ in range(rounds):
        with ExitStack() as stack:
            ours, bare = (_database(stack, _schema(url, name)) for name in ("dunwell_bench", "dunwell_bench_floor"))
            for _turn in _turns(stack, ours, bare, platform, bodies, best):
                pass
    return {name: seconds * 1e6 / (count * ledgers.PAGE) for name, seconds in best.seconds.items()}


def _turns(
    stack: ExitStack, ours: Database, bare: Database, platform: str, bodies: list[bytes], best: Best
) -> Iterator[str]:
    """Floor and product take their turns, "first" and "again"; what they stored must be the same."""
    company, other = _warm(ours, platform, bodies), product.connected(bare, "bench", platform)
    plain = floor.Floor(bare, other)
    stack.callback(plain.close)
    lowest = floor.Floor(bare, product.connected(bare, "lowest", platform), is_lowest=True)
    stack.callback(lowest.close)
    for turn in ("first", "again"):
        best.time(f"floor {turn}", _floor, plain, platform, bodies)
        best.time(f"lowest floor {turn}", _floor, lowest, platform, bodies)
        best.time(f"product {turn}", _product, ours, platform, company, bodies)
        yield turn
    if floor.stored_invoices(ours, company) != floor.stored_invoices(bare, other):
        raise AssertionError("the floor stores other rows than the product: the figures would mean nothing")


def _schema(url: str, name: str) -> str:
    """The address of a new, empty schema of that name."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"


def _warm(database: Database, platform: str, bodies: list[bytes]) -> int:
    """A company to measure on, its statements compiled by another one's page, as they are in a product that runs on."""
    product.write_page(database, platform, product.connected(database, "warm-up", platform), bodies[0], "1")
    return product.connected(database, "bench", platform)


def _database(stack: ExitStack, url: str) -> Database:
    database = Database(url)
    database.upgrade()
    stack.callback(database.dispose)
    return database


def _floor(lowest: floor.Floor, platform: str, bodies: list[bytes]) -> None:
    for body in bodies:
        lowest.write_page(platform, body)


def _product(database: Database, platform: str, company_id: int, bodies: list[bytes]) -> None:
    for number, body in enumerate(bodies):
        product.write_page(database, platform, company_id, body, str(number))


def over_the_wire(count: int, clock: Callable[[], float]) -> float:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = _database(stack, f"sqlite:///{folder}/http.sqlite")
        return over_http.invoices_per_second(database, product.connected(database, "over http"), count, clock)


def flat(count: int) -> None:
    """Stream `count` pages through, made one at a time, and print the most memory this process ever held, in MB."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = _database(stack, f"sqlite:///{Path(folder) / 'flat.sqlite'}")
        company = product.connected(database, "flat")
        for number in range(count):
            product.write_page(database, "xero", company, ledgers.xero_page(number), str(number))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def rss_mb(count: int) -> float:
    """In a process of its own, which Linux charges with what this one holds: so before the SDKs' models are loaded."""
    command = [sys.executable, "-c", f"from bench.sync import flat; flat({count})"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def report(wanted: argparse.Namespace) -> tuple[dict[str, float], Details]:
    """The figures of the platform that comes out worse, and each platform's own by database."""
    clock = time.process_time if wanted.cpu else time.perf_counter
    most_held = rss_mb(wanted.flat)
    found = {platform: measure(platform, wanted.pages, wanted.rounds, clock) for platform in PLATFORMS}
    ratio = {name: each["product first"] / each["floor first"] for name, each in found.items()}
    worst = max(ratio, key=lambda name: ratio[name])
    figures = {
        "us_per_invoice": found[worst]["product first"],
        "floor_us_per_invoice": found[worst]["floor first"],
        "ratio_to_floor": ratio[worst],
        "ratio_to_lowest_floor": max(each["product first"] / each["lowest floor first"] for each in found.values()),
        "times_faster_than_sdk_orm": min(each["sdk_orm first"] / each["product first"] for each in found.values()),
        "times_faster_than_sdk_orm_merge": min(
            each["sdk_orm first merge"] / each["product first"] for each in found.values()
        ),
        "invoices_per_second_over_http": over_the_wire(wanted.http, clock),
        "rss_mb": most_held,
    }
    details = {"sqlite": found}
    if wanted.postgresql:
        details["postgresql"] = {
            name: measure_postgresql(wanted.postgresql, name, wanted.pages, wanted.rounds) for name in PLATFORMS
        }
    return figures, details


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object of the main figures")
    parser.add_argument("--pages", type=int, default=3, help="pages of 1,000 invoices")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", default="", help="SQLAlchemy URL of a server to measure on as well")
    parser.add_argument(
        "--cpu", action="store_true", help="processor time, but on a server: for a machine that is busy"
    )
    parser.add_argument("--http", type=int, default=20, help="pages sent over HTTP")
    parser.add_argument("--flat", type=int, default=1000, help="pages streamed through to see that memory stays flat")
    wanted = parser.parse_args()
    figures, details = report(wanted)
    if wanted.json:
        print(json.dumps(figures))
        return
    for database, platforms in details.items():
        for platform, found in platforms.items():
            print(f"{database}, {platform}: µs per invoice")
            for name, value in found.items():
                print(f"  {name:19} {value:8.1f}")
    for name, value in figures.items():
        print(f"{name:34} {value:10.1f}")


if __name__ == "__main__":
    main()
