"""Sixteen workers, four processes of four threads, find the token run out at the same moment: one renews it for all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sandbox.server import Sandbox
from store import companies
from store.database import Database
from store.secrets import SecretBox
from tests.connectors.quickbooks import connected as quickbooks
from tests.connectors.xero import connected as xero
from tests.store.processes import run_all

Connected = quickbooks.Connected | xero.Connected
KEY = "a-secret-of-at-least-thirty-two-characters"
TOKENS = {"quickbooks": "/tokens/bearer", "xero": "/connect/token"}


def connect(name: str, sandbox: Sandbox, database: Database) -> Connected:
    if name == "quickbooks":
        # The value of a refresh token changes once a day, and a second refresh with the old one kills the consent.
        sandbox.quickbooks.register_app("app-1", "secret-1", [quickbooks.REDIRECT], stale_refresh_revokes=True)
        harbor = sandbox.quickbooks.create_company("Harbor Lane", "US", "USD", "America/Los_Angeles")
        return quickbooks.Connected(
            sandbox, harbor, quickbooks.platform_at(sandbox), database, SecretBox((KEY,))
        ).connect()
    sandbox.xero.register_app("app-1", "secret-1", [xero.REDIRECT])
    joinery = sandbox.xero.create_company("Kōwhai Joinery Ltd", "NZ", "NZD", "Pacific/Auckland")
    return xero.Connected(sandbox, joinery, xero.platform_at(sandbox), database, SecretBox((KEY,))).connect()


def four_threads(connected: Connected, url: str) -> None:
    connected.database = Database(url)
    with ThreadPoolExecutor(4) as threads:
        names = [f.result() for f in [threads.submit(lambda: connected.books().company().name) for _ in range(4)]]
    connected.database.dispose()
    assert len(names) == 4


@pytest.mark.parametrize("name", ["quickbooks", "xero"])
def test_sixteen_workers_in_four_processes_renew_once(name: str, sandbox: Sandbox, database: Database) -> None:
    connected = connect(name, sandbox, database)
    sandbox.clock.advance(timedelta(hours=25))
    seen = sandbox.platforms[name].requests_seen
    seen.clear()
    database.dispose()
    assert run_all(four_threads, [(connected, str(database.engine.url))] * 4) == [0, 0, 0, 0]
    assert sum(TOKENS[name] in path for _, path in seen) == 1
    with database.read() as session:
        assert companies.get(session, connected.company_id).status == "connected"
