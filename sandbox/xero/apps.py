"""Who and what meets at a consent: apps, users and the connections between them and organisations."""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.xero.switches import AppSwitches
from sandbox.xero.values import Doc, new_id


@dataclass
class App:
    """A registered web app (with a secret) or PKCE app (without)."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    webhook_url: str = ""
    webhook_key: str = field(default="", repr=False)
    name: str = "Dunning app"
    webhook_status: str = "unchecked"
    """unchecked, ok, or failed: a failed address gets nothing until it is checked again."""
    switches: AppSwitches = field(default_factory=AppSwitches)
    _sequence: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def envelope(self, events: list[Doc]) -> Doc:
        """A delivery's body. Sequence numbers rise per app; a gap would mean a missed delivery."""
        numbers = [next(self._sequence) for _ in events] or [0]
        return {
            "events": events,
            "firstEventSequence": numbers[0],
            "lastEventSequence": numbers[-1],
            "entropy": "".join(random.choices(string.ascii_uppercase, k=20)),
        }


@dataclass(frozen=True)
class User:
    """A person who may sign in and connect organisations."""

    id: str
    email: str
    given_name: str
    family_name: str
    subject: str = field(default_factory=lambda: new_id().replace("-", ""))

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass
class Connection:
    """One organisation connected to one app by one user."""

    id: str
    app_id: str
    user_id: str
    tenant_id: str
    auth_event_id: str
    created_at: datetime
    updated_at: datetime
