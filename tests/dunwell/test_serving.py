"""`dunwell serve` in a process of its own: connected once, it runs by itself, and stops when told."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from dunwell.demo.connecting import connect
from tests.trial import KEYS, Trial, a_trial, environment, overdue_invoice


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with a_trial(tmp_path) as trial:
        yield trial


@pytest.fixture
def served(trial: Trial) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Address and process of a real `serve` on the trial's database, known to both platforms."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    for name in ("quickbooks", "xero"):
        getattr(trial.sandbox, name).register_app(KEYS[0], KEYS[1], [f"{address}/connect/{name}/callback"])
    settings = environment(trial) | {"DUNWELL_BASE_URL": address}
    command = [sys.executable, "-m", "dunwell", "--log-level", "WARNING", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | settings)
    try:
        wait_until(lambda: is_ready(address))
        yield address, process
    finally:
        process.kill()
        process.wait(timeout=10)


def is_ready(address: str) -> bool:
    try:
        return requests.get(f"{address}/readyz", timeout=2).status_code == 200
    except requests.ConnectionError:
        return False


def wait_until(is_so: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def test_a_company_connected_in_the_browser_is_run_without_another_word(
    trial: Trial, served: tuple[str, subprocess.Popen[bytes]]
) -> None:
    address, process = served
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=12)
    browser = requests.Session()
    connect(browser, address, "xero", books.name)
    wait_until(lambda: len(trial.mails()) == 1)
    assert "Larkspur" in browser.get(f"{address}/", timeout=10).text
    metrics = requests.get(f"{address}/metrics", timeout=10).text
    wait_until(lambda: re.search(r'dunwell_runs_total\{platform="xero",status="ok"\} 1', fresh(address)) is not None)
    assert "dunwell_last_tick_timestamp_seconds" in metrics
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


def fresh(address: str) -> str:
    return requests.get(f"{address}/metrics", timeout=10).text
