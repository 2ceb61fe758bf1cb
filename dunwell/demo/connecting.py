"""Connect a company as a person would: follow the redirects, choose it on the platform's page, allow access."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

PATIENCE = 30.0


class CouldNotConnect(Exception):
    """The consent did not come to its end; the message says where it stopped."""


class _ConsentForm(HTMLParser):
    """The one form of an authorise page: hidden fields, companies to choose from, and the button that allows."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.companies: list[tuple[str, str, str]] = []
        """(field, value, text beside it)."""
        self.approve: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "input" and at.get("type") == "hidden":
            self.fields[at["name"]] = at.get("value", "")
        elif tag == "input" and at.get("type") == "radio":
            self.companies.append((at["name"], at["value"], ""))
        elif tag == "button" and at.get("value") == "approve":
            self.approve = (at["name"], at["value"])

    def handle_data(self, data: str) -> None:
        if self.companies and data.strip() and self.approve is None:
            field, value, text = self.companies[-1]
            self.companies[-1] = (field, value, text + data)


def connect(browser: requests.Session, base_url: str, platform: str, company: str) -> None:
    """Connect the company of that name. `browser` keeps the cookies, and is signed in afterwards.

    Raises CouldNotConnect.
    """
    consent = browser.get(f"{base_url}/connect/{platform}", timeout=PATIENCE)
    form = _ConsentForm()
    form.feed(consent.text)
    chosen = next(((field, value) for field, value, text in form.companies if company in text), None)
    # Where there is nothing to choose, the consent is for every company of the person.
    if form.approve is None or (chosen is None and form.companies):
        raise CouldNotConnect(f"{platform} did not offer {company} at {consent.url} ({consent.status_code})")
    answers = {**form.fields, **dict([chosen] if chosen else []), form.approve[0]: form.approve[1]}
    done = browser.post(urljoin(consent.url, ""), data=answers, timeout=PATIENCE)
    if not done.ok or not done.url.startswith(base_url):
        raise CouldNotConnect(f"{platform} did not come back: {done.status_code} at {done.url.split('?')[0]}")
