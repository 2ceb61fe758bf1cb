"""FreshBooks as one thing: its apps, its businesses, its people, and the blueprint that answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request

from sandbox.clock import SandboxClock
from sandbox.faults import Faults
from sandbox.freshbooks.api import Api
from sandbox.freshbooks.company import FreshBooksCompany
from sandbox.freshbooks.oauth import OAuth
from sandbox.freshbooks.settings import App, Person, Switches
from sandbox.freshbooks.tokens import TokenBook

FIRST_ACCOUNT = 0xB00C1


class FreshBooksSandbox:
    """The whole platform. Mount `blueprint`; register an app and create a company; then any client can connect."""

    def __init__(self, clock: SandboxClock, faults: Faults) -> None:
        self.clock, self.faults = clock, faults
        self.apps: dict[str, App] = {}
        self.companies: dict[str, FreshBooksCompany] = {}
        """By account id."""
        self.person = Person()
        """Who is signed in at the consent page, and belongs to every business."""
        self.tokens = TokenBook()
        self.requests_seen: list[tuple[str, str]] = []
        """(method, path) of every request, for counting calls."""
        self.blueprint = Blueprint("freshbooks", __name__)
        OAuth(self).register(self.blueprint)
        Api(self).register(self.blueprint)
        self.blueprint.before_request(lambda: self.requests_seen.append((request.method, request.path)))

    def register_app(
        self,
        client_id: str,
        client_secret: str,
        redirect_uris: Sequence[str],
        webhook_url: str = "",
        webhook_key: str = "",
        **switches: Any,
    ) -> App:
        """`switches` are fields of `App`. Raises TypeError for one that there is not."""
        app = App(client_id, client_secret, tuple(redirect_uris), webhook_url, webhook_key, **switches)
        self.apps[client_id] = app
        return app

    def create_company(
        self, name: str, country: str, currency: str, time_zone: str, **switches: Any
    ) -> FreshBooksCompany:
        """`switches` are fields of `Switches`. Raises TypeError for one that there is not."""
        account = f"{FIRST_ACCOUNT + len(self.companies):x}"
        company = FreshBooksCompany(account, name, country, currency, time_zone, self.clock, Switches(**switches))
        self.companies[account] = company
        return company

    def disconnect(self, external_id: str) -> None:  # noqa: ARG002 - a consent is for all of a person's businesses
        """The owner removes the app: the tokens die, and nobody is told."""
        self.tokens.end_all()
