"""Wiring: from settings to the real parts. Loaded by the commands that need them, as the database is slow to load."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from connectors.mail.smtp import SmtpMailer
from connectors.outgoing import Courier
from connectors.registry import platforms
from dunwell.clock import clock_from, system_clock
from dunwell.settings import Settings
from scheduler import metrics
from scheduler.clockwork import Clockwork
from scheduler.parts import Links, Parts
from store.budgets import StoredBudgets
from store.database import Database
from store.secrets import SecretBox
from store.uploads import StoredShelf
from webapp import create_app, links
from webapp.services import Services


@dataclass(frozen=True)
class House:
    """The real parts of one process. `close` gives back what they hold."""

    settings: Settings
    database: Database
    parts: Parts
    services: Services

    def close(self) -> None:
        self.database.dispose()


def build(settings: Settings, clock: Callable[[], datetime] | None = None) -> House:
    """Open the database, bring its schema up to date, and put the parts together.

    `clock` is given by the demo, which shares the sandbox's; otherwise the settings decide.
    """
    _allow_plain_http_to_this_machine(settings)
    clock = clock or (clock_from(settings.now) if settings.now else system_clock)
    keys = settings.secret_keys()
    database = Database(settings.database())
    database.upgrade()
    box = SecretBox(keys)
    budgets, shelf = StoredBudgets(database, clock), StoredShelf(database)
    keys_of = settings.quickbooks(), settings.xero(), settings.freshbooks()
    known = platforms(*keys_of, clock, budgets, shelf)
    mailer = SmtpMailer(settings.mail(), clock)
    parts = Parts(
        database=database,
        box=box,
        platforms=known,
        mailer=mailer,
        links=Links(
            portal=lambda company, customer: links.portal_url(settings.base_url, keys, company, customer),
            unsubscribe=lambda company, customer: links.unsubscribe_url(settings.base_url, keys, company, customer),
            logo=lambda company, fingerprint: links.logo_url(settings.base_url, company, fingerprint),
            home=settings.base_url,
        ),
        clock=clock,
        courier=Courier(allow_local=settings.sandbox),
        worker=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
    )
    services = Services(
        database=database,
        box=box,
        platforms=known,
        clock=clock,
        base_url=settings.base_url,
        secret_keys=keys,
        default_mode=settings.default_mode,
        is_sandbox=settings.sandbox,
        metrics=lambda: metrics.exposition(database, clock),
        is_ready=lambda: {"database": database.is_up()},
        mailer=mailer,
        security_contact=settings.security_contact,
    )
    return House(settings, database, parts, services)


def _allow_plain_http_to_this_machine(settings: Settings) -> None:
    # The OAuth library refuses plain http altogether. Settings have let it through for localhost only, where nobody
    # can listen in, so that a sandbox can be used; with any other address the library's own check stays on.
    addresses = (
        settings.base_url,
        settings.quickbooks_discovery_url,
        settings.xero_identity_url,
        settings.xero_login_url,
        settings.freshbooks_auth_url,
        settings.freshbooks_api_url,
    )
    if any(address.startswith("http://") for address in addresses):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


__all__ = ["Clockwork", "House", "build", "create_app"]
