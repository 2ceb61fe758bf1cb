"""A business connected through the real redirects, its tokens in the real vault, and everything counted."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import requests

from connectors.config import FreshBooksConfig
from connectors.freshbooks.platform import FreshBooks
from connectors.oauth import encode
from connectors.ports import Books, Grant
from engine.books import Page
from sandbox.freshbooks import FreshBooksCompany
from sandbox.server import Sandbox
from store import companies, tokens
from store.database import Database
from store.secrets import SecretBox

REDIRECT = "https://dunwell.example/connect/freshbooks/callback"
CLIENT_ID, CLIENT_SECRET = "app-1", "secret-1"


def platform_at(sandbox: Sandbox, **changed: str) -> FreshBooks:
    root = f"{sandbox.base_url}/freshbooks"
    config = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uri": REDIRECT,
        "auth_url": root,
        "api_url": root,
    }
    return FreshBooks(FreshBooksConfig(**(config | changed)), sandbox.clock.now)


def press(url: str, decision: str = "approve") -> str:
    """What a person's browser does on the consent page; returns the callback's address."""
    form = dict(parse_qsl(urlsplit(url).query)) | {"decision": decision}
    answer = requests.post(url.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    return answer.headers["Location"]


def consent(platform: FreshBooks, decision: str = "approve") -> Grant:
    return platform.finish(REDIRECT, press(platform.authorise_url(REDIRECT, "state-1", "n-1", ""), decision), "n-1", "")


@dataclass
class Connected:
    """One business as the product holds it."""

    sandbox: Sandbox
    company: FreshBooksCompany
    platform: FreshBooks
    database: Database
    box: SecretBox
    company_id: int = 0

    def connect(self) -> Connected:
        grant = consent(self.platform)
        now, held, account = self.sandbox.clock.now(), grant.tokens, self.company.external_id
        assert account in {one.external_id for one in grant.companies}
        with self.database.begin() as session:
            row = companies.connect(
                session, platform="freshbooks", external_id=account, name=self.company.name, mode="observe", now=now
            )
            tokens_id = tokens.put_tokens(
                session,
                self.box,
                platform="freshbooks",
                owner=grant.person.subject,
                content=encode(held),
                expires_at=held.expires_at,
                refresh_expires_at=held.refresh_expires_at,
                hard_expires_at=held.hard_expires_at,
                now=now,
            )
            tokens.attach(session, row.stored_id, tokens_id, "", None, now)
            self.company_id = row.stored_id
        return self

    def vault(self, worker: str = "worker-1") -> tokens.Vault:
        return tokens.Vault(self.database, self.box, self.company_id, self.sandbox.clock.now, worker)

    def books(self, worker: str = "worker-1") -> Books:
        return self.platform.books(self.company.external_id, self.vault(worker), self.sandbox.clock.now)

    def sync(self, cursor: str = "") -> list[Page]:
        return list(self.books().changes(cursor))
