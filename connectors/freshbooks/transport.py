"""HTTP to one FreshBooks business: the SDK as transport, bytes out, every call limited in time and pace.

The SDK knows the addresses, the headers and how a search is written. What it does with answers is done here instead: it
loses the headers, waits and repeats by itself, and repeats what a platform has refused. Loading it takes a moment:
import this module only where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import requests
from freshbooks.api.accounting import AccountingResource
from freshbooks.api.auth import AuthResource
from freshbooks.api.resource import HttpVerbs
from freshbooks.builders import Builder

from connectors.calls import Calls, TokenRejected
from connectors.errors import RetryLater
from connectors.freshbooks.faults import TITLE, classify
from connectors.oauth import Access, insist_on_https
from connectors.pace import Pace

READ_TIMEOUT = (5.0, 60.0)
WRITE_TIMEOUT = (5.0, 125.0)
"""Seconds to connect and to wait."""
RESOURCES = {
    "customer": ("users/clients", "client", "clients"),
    "invoice": ("invoices/invoices", "invoice", "invoices"),
    "payment": ("payments/payments", "payment", "payments"),
}
"""Our word → path, and the names of one and of many. Source: freshbooks-sdk 1.3.0, `client.py`."""
ME = "users/me"


class _Accounting(AccountingResource):  # type: ignore[misc]  # the SDK carries no types
    """One resource of the SDK, its answers left alone."""

    def address(self, account: str, id: str = "", builders: Sequence[Builder] = ()) -> str:
        query = "".join(builder.build() for builder in builders)
        return f"{self._get_url(account, id)}{'?' + query[1:] if query else ''}"

    def call(self, verb: str, url: str, token: str, content: dict[str, Any] | None) -> requests.Response:
        self.access_token, self.timeout = token, READ_TIMEOUT if verb is HttpVerbs.GET else WRITE_TIMEOUT
        data = {self.single_name: content} if content is not None else None
        response: requests.Response = self._send_request(url, verb, data)
        return response


class _Identity(AuthResource):  # type: ignore[misc]  # the SDK carries no types
    def address(self) -> str:
        return str(self._get_url(ME))

    def call(self, verb: str, url: str, token: str, content: None) -> requests.Response:  # noqa: ARG002  # nothing is sent
        self.access_token = token
        response: requests.Response = self._send_request(url, verb)
        return response


class Transport(Calls):
    """One business, one thread: the SDK's session promises no more."""

    platform_title = TITLE

    def __init__(self, api_url: str, client_id: str, account: str, access: Access, pace: Pace) -> None:
        settings = SimpleNamespace(
            base_url=insist_on_https(api_url).rstrip("/"),
            access_token="",
            user_agent=f"Dunwell {client_id}",
            api_version=None,
            timeout=READ_TIMEOUT,
            auto_retry=False,
        )
        self._account, self._access, self._pace = account, access, pace
        self._identity = _Identity(settings)
        self._resources = {entity: _Accounting(settings, *names) for entity, names in RESOURCES.items()}
        for resource in self._resources.values():
            resource.session = self._identity.session

    def many(self, entity: str, builders: Sequence[Builder]) -> bytes:
        resource = self._resources[entity]
        return self._asked(resource, HttpVerbs.GET, resource.address(self._account, builders=builders))

    def one(self, entity: str, id: str) -> bytes:
        """Raises NotThere for one that is not there."""
        return self._asked_of(entity, HttpVerbs.GET, id)

    def create(self, entity: str, content: dict[str, Any]) -> bytes:
        return self._asked_of(entity, HttpVerbs.POST, content=content)

    def update(self, entity: str, id: str, content: dict[str, Any]) -> bytes:
        return self._asked_of(entity, HttpVerbs.PUT, id, content)

    def delete(self, entity: str, id: str) -> bytes:
        return self._asked_of(entity, HttpVerbs.DELETE, id)

    def me(self) -> bytes:
        """Who the token belongs to, and their businesses."""
        return self._asked(self._identity, HttpVerbs.GET, self._identity.address())

    def _asked_of(self, entity: str, verb: str, id: str = "", content: dict[str, Any] | None = None) -> bytes:
        resource = self._resources[entity]
        return self._asked(resource, verb, resource.address(self._account, id), content)

    def _asked(self, resource: Any, verb: str, url: str, content: dict[str, Any] | None = None) -> bytes:
        token = self._access.current()
        try:
            return self._answer(resource, verb, url, content, token)
        except TokenRejected:
            return self._answer(resource, verb, url, content, self._access.after_rejection(token))

    def _answer(self, resource: Any, verb: str, url: str, content: dict[str, Any] | None, token: str) -> bytes:
        is_write = verb is not HttpVerbs.GET
        with self._pace.slot():
            response = self.sent(lambda: resource.call(verb, url, token, content), is_write)
        if response.status_code == requests.codes.ok:
            return response.content
        error = classify(response.status_code, response.headers, response.content, changes_something=is_write)
        if isinstance(error, RetryLater) and response.status_code == requests.codes.too_many:
            self._pace.rest(error.wait.total_seconds(), error.why)
        raise error
