"""The Xero of the sandbox, put together: apps, users, organisations, and the blueprint that answers for them."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, request

from sandbox.clock import SandboxClock
from sandbox.faults import Faults
from sandbox.pages import Choice
from sandbox.webhooks import Webhooks
from sandbox.xero import api, connections, oauth
from sandbox.xero.apps import App, User
from sandbox.xero.books import Books
from sandbox.xero.events import Feed
from sandbox.xero.grants import Grants
from sandbox.xero.idempotency import Replays
from sandbox.xero.jwt_keys import JwtKeys
from sandbox.xero.limits import Limits
from sandbox.xero.organisation import XeroCompany
from sandbox.xero.switches import AppSwitches
from sandbox.xero.values import new_id


class XeroSandbox:
    """A Xero: register an app, create organisations, mount `blueprint`. One user owns all unless more are added."""

    def __init__(self, clock: SandboxClock, faults: Faults, webhooks: Webhooks) -> None:
        self.clock, self.faults = clock, faults
        self.apps: dict[str, App] = {}
        self.companies: dict[str, XeroCompany] = {}
        self.users: dict[str, User] = {}
        self.requests_seen: list[tuple[str, str]] = []
        """(method, path) of every request, in order."""
        self.grants = Grants(clock)
        self.keys = JwtKeys()
        self.limits = Limits(clock)
        self.replays = Replays(clock)
        self.events = Feed(webhooks, self._listeners)
        self._owners: dict[str, set[str]] = {}
        self._lock = threading.Lock()
        self.add_user("Mia Cole", "mia.cole@books.example")
        self.blueprint = self._make_blueprint()

    def _make_blueprint(self) -> Blueprint:
        blueprint = Blueprint("xero", __name__)
        blueprint.before_request(self._see)
        oauth.add_routes(blueprint, self)
        connections.add_routes(blueprint, self)
        api.add_routes(blueprint, self)
        return blueprint

    def _see(self) -> None:
        self.requests_seen.append((request.method, request.path))

    def register_app(
        self,
        client_id: str,
        client_secret: str,
        redirect_uris: list[str] | tuple[str, ...],
        webhook_url: str = "",
        webhook_key: str = "",
        *,
        name: str = "Dunwell",
        **switches: Any,
    ) -> App:
        """`switches` are the names of `AppSwitches`; TypeError for another. An empty secret makes a PKCE app."""
        app = App(client_id, client_secret, tuple(redirect_uris), webhook_url, webhook_key, name)
        app.switches = AppSwitches(**switches)
        self.apps[client_id] = app
        return app

    def set_webhook(self, client_id: str, url: str, key: str) -> bool:
        """Set an app's webhook address and make it prove itself ("intent to receive"). Returns whether it did."""
        app = self.apps[client_id]
        app.webhook_url, app.webhook_key = url, key
        return self.events.check_intent(app)

    def add_user(self, name: str, email: str) -> User:
        """A further person who may sign in; the organisations she sees are those created with her as an owner."""
        given, _, family = name.partition(" ")
        user = User(new_id(), email, given, family)
        self.users[user.id] = user
        return user

    def user(self, user_id: str) -> User:
        """By id or email address; the first user for anybody else."""
        named = (user for user in self.users.values() if user_id in (user.id, user.email))
        return next(named, next(iter(self.users.values())))

    def create_company(
        self, name: str, country: str, currency: str, time_zone: str, *, owners: tuple[User, ...] = (), **switches: Any
    ) -> XeroCompany:
        """A new organisation. `switches` are the names of `CompanySwitches`; TypeError for another."""
        books = Books(new_id(), name, country, currency, time_zone, self.clock, **switches)
        books.tell = self.events.tell
        company = XeroCompany(books)
        with self._lock:
            self.companies[company.external_id] = company
            self._owners[company.external_id] = {user.id for user in owners or (self.user(""),)}
        return company

    def disconnect(self, tenant_id: str) -> int:
        """What the owner does inside Xero: cut every app off. No webhook tells. Returns how many connections went."""
        return self.grants.disconnect(tenant_id)

    def books_of(self, tenant_id: str) -> Books | None:
        company = self.companies.get(tenant_id)
        return company.books if company else None

    def choices(self, user: User) -> list[Choice]:
        """The organisations that this person may connect."""
        return [
            Choice(company.external_id, company.name, f"{company.country} · {company.currency}")
            for company in self.companies.values()
            if user.id in self._owners[company.external_id]
        ]

    def _listeners(self, tenant_id: str) -> list[App]:
        return [self.apps[app_id] for app_id in self.grants.app_ids(tenant_id) if app_id in self.apps]
