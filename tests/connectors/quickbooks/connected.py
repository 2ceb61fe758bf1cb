"""A company connected through the real redirects, its tokens in the real vault, and everything counted."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import requests

from connectors.config import QuickBooksConfig
from connectors.oauth import encode
from connectors.ports import Books, Grant
from connectors.quickbooks.platform import QuickBooks
from engine.books import Page
from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox
from sandbox.server import Sandbox
from store import companies, tokens
from store.database import Database
from store.secrets import SecretBox

REDIRECT = "http://localhost:9/connect/quickbooks/callback"
CLIENT_ID, CLIENT_SECRET = "app-1", "secret-1"


def platform_at(sandbox: Sandbox, **changed: str) -> QuickBooks:
    root = f"{sandbox.base_url}/quickbooks"
    config = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "webhook_token": "hook-1",
        "discovery_url": f"{root}/.well-known/openid_configuration",
        "api_url": root,
    }
    return QuickBooks(QuickBooksConfig(**(config | changed)), sandbox.clock.now)


def press(url: str, realm: str, decision: str = "approve") -> str:
    """What a person's browser does on the consent page; returns the callback's address."""
    form = dict(parse_qsl(urlsplit(url).query)) | {"realmId": realm, "decision": decision}
    answer = requests.post(url.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    return answer.headers["Location"]


def consent(platform: QuickBooks, realm: str, decision: str = "approve", nonce: str = "n-1") -> Grant:
    url = platform.authorise_url(REDIRECT, "state-1", nonce, "")
    return platform.finish(REDIRECT, press(url, realm, decision), nonce, "")


@dataclass
class Connected:
    """One company as the product holds it. `calls` are the API calls that the sandbox saw."""

    sandbox: Sandbox
    company: QuickBooksCompany
    platform: QuickBooks
    database: Database
    box: SecretBox
    company_id: int = 0

    def connect(self) -> Connected:
        grant = consent(self.platform, self.company.external_id)
        now, held = self.sandbox.clock.now(), grant.tokens
        with self.database.begin() as session:
            row = companies.connect(
                session,
                platform="quickbooks",
                external_id=self.company.external_id,
                name=self.company.name,
                mode="observe",
                now=now,
            )
            assert row.id is not None
            tokens_id = tokens.put_tokens(
                session,
                self.box,
                platform="quickbooks",
                owner=self.company.external_id,
                content=encode(held),
                expires_at=held.expires_at,
                refresh_expires_at=held.refresh_expires_at,
                hard_expires_at=held.hard_expires_at,
                now=now,
            )
            tokens.attach(session, row.id, tokens_id, "", None, now)
            self.company_id = row.id
        return self

    def vault(self, worker: str = "worker-1") -> tokens.Vault:
        return tokens.Vault(self.database, self.box, self.company_id, self.sandbox.clock.now, worker)

    def books(self, worker: str = "worker-1") -> Books:
        return self.platform.books(self.company.external_id, self.vault(worker), self.sandbox.clock.now)

    def sync(self, cursor: str = "") -> list[Page]:
        return list(self.books().changes(cursor))

    @property
    def status(self) -> str:
        with self.database.read() as session:
            return companies.get(session, self.company_id).status

    def seen(self, part: str) -> int:
        """How many requests with `part` in their path the sandbox has had."""
        quickbooks: QuickBooksSandbox = self.sandbox.quickbooks
        return sum(part in path for _, path in quickbooks.requests_seen)

    def forget_seen(self) -> None:
        self.sandbox.quickbooks.requests_seen.clear()
