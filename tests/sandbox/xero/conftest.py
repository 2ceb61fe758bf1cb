"""A Xero with one app and one organisation, on a clock that stands still, and a connected client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import CLIENT, REDIRECT, SECRET, Api, Identity, connect

NOW = datetime(2026, 3, 4, 21, 0, tzinfo=UTC)
"""10:00 on Thursday 5 March in Auckland."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(SandboxClock(NOW, ticking=False)) as sandbox:
        sandbox.xero.register_app(CLIENT, SECRET, [REDIRECT], minute_limit=10_000)
        yield sandbox


@pytest.fixture
def company(sandbox: Sandbox) -> XeroCompany:
    company: XeroCompany = sandbox.xero.create_company("Harbour Joinery Ltd", "NZ", "NZD", "Pacific/Auckland")
    return company


@pytest.fixture
def identity(sandbox: Sandbox) -> Identity:
    return Identity(f"{sandbox.base_url}/xero")


@pytest.fixture
def api(sandbox: Sandbox, company: XeroCompany) -> Api:
    return connect(sandbox, company)


@pytest.fixture
def customer(company: XeroCompany) -> str:
    return company.add_customer("Kauri Homes", "accounts@kauri.example")


@pytest.fixture
def invoice(company: XeroCompany, customer: str) -> str:
    """1,150.00 with tax, due on 20 February 2026: overdue."""
    lines = [("Kitchen", Decimal("800.00")), ("Fitting", Decimal("200.00"))]
    return company.add_invoice(
        customer, lines, issued_on=date(2026, 1, 20), due_on=date(2026, 2, 20), number="INV-7", is_sent=False
    )
