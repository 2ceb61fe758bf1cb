"""Apps, people, and how a business behaves where FreshBooks' behaviour is not settled."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Switches:
    """Given by name to `create_company`. The defaults are what is known best."""

    payment_bumps_invoice: bool = True
    """A payment changes its invoice's `updated` too."""
    newest_first: bool = True
    """The order of a list that nobody asked to be sorted."""
    subscription_status: str = "active"
    """As `users/me` tells it; the SDK's own samples know active and cancelled."""
    role: str = "owner"
    """What the person who consents is in this business."""


@dataclass(frozen=True)
class Person:
    """Somebody with a FreshBooks identity. `identity_id` never changes; the email may."""

    identity_id: int = 12345
    email: str = "ana@brightside.example"
    first_name: str = "Ana"
    last_name: str = "Ortiz"
    confirmed_at: str | None = "2017-05-23T05:57:24Z"


@dataclass
class App:
    """One registered app, with the switches for what the platform leaves open."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...] = ()
    webhook_url: str = ""
    webhook_key: str = field(default="", repr=False)
    name: str = "Dunwell"
    one_consent_at_a_time: bool = True
    """A new consent of the same person ends the refresh token of the one before."""
