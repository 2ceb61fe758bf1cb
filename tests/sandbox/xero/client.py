"""A plain HTTP client for the sandbox's Xero: the OAuth round in a few lines, and calls with the two headers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from sandbox.clock import SandboxClock
from sandbox.faults import Faults
from sandbox.webhooks import Webhooks
from sandbox.xero import XeroCompany, XeroSandbox
from sandbox.xero.values import from_json, to_json

CLIENT, SECRET, REDIRECT = "app-1", "s3cret", "http://localhost:5000/callback"
SCOPES = (
    "openid profile email offline_access accounting.invoices accounting.payments accounting.contacts "
    "accounting.settings.read"
)
Json = dict[str, Any]


@dataclass(frozen=True)
class Rig:
    """A Xero alone behind a server: what a whole sandbox has of it."""

    clock: SandboxClock
    faults: Faults
    webhooks: Webhooks
    xero: XeroSandbox
    base_url: str


@dataclass
class Identity:
    """The browser and the server's part of OAuth."""

    root: str
    session: requests.Session = field(default_factory=requests.Session)

    def authorise(self, company: XeroCompany | None, decision: str = "approve", **query: str) -> requests.Response:
        """What the browser gets after the person decided; the redirect is not followed."""
        asked = {"response_type": "code", "client_id": CLIENT, "redirect_uri": REDIRECT, "scope": SCOPES, "state": "st"}
        form = {"decision": decision, "organisation": company.external_id if company else ""}
        url = f"{self.root}/identity/connect/authorize"
        return self.session.post(url, params=asked | query, data=form, allow_redirects=False, timeout=10)

    def code(self, company: XeroCompany, **query: str) -> str:
        answer = self.authorise(company, **query)
        assert answer.status_code == 302, answer.text
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def token(self, auth: tuple[str, str] | None = (CLIENT, SECRET), **form: str) -> requests.Response:
        return self.session.post(f"{self.root}/connect/token", data=form, auth=auth, timeout=10)

    def exchange(self, code: str, **form: str) -> requests.Response:
        form |= {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
        return self.token((CLIENT, SECRET), **form)

    def refresh(self, refresh_token: str) -> requests.Response:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def connect(self, company: XeroCompany, scope: str = SCOPES) -> Json:
        """A whole consent. Returns the token answer."""
        answer = self.exchange(self.code(company, scope=scope))
        assert answer.status_code == 200, answer.text
        tokens: Json = answer.json()
        return tokens

    def connections(self, access_token: str, **query: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {access_token}"}
        return self.session.get(f"{self.root}/connections", headers=headers, params=query, timeout=10)


@dataclass
class Api:
    """The Accounting API for one token and one tenant."""

    root: str
    access_token: str
    tenant_id: str
    session: requests.Session = field(default_factory=requests.Session)

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any
    ) -> requests.Response:
        sent = {
            "Authorization": f"Bearer {self.access_token}",
            "xero-tenant-id": self.tenant_id,
            "Accept": "application/json",
            **(headers or {}),
        }
        raw = body if isinstance(body, (bytes, type(None))) else to_json(body)
        url = f"{self.root}/api.xro/2.0/{path}"
        return self.session.request(method, url, data=raw, headers=sent, params=query, timeout=10)

    def ok(self, method: str, path: str, body: Any = None, **query: Any) -> Json:
        answer = self.call(method, path, body, **query)
        assert answer.status_code == 200, answer.text
        decoded: Json = from_json(answer.content)
        return decoded

    def get(self, path: str, since: str = "", **query: Any) -> Json:
        """The decoded envelope, amounts as Decimal."""
        answer = self.call("GET", path, headers={"If-Modified-Since": since} if since else None, **query)
        assert answer.status_code == 200, answer.text
        decoded: Json = from_json(answer.content)
        return decoded

    def messages(self, method: str, path: str, body: Any, **query: Any) -> list[str]:
        """The validation messages of a refused write."""
        answer = self.call(method, path, body, **query)
        assert answer.status_code == 400, answer.text
        return [m["Message"] for element in answer.json()["Elements"] for m in element["ValidationErrors"]]


def connect(sandbox: Rig, company: XeroCompany, scope: str = SCOPES) -> Api:
    root = f"{sandbox.base_url}/xero"
    tokens = Identity(root).connect(company, scope)
    return Api(root, tokens["access_token"], company.external_id)
