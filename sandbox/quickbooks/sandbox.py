"""QuickBooks Online as one thing: its apps, its companies, its people, and the blueprint that answers for them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask import Blueprint, Response, request

from sandbox.clock import SandboxClock
from sandbox.faults import Faults
from sandbox.quickbooks import events
from sandbox.quickbooks.api import Api
from sandbox.quickbooks.books import Books, Event
from sandbox.quickbooks.company import QuickBooksCompany
from sandbox.quickbooks.desk import Office
from sandbox.quickbooks.moment import Moment
from sandbox.quickbooks.oauth import OAuth
from sandbox.quickbooks.settings import App, Person, Switches
from sandbox.quickbooks.tokens import TokenBook

FIRST_REALM = 9130355012345678


class WebhookQueue(Protocol):
    """Where bodies go that are to be delivered: `sandbox.webhooks.Webhooks` fits."""

    def queue(self, url: str, body: bytes, headers: Mapping[str, str]) -> int: ...


class QuickBooksSandbox:
    """The whole platform. Mount `blueprint`; register an app and create a company; then any client can connect."""

    def __init__(self, clock: SandboxClock, faults: Faults, webhooks: WebhookQueue) -> None:
        self.clock, self.faults, self.webhooks = clock, faults, webhooks
        self.apps: dict[str, App] = {}
        self.companies: dict[str, QuickBooksCompany] = {}
        """By realmId."""
        self.person = Person()
        """Who is signed in at the consent page."""
        self.tokens = TokenBook()
        self.requests_seen: list[tuple[str, str]] = []
        """(method, path) of every request, for counting calls."""
        self.unauthorised_shape = "gateway"
        """How a 401 looks: `gateway`, `service` (capital Fault) or `xml`."""
        self.random = random.Random(0)
        self.blueprint = self._make_blueprint()

    def _make_blueprint(self) -> Blueprint:
        blueprint = Blueprint("quickbooks", __name__)
        OAuth(self).register(blueprint)
        Api(self).register(blueprint)
        blueprint.before_request(self._note_request)
        blueprint.after_request(_signed_off)
        return blueprint

    def _note_request(self) -> None:
        self.requests_seen.append((request.method, request.path))

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
    ) -> QuickBooksCompany:
        """`switches` are fields of `Switches`. Raises TypeError for one that there is not."""
        realm = str(FIRST_REALM + len(self.companies))
        books, own = Books(self.clock), Switches(**switches)
        office = Office(realm, name, country, currency, time_zone, books, own)
        company = QuickBooksCompany(office)
        company.books.listeners.append(lambda found: self.announce([(realm, event) for event in found]))
        self.companies[realm] = company
        return company

    def announce(self, found: Sequence[tuple[str, Event]]) -> None:
        """Tell the connected apps of (realm, event) pairs, in one call per app."""
        pairs = [(realm, event) for realm, event in found if events.told([event])]
        apps = {app.client_id: app for realm, _ in pairs for app in self.tokens.apps_of(realm) if app.webhook_url}
        for app in apps.values():
            theirs = [(realm, event) for realm, event in pairs if app in self.tokens.apps_of(realm)]
            body = events.body(app, theirs)
            self.webhooks.queue(app.webhook_url, body, events.headers(app, body))

    def disconnect(self, realm: str) -> None:
        """The owner disconnects every app inside QuickBooks: the tokens die, and nobody is told."""
        self.tokens.disconnect(realm)

    def moment(self, realm: str = "") -> Moment:
        """Now, and what the envelope's `time` says of it in this company."""
        now = self.clock.now()
        company = self.companies.get(realm)
        return Moment(now, now - company.switches.time_lag if company else now)


def _signed_off(answer: Response) -> Response:
    """Every answer has a trace id of its own."""
    answer.headers["intuit_tid"] = f"1-{uuid.uuid4()}"
    answer.headers.setdefault("QBO-Version", "1971.141")
    return answer
