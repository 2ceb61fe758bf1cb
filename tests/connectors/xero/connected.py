"""An organisation connected through the real redirects, its tokens in the real vault, and everything counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from connectors.config import XeroConfig
from connectors.oauth import encode, fresh_access_token
from connectors.ports import Books, Grant
from connectors.xero.platform import Xero
from engine.books import InvoiceRecord, Page
from sandbox.server import Sandbox
from sandbox.xero import XeroCompany
from store import companies, tokens
from store.database import Database
from store.secrets import SecretBox

REDIRECT = "http://localhost:9/connect/xero/callback"
CLIENT_ID, CLIENT_SECRET = "app-1", "secret-1"
VERIFIER = "v" * 64
START = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


def platform_at(sandbox: Sandbox, **changed: str) -> Xero:
    root = f"{sandbox.base_url}/xero"
    config = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "webhook_key": "hook-1",
        "login_url": root,
        "identity_url": root,
        "api_url": root,
    }
    return Xero(XeroConfig(**(config | changed)), sandbox.clock.now)


def press(url: str, tenant: str, decision: str = "approve") -> str:
    """What a person's browser does on the consent page; returns the callback's address."""
    form = {"organisation": tenant, "decision": decision}
    answer = requests.post(url, data=form, allow_redirects=False, timeout=10)
    return answer.headers["Location"]


def consent(platform: Xero, tenant: str, decision: str = "approve", nonce: str = "n-1") -> Grant:
    url = platform.authorise_url(REDIRECT, "state-1", nonce, VERIFIER)
    callback = press(url, tenant, decision)
    assert parse_qs(urlsplit(callback).query)["state"] == ["state-1"]
    return platform.finish(REDIRECT, callback, nonce, VERIFIER)


@dataclass
class Known:
    """What a store would hold after these pages: the last word on every document."""

    invoices: dict[str, InvoiceRecord] = field(default_factory=dict)
    cursor: str = ""

    def take(self, page: Page) -> None:
        self.invoices |= {invoice.id: invoice for invoice in page.invoices}
        self.cursor = page.cursor or self.cursor


@dataclass
class Connected:
    """One organisation as the product holds it."""

    sandbox: Sandbox
    company: XeroCompany
    platform: Xero
    database: Database
    box: SecretBox
    company_id: int = 0
    connection_id: str = ""
    known: Known = field(default_factory=Known)

    def connect(self) -> Connected:
        grant = consent(self.platform, self.company.external_id)
        now, held = self.sandbox.clock.now(), grant.tokens
        (opened,) = grant.companies
        with self.database.begin() as session:
            row = companies.connect(
                session, platform="xero", external_id=opened.external_id, name=opened.name, mode="observe", now=now
            )
            assert row.id is not None
            tokens_id = tokens.put_tokens(
                session,
                self.box,
                platform="xero",
                owner=grant.person.subject,
                content=encode(held),
                expires_at=held.expires_at,
                refresh_expires_at=held.refresh_expires_at,
                hard_expires_at=held.hard_expires_at,
                now=now,
            )
            tokens.attach(session, row.id, tokens_id, opened.connection_id, None, now)
            self.company_id, self.connection_id = row.id, opened.connection_id
        self.forget_seen()
        return self

    def vault(self, worker: str = "worker-1") -> tokens.Vault:
        return tokens.Vault(self.database, self.box, self.company_id, self.sandbox.clock.now, worker)

    def books(self, worker: str = "worker-1") -> Books:
        return self.platform.books(self.company.external_id, self.vault(worker), self.sandbox.clock.now)

    def sync(self) -> list[Page]:
        """One sync from where the last one ended; its pages, all of them taken in."""
        pages = []
        for page in self.books().changes(self.known.cursor):
            self.known.take(page)
            pages.append(page)
        return pages

    def sync_long_ago(self) -> None:
        """A sync that ended an hour ago, with nothing made shortly before it: its overlap holds no old news."""
        self.sandbox.clock.advance(timedelta(hours=1))
        self.sync()
        self.sandbox.clock.advance(timedelta(hours=1))

    def access_token(self) -> str:
        return fresh_access_token(self.vault(), self.platform.refresh, self.sandbox.clock.now)

    def post(self, path: str, body: dict[str, Any]) -> None:
        """Somebody else's app, or the bookkeeper, at work in the same books."""
        self.other_app("POST", path, body)

    def group_id(self) -> str:
        """Of the first contact group."""
        found = self.other_app("GET", "ContactGroups").json()["ContactGroups"][0]["ContactGroupID"]
        return str(found)

    def other_app(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self.access_token()}",
            "xero-tenant-id": self.company.external_id,
            "Accept": "application/json",
        }
        url = f"{self.sandbox.base_url}/xero/api.xro/2.0/{path}"
        answer = requests.request(method, url, json=body, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer

    @property
    def calls(self) -> list[str]:
        """Paths of the API calls seen, without their roots."""
        seen = (path for _, path in self.sandbox.xero.requests_seen)
        return [path.rpartition("api.xro/2.0/")[2] for path in seen if "api.xro" in path]

    def seen(self, part: str) -> int:
        return sum(part in path for _, path in self.sandbox.xero.requests_seen)

    def forget_seen(self) -> None:
        self.sandbox.xero.requests_seen.clear()
