"""`python -m tests.simulation.soak [--months 24] [--companies 2]`: one process for two years, and what it holds on to.

The platforms and their customers live in a process of their own, so that what is measured is Dunwell alone: resident
memory and open files at the end of every month. The last line is one JSON object; exit code 1 where either has grown.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import click
import structlog

from connectors.pace import forget_paces
from dunwell.wiring import House, build
from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.world import World
from scheduler.run import run_company
from store import claims, companies
from tests.joining import issue, keep
from tests.simulation.life import STARTS_AT
from tests.simulation.town import HISTORY, found
from tests.trial import KEYS, settings_for

TICK = timedelta(hours=6)
MONTH = timedelta(days=30)
SETTLED = 3
"""Months after which every cache is full: what comes later is compared with this."""
MAY_GROW = 1.1


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.soak", description=__doc__)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--companies", type=int, default=2)
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    context = get_context("spawn")
    here, there = context.Pipe()
    platforms = context.Process(target=live_elsewhere, args=(there, asked.companies), daemon=True)
    platforms.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _report(_soak(here, Path(folder), asked.months))
    finally:
        platforms.terminate()
        platforms.join()


def live_elsewhere(parent: Connection, town_size: int) -> None:
    """The other process: says where it is and who lives there, then lives until each instant that it is sent."""
    with Sandbox(SandboxClock(STARTS_AT, ticking=False)) as sandbox:
        for platform in (sandbox.quickbooks, sandbox.xero):
            platform.register_app(KEYS[0], KEYS[1], ["http://localhost/callback"])
        world = World(sandbox.clock, sandbox.mailbox, seed=24)
        sandbox.clock.set(STARTS_AT - HISTORY)
        books = list(found(sandbox, world, town_size, (STARTS_AT + MONTH).date()))
        world.live_until(STARTS_AT)
        towns = [
            (platform, book.company.external_id, book.company.name, book.company.time_zone, *issue_for)
            for platform, book, _ in books
            for issue_for in [issue(sandbox, platform, book.company)]
        ]
        parent.send((sandbox.base_url, sandbox.mailbox.smtp_url, towns))
        while True:
            world.live_until(parent.recv())
            # Requests are noted for tests that count them; here they would be the other process's own leak.
            sandbox.quickbooks.requests_seen.clear()
            sandbox.xero.requests_seen.clear()
            parent.send((sandbox.clock.now(), len(sandbox.mailbox.mails)))


def _soak(platforms: Connection, folder: Path, months: int) -> dict[str, object]:
    base_url, smtp_url, towns = platforms.recv()
    where = SimpleNamespace(base_url=base_url, mailbox=SimpleNamespace(smtp_url=smtp_url))
    clock = SandboxClock(STARTS_AT, ticking=False)
    house = build(settings_for(where, "http://localhost:8000", folder, "automatic", {}), clock.now)
    for platform, external_id, name, time_zone, held, owner in towns:
        id = keep(house.database, house.parts.box, platform, external_id, name, "automatic", held, owner, STARTS_AT)
        with house.database.begin() as session:
            companies.set_contact(session, id, time_zone=time_zone, email="", now=STARTS_AT, by="owner")
    figures: dict[str, list[float]] = {"resident_mb": [], "open_files": []}
    runs = mails = 0
    for month in range(months):
        until = STARTS_AT + MONTH * (month + 1)
        while clock.now() < until:
            platforms.send(clock.now() + TICK)
            now, mails = platforms.recv()
            clock.set(now)
            runs += _run_what_is_due(house, now)
        gc.collect()
        figures["resident_mb"].append(_resident_mb())
        figures["open_files"].append(len(os.listdir("/proc/self/fd")))
        click.echo(
            f"month {month + 1}: {runs} runs, {mails} mails, {_resident_mb():.0f} MB, "
            f"{figures['open_files'][-1]} open files"
        )
    house.close()
    return {"months": months, "companies": len(towns), "runs": runs, "mails": mails, **figures}


def _run_what_is_due(house: House, now: datetime) -> int:
    forget_paces()
    with house.database.read() as session:
        due = claims.due_companies(session, now)
    reports = [run_company(house.parts, company_id) for company_id in due]
    assert all(report.status == "ok" for report in reports), [report.as_dict() for report in reports]
    return len(reports)


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return round(int(found.group(1)) / 1024, 1)


def _report(figures: dict[str, object]) -> int:
    memory, files = figures["resident_mb"], figures["open_files"]
    assert isinstance(memory, list)
    assert isinstance(files, list)
    settled = min(SETTLED, len(memory)) - 1
    is_flat = memory[-1] <= memory[settled] * MAY_GROW and files[-1] <= files[settled]
    click.echo(json.dumps({**figures, "is_flat": is_flat}))
    return 0 if is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
