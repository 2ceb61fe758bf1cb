"""What the web app is given by the front door, as one value. It builds none of these parts itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from flask import current_app

from connectors.ports import Clock, Mailer, Platform
from store.database import Database
from store.secrets import SecretBox


@dataclass(frozen=True)
class Services:
    """The real parts. `secret_keys` sign cookies and links, the first is current; `base_url` has no final slash."""

    database: Database
    box: SecretBox = field(repr=False)
    platforms: Mapping[str, Platform]
    clock: Clock
    base_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    default_mode: str
    is_sandbox: bool
    metrics: Callable[[], bytes]
    is_ready: Callable[[], dict[str, bool]]
    mailer: Mailer | None = None
    """For tests that people send to themselves; messages to customers go out in runs."""
    security_contact: str = ""
    """A mailto: or https: address for security.txt."""

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    def callback_url(self, platform: str) -> str:
        """Where a platform sends the browser back to; must match, byte for byte, what is registered over there."""
        return f"{self.base_url}/connect/{platform}/callback"


def services() -> Services:
    """The parts of the running app."""
    return cast(Services, current_app.extensions["dunwell"])


def now() -> datetime:
    """The product's clock, as an aware UTC instant."""
    return services().clock()
