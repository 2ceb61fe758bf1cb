from __future__ import annotations

import pytest

from sandbox.server import Sandbox
from sandbox.xero import XeroCompany
from store.database import Database
from store.secrets import SecretBox
from tests.connectors.xero.connected import CLIENT_ID, CLIENT_SECRET, REDIRECT, START, Connected, platform_at


@pytest.fixture
def company(sandbox: Sandbox) -> XeroCompany:
    sandbox.clock.set(START)
    sandbox.xero.register_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT])
    return sandbox.xero.create_company("Kōwhai Joinery Ltd", "NZ", "NZD", "Pacific/Auckland")


@pytest.fixture
def connected(sandbox: Sandbox, company: XeroCompany, database: Database) -> Connected:
    box = SecretBox(("a-secret-of-at-least-thirty-two-characters",))
    return Connected(sandbox, company, platform_at(sandbox), database, box).connect()


@pytest.fixture
def customer(company: XeroCompany) -> str:
    return company.add_customer("Harbour Joinery", "ap@harbour.example", people=[("Ana Ruiz", "ana@harbour.example")])
