"""A Xero with one app and one organisation, on a clock that stands still, and a connected client."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from sandbox.clock import SandboxClock
from sandbox.faults import Faults
from sandbox.transport import Server
from sandbox.webhooks import Webhooks
from sandbox.xero import XeroCompany, XeroSandbox
from tests.sandbox.xero.client import CLIENT, REDIRECT, SECRET, Api, Identity, Rig, connect

NOW = datetime(2026, 3, 4, 21, 0, tzinfo=UTC)
"""10:00 on Thursday 5 March in Auckland."""


@pytest.fixture
def sandbox() -> Iterator[Rig]:
    clock, faults = SandboxClock(NOW, ticking=False), Faults()
    webhooks = Webhooks(clock, faults)
    xero = XeroSandbox(clock, faults, webhooks)
    app = Flask("xero-alone")
    app.register_blueprint(xero.blueprint, url_prefix="/xero")
    server = Server(0, app, faults)
    threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
    webhooks.start()
    xero.register_app(CLIENT, SECRET, [REDIRECT], minute_limit=10_000)
    yield Rig(clock, faults, webhooks, xero, f"http://localhost:{server.port}")
    webhooks.stop()
    server.shutdown()
    server.server_close()
    server.close_all()


@pytest.fixture
def company(sandbox: Rig) -> XeroCompany:
    return sandbox.xero.create_company("Harbour Joinery Ltd", "NZ", "NZD", "Pacific/Auckland")


@pytest.fixture
def identity(sandbox: Rig) -> Identity:
    return Identity(f"{sandbox.base_url}/xero")


@pytest.fixture
def api(sandbox: Rig, company: XeroCompany) -> Api:
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
