from __future__ import annotations

import pytest

from sandbox.quickbooks import QuickBooksCompany
from sandbox.server import Sandbox
from store.database import Database
from store.secrets import SecretBox
from tests.connectors.quickbooks.connected import CLIENT_ID, CLIENT_SECRET, REDIRECT, Connected, platform_at


@pytest.fixture(autouse=True)
def _no_pace_from_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test's first company has the same realm: what one test was throttled for must not slow another."""
    monkeypatch.setattr("connectors.pace._paces", {})


@pytest.fixture
def company(sandbox: Sandbox) -> QuickBooksCompany:
    sandbox.quickbooks.register_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT])
    made: QuickBooksCompany = sandbox.quickbooks.create_company(
        "Harbor Lane Provisions", "US", "USD", "America/Los_Angeles"
    )
    return made


@pytest.fixture
def connected(sandbox: Sandbox, company: QuickBooksCompany, database: Database) -> Connected:
    box = SecretBox(("a-secret-of-at-least-thirty-two-characters",))
    return Connected(sandbox, company, platform_at(sandbox), database, box).connect()


@pytest.fixture
def customer(company: QuickBooksCompany) -> str:
    return company.add_customer("Larkspur Café", "ap@larkspur.example, boss@larkspur.example", phone="+1 555 0101")
