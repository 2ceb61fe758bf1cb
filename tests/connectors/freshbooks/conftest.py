from __future__ import annotations

import pytest

from connectors.freshbooks.platform import FreshBooks
from sandbox.freshbooks import FreshBooksCompany
from sandbox.server import Sandbox
from store.database import Database
from store.secrets import SecretBox
from tests.connectors.freshbooks.connected import CLIENT_ID, CLIENT_SECRET, REDIRECT, Connected, platform_at


@pytest.fixture
def company(sandbox: Sandbox) -> FreshBooksCompany:
    sandbox.freshbooks.register_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT])
    return sandbox.freshbooks.create_company("Brightside Studio", "CA", "CAD", "America/Toronto")


@pytest.fixture
def platform(sandbox: Sandbox, company: FreshBooksCompany, monkeypatch: pytest.MonkeyPatch) -> FreshBooks:
    # The pace counts real seconds per company, and each test's company is the same one.
    monkeypatch.setattr("connectors.pace._paces", {})
    return platform_at(sandbox)


@pytest.fixture
def connected(sandbox: Sandbox, company: FreshBooksCompany, platform: FreshBooks, database: Database) -> Connected:
    box = SecretBox(("a-secret-of-at-least-thirty-two-characters",))
    return Connected(sandbox, company, platform, database, box).connect()
