"""The stage: sandbox, world and the whole product in one process, on a database of their own, sharing one clock."""

from __future__ import annotations

import dataclasses
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import requests
from flask import Flask
from waitress.server import create_server

from dunwell.demo.connecting import connect
from dunwell.demo.pages import hang_up
from dunwell.serving import shut
from dunwell.settings import Settings, read_settings
from dunwell.wiring import Clockwork, House, build, create_app
from sandbox.server import Sandbox
from sandbox.world.demo import DemoWorld, build_demo
from scheduler.dispatch import Pool
from store import companies, policies

MAIL_FROM = "accounts@dunwell.example"
TICK = timedelta(seconds=5)
"""Real seconds between two looks for due companies: a visitor will not wait a minute."""


@dataclasses.dataclass(frozen=True)
class Stage:
    """Everything a visitor meets. `address` is the web app's; both demo companies are connected."""

    sandbox: Sandbox
    world: DemoWorld
    house: House
    app: Flask
    clockwork: Clockwork
    address: str
    browser: requests.Session
    """The session in which they were connected."""


@contextmanager
def staged(port: int, seed: int = 7) -> Iterator[Stage]:
    """Build the stage, connect two companies through their real redirects, and take it all down at the end.

    Raises OSError where the port is taken.
    """
    address = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory(prefix="dunwell-demo-") as folder, Sandbox() as sandbox:
        world = build_demo(sandbox, seed, app_url=address)
        house = build(_settings(sandbox, world, address, Path(folder)), sandbox.clock.now)
        clockwork = Clockwork(house.parts, Pool(house.parts), tick=TICK)
        app = create_app(dataclasses.replace(house.services, is_ready=lambda: _readiness(house, clockwork)))
        stage = Stage(sandbox, world, house, app, clockwork, address, requests.Session())
        hang_up(stage)
        server = create_server(app, host="127.0.0.1", port=port, threads=8, ident=None)
        threading.Thread(target=server.run, name="web", daemon=True).start()
        try:
            connect(stage.browser, address, "quickbooks", world.quickbooks.name)
            connect(stage.browser, address, "xero", world.xero.name)
            _choose_time_zone(house, world)
            yield stage
        finally:
            shut(server)  # type: ignore[arg-type]  # one address, so one socket
            house.close()


def _choose_time_zone(house: House, world: DemoWorld) -> None:
    """QuickBooks Online does not tell where a company is: its owner says so in Settings, and here we are the owner."""
    now = house.parts.clock()
    with house.database.begin() as session:
        company = companies.by_external_id(session, "quickbooks", world.quickbooks.external_id)
        if company is None:
            raise LookupError("the QuickBooks company was connected a moment ago and is not there")
        policy = policies.current(session, company.stored_id)
        calendar = policy.calendar.model_copy(update={"time_zone": world.quickbooks.time_zone})
        policies.save(session, company.stored_id, policy.model_copy(update={"calendar": calendar}), now, "demo")


def _readiness(house: House, clockwork: Clockwork) -> dict[str, bool]:
    return {"database": house.database.is_up(), "scheduler": clockwork.is_ticking()}


def _settings(sandbox: Sandbox, world: DemoWorld, address: str, folder: Path) -> Settings:
    """Nothing of the visitor's own environment gets into the demo: their real keys and mail server stay out of it."""
    quickbooks, xero = f"{sandbox.base_url}/quickbooks", f"{sandbox.base_url}/xero"
    freshbooks = f"{sandbox.base_url}/freshbooks"
    return read_settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'demo.db'}",
        secret_key=secrets.token_urlsafe(32),
        base_url=address,
        quickbooks_client_id=world.quickbooks_keys.client_id,
        quickbooks_client_secret=world.quickbooks_keys.client_secret,
        quickbooks_webhook_token=world.quickbooks_keys.webhook_key,
        quickbooks_discovery_url=f"{quickbooks}/.well-known/openid_configuration",
        quickbooks_api_url=quickbooks,
        xero_client_id=world.xero_keys.client_id,
        xero_client_secret=world.xero_keys.client_secret,
        xero_webhook_key=world.xero_keys.webhook_key,
        xero_login_url=xero,
        xero_identity_url=xero,
        xero_api_url=xero,
        freshbooks_client_id=world.freshbooks_keys.client_id,
        freshbooks_client_secret=world.freshbooks_keys.client_secret,
        freshbooks_auth_url=freshbooks,
        freshbooks_api_url=freshbooks,
        smtp_url=sandbox.mailbox.smtp_url,
        mail_from=MAIL_FROM,
        default_mode="automatic",
        sandbox=True,
        now=None,
    )
