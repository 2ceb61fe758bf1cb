"""The real parts that a run works with, handed in by whoever starts it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from connectors.outgoing import Courier
from connectors.ports import Books, Clock, Mailer, Platform
from store.database import Database
from store.secrets import SecretBox
from store.tables import Company
from store.tokens import Vault


@dataclass(frozen=True)
class Links:
    """Addresses that messages carry. A customer's are signed for that customer: (company id, customer id) → URL."""

    portal: Callable[[int, str], str]
    unsubscribe: Callable[[int, str], str]
    logo: Callable[[int, str], str]
    """(company id, fingerprint of an uploaded picture) → URL."""
    home: str
    """The web app itself, for the owner."""


@dataclass(frozen=True)
class Parts:
    """Everything outside the rules themselves."""

    database: Database
    box: SecretBox
    platforms: Mapping[str, Platform]
    mailer: Mailer
    links: Links
    clock: Clock
    worker: str
    """Who we are among several processes: claims and leases carry it."""
    courier: Courier = field(default_factory=Courier)
    """Carries messages to owners' own programs."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when this process is to end: runs stop between two steps, and nothing is lost by it."""

    def books(self, company: Company) -> Books:
        vault = Vault(self.database, self.box, company.stored_id, self.clock, self.worker)
        return self.platforms[company.platform].books(company.external_id, vault, self.clock)
