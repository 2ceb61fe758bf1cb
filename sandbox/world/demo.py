"""The stage for a visitor: a company to connect on each platform, one more to click through, and two years behind them.

Ends at one fixed instant, Wednesday 11 March 2026, 21:30 UTC. That is 14:30 in Portland and 10:30 on Thursday in
Auckland: a working hour for both companies of the demo, so that each may write to its customers at once. It is evening
in Leeds and in Toronto, whose books wait unconnected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.company import SandboxCompany, SandboxPlatform
from sandbox.server import Sandbox
from sandbox.world.businesses import HARBOR_LANE, KAURI_LANE, MAPLE_ROW, PENNINE, Business
from sandbox.world.world import World

STAGE_AT = datetime(2026, 3, 11, 21, 30, tzinfo=UTC)
HISTORY = timedelta(days=730)


@dataclass(frozen=True)
class AppKeys:
    """How an application is known to one platform."""

    client_id: str
    client_secret: str
    webhook_key: str


QUICKBOOKS_KEYS = AppKeys("sandbox-quickbooks-client", "sandbox-quickbooks-secret", "sandbox-quickbooks-verifier")
XERO_KEYS = AppKeys("sandbox-xero-client", "sandbox-xero-secret", "sandbox-xero-webhook-key")
FRESHBOOKS_KEYS = AppKeys("sandbox-freshbooks-client", "sandbox-freshbooks-secret", "")
"""Keys of a stand-in on this machine: they open nothing, and never change, so that settings can be written down."""


@dataclass(frozen=True)
class DemoWorld:
    """What was built. `quickbooks` and `xero` are to be connected; `unconnected` (Xero) and `freshbooks` wait for the
    visitor."""

    world: World
    quickbooks: SandboxCompany
    xero: SandboxCompany
    unconnected: SandboxCompany
    freshbooks: SandboxCompany
    quickbooks_keys: AppKeys
    xero_keys: AppKeys
    freshbooks_keys: AppKeys


def build_demo(
    sandbox: Sandbox, seed: int = 7, today: datetime = STAGE_AT, *, app_url: str = "http://localhost:8000"
) -> DemoWorld:
    """Register one application on each platform, open four companies, and live two years up to `today`.

    `app_url` is the application's own address; it is called back at `/connect/<platform>/callback` and told of changes
    at `/webhooks/<platform>`. The sandbox need not be started.
    """
    _register(sandbox, app_url)
    world = World(sandbox.clock, sandbox.mailbox, seed)
    sandbox.clock.set(today - HISTORY)
    quickbooks = _found(sandbox.quickbooks, HARBOR_LANE, tax_percent=Decimal(0))
    xero = _found(sandbox.xero, KAURI_LANE)
    unconnected = _found(sandbox.xero, PENNINE)
    freshbooks = _found(sandbox.freshbooks, MAPLE_ROW)
    for company, business, customers in (
        (quickbooks, HARBOR_LANE, 52),
        (xero, KAURI_LANE, 48),
        (unconnected, PENNINE, 40),
        (freshbooks, MAPLE_ROW, 40),
    ):
        stage_on = today.astimezone(ZoneInfo(business.time_zone)).date()
        world.add(company, business, customers=customers, stage_on=stage_on)
    world.live_until(today)
    sandbox.world = world
    return DemoWorld(world, quickbooks, xero, unconnected, freshbooks, QUICKBOOKS_KEYS, XERO_KEYS, FRESHBOOKS_KEYS)


def _register(sandbox: Sandbox, app_url: str) -> None:
    for name, platform, keys in (
        ("quickbooks", sandbox.quickbooks, QUICKBOOKS_KEYS),
        ("xero", sandbox.xero, XERO_KEYS),
        ("freshbooks", sandbox.freshbooks, FRESHBOOKS_KEYS),
    ):
        platform.register_app(
            keys.client_id,
            keys.client_secret,
            [f"{app_url}/connect/{name}/callback"],
            webhook_url=f"{app_url}/webhooks/{name}",
            webhook_key=keys.webhook_key,
        )


def _found(platform: SandboxPlatform, business: Business, **switches: Any) -> SandboxCompany:
    return platform.create_company(business.name, business.country, business.currency, business.time_zone, **switches)
