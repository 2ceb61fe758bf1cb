"""HTTP to one QuickBooks Online company: the SDK as transport, bytes out, every call limited in time and pace.

The SDK knows the addresses. What it does with answers is done here instead: it loses the status, the headers and the
unknown outcome of a write, and it waits for ever. Loading it takes a while: import this module only where it is used.
"""

from __future__ import annotations

from typing import Self

from msgspec import Struct
from quickbooks.client import QuickBooks

from connectors.calls import Calls, TokenRejected
from connectors.errors import RetryLater
from connectors.oauth import Access, insist_on_https
from connectors.pace import Pace
from connectors.quickbooks.faults import TITLE, classify, fault_in

MINOR_VERSION = 75
READ_TIMEOUT = (5.0, 60.0)
WRITE_TIMEOUT = (5.0, 125.0)
"""Seconds to connect and to wait. The platform itself drops a call after 120 s."""


class _Consent(Struct, frozen=True):
    """What the SDK asks of its "auth client". It refreshes by itself only where a token is None."""

    client_id: str
    access_token: str = ""
    refresh_token: str = ""
    environment: str = "production"
    """The SDK's word for "use `api_url_v3`", which is set to where the company really is."""


class Transport(Calls, QuickBooks):  # type: ignore[misc]  # the SDK carries no types
    """The SDK with its answers left alone: `make_request` returns the body's bytes, or raises one of ours.

    A call is a write when it has a request id; every write here has one.
    """

    access: Access
    pace: Pace
    platform_title = TITLE

    @classmethod
    def to(cls, api_url: str, client_id: str, realm: str, access: Access, pace: Pace) -> Self:
        """One per company and thread: neither the SDK nor its session promises more."""
        transport = cls(auth_client=_Consent(client_id), company_id=realm, minorversion=MINOR_VERSION)
        transport.api_url_v3 = insist_on_https(api_url).rstrip("/") + "/v3"
        transport.access, transport.pace = access, pace
        return transport

    def make_request(
        self,
        request_type: str,
        url: str,
        request_body: bytes | str | None = None,
        content_type: str = "application/json",
        params: dict[str, str] | None = None,
        *,
        request_id: str | None = None,
        **_files: None,
    ) -> bytes:
        # The SDK writes these into the caller's own dict, where the next call would find a used request id.
        asked = {**(params or {}), "minorversion": str(self.minorversion)}
        if request_id:
            asked["requestid"] = request_id
        headers = {"Content-Type": content_type, "Accept": "application/json", "Accept-Encoding": "gzip"}
        body = request_body.encode() if isinstance(request_body, str) else request_body or b""
        token = self.access.current()
        try:
            return self.process_request(request_type, url, {**headers, **_bearer(token)}, asked, body)
        except TokenRejected:
            token = self.access.after_rejection(token)
            return self.process_request(request_type, url, {**headers, **_bearer(token)}, asked, body)

    def operate(self, path: str, body: bytes, operation: str, request_id: str) -> bytes:
        """A write that is neither create nor update, such as a void. `path` is the entity in lower case."""
        url = f"{self.api_url}/company/{self.company_id}/{path}"
        return self.make_request("POST", url, body, params={"operation": operation}, request_id=request_id)

    def batch_write(self, body: bytes, request_id: str) -> bytes:
        """Several writes in one call. The SDK's own way takes no request id."""
        url = f"{self.api_url}/company/{self.company_id}/batch"
        return self.make_request("POST", url, body, request_id=request_id)

    def send_document(self, path: str, id: str, request_id: str) -> bytes:
        """To the address on the document: with an address of ours, that one would replace it for good."""
        url = f"{self.api_url}/company/{self.company_id}/{path}/{id}/send"
        return self.make_request("POST", url, b"", "application/octet-stream", request_id=request_id)

    def process_request(
        self, request_type: str, url: str, headers: dict[str, str], params: dict[str, str], data: bytes
    ) -> bytes:
        """One call. Status and headers are looked at before the body."""
        is_write = "requestid" in params
        with self.pace.slot():
            # The session would put its own token over ours, and it never hears of a refresh.
            response = self.sent(
                lambda: self.session.request(
                    request_type,
                    url,
                    headers=headers,
                    params=params,
                    data=data,
                    timeout=WRITE_TIMEOUT if is_write else READ_TIMEOUT,
                    withhold_token=True,
                    allow_redirects=False,
                ),
                is_write,
            )
        if response.status_code == 200 and not fault_in(response.content):
            return response.content
        error = classify(response.status_code, response.headers, response.content, changes_something=is_write)
        if isinstance(error, RetryLater) and response.status_code == 429:
            self.pace.rest(error.wait.total_seconds(), error.why)
        raise error


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
