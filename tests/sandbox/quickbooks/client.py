"""How these tests speak to the sandbox where no SDK does: plain HTTP, exact decimals, nothing hidden."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

CLIENT_ID, CLIENT_SECRET = "app-1", "secret-1"
REDIRECT = "http://localhost:9/callback"
SCOPE = "com.intuit.quickbooks.accounting openid profile email"


def read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def written(body: Any) -> bytes:
    """JSON with amounts as strings, which the platform takes for numbers; nothing at all for None."""
    return b"" if body is None else json.dumps(body, default=str).encode()


@dataclass
class Client:
    """One app's plain HTTP client; `realm` is the company it is connected to."""

    root: str
    realm: str
    tokens: dict[str, Any] = field(default_factory=dict)

    def ask_consent(self, decision: str = "approve", **changed: str) -> requests.Response:
        """What the browser does: fetch the page, press the button. Returns the redirect, not followed."""
        asked = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "scope": SCOPE,
            "redirect_uri": REDIRECT,
            "state": "s-1",
        }
        url = f"{self.root}/connect/oauth2"
        page = requests.get(url, params=asked | changed, allow_redirects=False, timeout=10)
        if page.status_code != 200:
            return page
        form = asked | changed | {"realmId": self.realm, "decision": decision}
        return requests.post(url, data=form, allow_redirects=False, timeout=10)

    def code(self, **changed: str) -> str:
        return sent_back(self.ask_consent(**changed))["code"]

    def token(
        self, *, headers: dict[str, str] | None = None, secret: str = CLIENT_SECRET, **form: str
    ) -> requests.Response:
        url = f"{self.root}/oauth2/v1/tokens/bearer"
        return requests.post(url, data=form, auth=(CLIENT_ID, secret), headers=headers, timeout=10)

    def exchange(self, code: str, **changed: str) -> requests.Response:
        back = changed.get("redirect_uri", REDIRECT)
        return self.token(grant_type="authorization_code", code=code, redirect_uri=back)

    def connect(self, **changed: str) -> Client:
        answer = self.exchange(self.code(**changed))
        assert answer.status_code == 200, answer.text
        self.tokens = answer.json()
        return self

    def refresh(self, token: str = "", headers: dict[str, str] | None = None) -> requests.Response:
        value = token or self.tokens["refresh_token"]
        answer = self.token(grant_type="refresh_token", refresh_token=value, headers=headers)
        if answer.status_code == 200:
            self.tokens = answer.json()
        return answer

    def revoke(self, token: str) -> requests.Response:
        url = f"{self.root}/v2/oauth2/tokens/revoke"
        return requests.post(url, json={"token": token}, auth=(CLIENT_ID, CLIENT_SECRET), timeout=10)

    def send(self, method: str, path: str, *, realm: str = "", **how: Any) -> requests.Response:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self.tokens.get('access_token', '')}"}
        headers |= how.pop("headers", {})
        url = f"{self.root}/v3/company/{realm or self.realm}/{path}"
        return requests.request(method, url, headers=headers, timeout=10, **how)

    def get(self, path: str, **params: str) -> Any:
        """The JSON of a good answer."""
        answer = self.send("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return read(answer.text)

    def post(self, path: str, body: Any, **params: str) -> Any:
        answer = self.send("POST", path, data=written(body), params=params)
        assert answer.status_code == 200, answer.text
        return read(answer.text)

    def refused(self, path: str, body: Any, **params: str) -> dict[str, Any]:
        """The one error of a service fault with HTTP 400."""
        answer = self.send("POST", path, data=written(body), params=params)
        assert answer.status_code == 400, answer.text
        errors = read(answer.text)["Fault"]["Error"]
        assert len(errors) == 1
        return dict(errors[0])

    def query(self, statement: str) -> Any:
        return self.get("query", query=statement)["QueryResponse"]

    def query_refused(self, statement: str) -> str:
        answer = self.send("GET", "query", params={"query": statement})
        assert answer.status_code == 400, answer.text
        return str(read(answer.text)["Fault"]["Error"][0]["code"])


def sent_back(answer: requests.Response) -> dict[str, str]:
    """What the browser carries back to the app."""
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def sale(customer_id: str, amount: str = "100.00", **more: Any) -> dict[str, Any]:
    """The smallest invoice or credit memo there is."""
    detail = {"ItemRef": {"value": "1"}}
    line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    return {"CustomerRef": {"value": customer_id}, "Line": [line]} | more


def paid(customer_id: str, total: str, *links: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """A payment; `links` are (kind of document, its Id, amount)."""
    lines = [{"Amount": amount, "LinkedTxn": [{"TxnId": id, "TxnType": kind}]} for kind, id, amount in links]
    return {"CustomerRef": {"value": customer_id}, "TotalAmt": total, "Line": lines} | more
