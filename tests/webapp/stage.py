"""Both platforms in the sandbox, our app registered there, and people who click through the consent page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

import requests
from flask import Flask

from connectors.config import FreshBooksConfig, QuickBooksConfig, XeroConfig
from connectors.ports import Platform
from connectors.registry import platforms
from sandbox.server import Sandbox
from tests.webapp.browsing import Browser

QUICKBOOKS_KEY = "qb-webhook-verifier"
XERO_KEY = "xero-webhook-key"
CHOICE = re.compile(r'<input type="radio" name="([^"]+)" value="([^"]+)".*?class="strong">([^<]+)<', re.DOTALL)


def platforms_at(sandbox: Sandbox, *, with_freshbooks: bool = False) -> dict[str, Platform]:
    """The real connectors, pointed at the sandbox."""
    base = sandbox.base_url
    return platforms(
        QuickBooksConfig(
            client_id="qb-app",
            client_secret="qb-secret",
            webhook_token=QUICKBOOKS_KEY,
            discovery_url=f"{base}/quickbooks/.well-known/openid_configuration",
            api_url=f"{base}/quickbooks",
        ),
        XeroConfig(
            client_id="xero-app",
            client_secret="xero-secret",
            webhook_key=XERO_KEY,
            login_url=f"{base}/xero",
            identity_url=f"{base}/xero",
            api_url=f"{base}/xero",
        ),
        FreshBooksConfig(
            client_id="fb-app" if with_freshbooks else "",
            client_secret="fb-secret",
            redirect_uri="http://localhost/connect/freshbooks/callback",
            auth_url=f"{base}/freshbooks",
            api_url=f"{base}/freshbooks",
        ),
        sandbox.clock.now,
    )


def register(sandbox: Sandbox, base_url: str) -> None:
    """Register our app over there, with the addresses the product will use, and open three sets of books."""
    sandbox.quickbooks.register_app("qb-app", "qb-secret", [f"{base_url}/connect/quickbooks/callback"])
    sandbox.xero.register_app("xero-app", "xero-secret", [f"{base_url}/connect/xero/callback"])
    sandbox.freshbooks.register_app("fb-app", "fb-secret", [f"{base_url}/connect/freshbooks/callback"])
    sandbox.quickbooks.create_company("Prairie Supply Co", "US", "USD", "America/Chicago")
    sandbox.xero.create_company("Kōwhai Joinery Ltd", "NZ", "NZD", "Pacific/Auckland")


@dataclass
class Stage:
    """The sandbox, the app, and what a person does between them."""

    sandbox: Sandbox
    app: Flask

    def consent(
        self,
        browser: Browser,
        platform: str,
        decision: str = "approve",
        company: str = "",
        door: str = "connect",
        *,
        also: bool = False,
    ) -> str:
        """Begin connecting and decide on the platform's page; returns the address it sends the browser back to.

        Through the doors `sign-in` and `launch` there is no company to choose. `also` shows a further sign-in.
        """
        out = browser.client.get(f"/{door}/{platform}" + "/too" * also)
        assert out.status_code == 302, out.text
        page = requests.get(out.headers["Location"], timeout=5)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        choices = re.findall(
            r'<input type="radio" name="([^"]+)" value="([^"]+)".*?class="strong">([^<]+)<', page.text, re.S
        )
        radio = next((found for found in choices if company in unescape(found[2])), None)
        button = re.search(rf'<button[^>]* name="([^"]+)" value="{decision}"', page.text)
        # FreshBooks lets nobody choose: a consent is for every business that the person owns.
        assert (radio is not None) is (door == "connect" and platform != "freshbooks")
        assert button is not None
        chosen = fields | ({radio[0]: radio[1]} if radio else {}) | {button[1]: decision}
        back = requests.post(page.url, data=chosen, allow_redirects=False, timeout=5)
        assert back.status_code in (302, 303), back.text
        parts = urlsplit(back.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def connect(self, browser: Browser, platform: str) -> None:
        """All of it, ending on Home."""
        page = browser.open(self.consent(browser, platform))
        assert page.request.path == "/", page.text
