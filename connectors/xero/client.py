"""Speaking to one Xero organisation: Xero's SDK as transport, raw bytes out, each refusal turned into what to do next.

The SDK is kept from everything it does on its own: retrying, sleeping, refreshing tokens, waiting for ever, building
objects. What the bytes mean is `translate`'s job.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

import msgspec

from connectors.calls import Caller
from connectors.config import XeroConfig
from connectors.errors import DunwellError, OutcomeUnknown, ReconnectNeeded, Refused, RetryLater
from connectors.limits import note_limits
from connectors.oauth import Access, insist_on_https
from connectors.pace import pace_for
from connectors.ports import Budgets
from connectors.xero.answers import UNTIL_TOMORROW, explanation, is_of_app, left_today, refusal, too_many
from connectors.xero.oauth import XeroSignIn
from connectors.xero.shapes import Envelope, Shape, envelope

TIMEOUT = (5, 60)
"""Seconds to connect and to wait for bytes. Whole numbers in a pair: the SDK ignores anything else without a word."""
ATTEMPTS = 3
"""Of one call, when Xero asks for a short pause or drops a read; a long pause is the scheduler's business."""
AWAY = timedelta(minutes=1)
RESERVE = 50
"""Calls of a day that reading leaves alone: of 1,000 on Xero's smallest plan."""


class _Rejected(Exception):  # never leaves this module
    """401 or 403, in Xero's words: about the token, the connection or a permission; only a closer look tells."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class XeroClient(Caller):
    """Calls for one organisation, with one person's tokens."""

    def __init__(
        self,
        config: XeroConfig,
        tenant_id: str,
        access: Access,
        sign_in: XeroSignIn,
        budgets: Budgets | None = None,
    ) -> None:
        self._config, self.tenant_id, self._access, self._sign_in = config, tenant_id, access, sign_in
        self._pace = pace_for("xero", tenant_id, config.calls_per_minute, budgets)
        self._token = ""
        self._api: Any = None
        self._left_today: int | None = None

    def read(
        self, method: str, collection: str, *ids: str, shape: type[Shape] | None = None, **arguments: Any
    ) -> Envelope:
        """Call one reading method of the SDK and open its answer, whose records most likely have this `shape`.

        Raises RetryLater, ReconnectNeeded, Refused; NotThere for an unknown id.
        """
        body = self._call(method, ids, arguments, is_write=False)
        if body is None:
            body = b'{"%s": []}' % collection.encode()
        try:
            return envelope(body, collection, shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise RetryLater("Xero", AWAY, "its answer cannot be read") from None

    def keep_reserve(self) -> None:
        """Raises RetryLater where the day's last calls are reached: they are kept for what has to be written."""
        if self._left_today is not None and self._left_today <= RESERVE:
            why = f"few of today's calls are left, and the last {RESERVE} are kept for what has to be written"
            raise RetryLater("Xero", UNTIL_TOMORROW, why)

    def write(self, method: str, *ids: str | dict[str, Any], key: str = "", **arguments: Any) -> bytes:
        """Call one writing method; returns its answer. `key` makes a repetition within six minutes harmless; deletes
        take none.

        Raises OutcomeUnknown when no answer came, and whatever `read` raises.
        """
        # Keys are the app's, not the organisation's: two companies' equal acts must not meet.
        named = {"idempotency_key": f"{key}-{self.tenant_id}"} if key else {}
        return self._call(method, ids, arguments | named, is_write=True) or b""

    def _call(self, method: str, ids: tuple[Any, ...], arguments: dict[str, Any], *, is_write: bool) -> bytes | None:
        self._token = self._access.current()
        try:
            return self._patiently(method, ids, arguments, is_write)
        except _Rejected as first:
            if first.status == 403:
                raise self._closer_look(first) from None
        self._token = self._access.after_rejection(self._token)
        try:
            return self._patiently(method, ids, arguments, is_write)
        except _Rejected as second:
            raise self._closer_look(second) from None

    def _closer_look(self, rejected: _Rejected) -> DunwellError:
        """Disconnected or merely not permitted? Xero answers both alike; only its list of connections tells."""
        self.begin_call()
        if self._sign_in.is_connected(self._token, self.tenant_id):
            return Refused(f"Xero does not permit this: {str(rejected) or rejected.status}")
        return ReconnectNeeded("The organisation was disconnected in Xero. Connect it again.")

    def _patiently(self, method: str, ids: tuple[Any, ...], arguments: dict[str, Any], is_write: bool) -> bytes | None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._pace.slot():
                    self.begin_call()
                    return self._send(method, ids, arguments, is_write)
            except _Pause as pause:
                if attempt == ATTEMPTS:
                    raise pause.error from None
                if pause.is_asked_for:
                    # The next `slot` sits a short rest out, and hands a long one to the scheduler.
                    self._pace.rest(pause.error.wait.total_seconds(), pause.error.why, of_app=pause.is_of_app)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _send(self, method: str, ids: tuple[Any, ...], arguments: dict[str, Any], is_write: bool) -> bytes | None:
        import urllib3.exceptions as transport
        from xero_python.exceptions import ApiSSLException, HTTPStatusException

        try:
            response = getattr(self._accounting(), method)(
                self.tenant_id, *ids, _preload_content=False, _request_timeout=TIMEOUT, **arguments
            )
            self._left_today = left_today(response.headers)
            note_limits("xero", self.tenant_id, response.headers)
            return bytes(response.data)
        except HTTPStatusException as error:
            answer = error.http_resp
            note_limits("xero", self.tenant_id, answer.urllib3_response.headers)
            if answer.status == 304:
                return None
            raise _failure(answer.status, answer.urllib3_response.headers, answer.data, is_write) from None
        except (transport.NewConnectionError, transport.ConnectTimeoutError, ApiSSLException):
            raise RetryLater("Xero", AWAY, "it could not be reached") from None
        except transport.HTTPError:
            if is_write:
                raise OutcomeUnknown("Xero's answer to a write never came.") from None
            raise _Pause(RetryLater("Xero", AWAY, "the connection broke"), is_asked_for=False) from None

    def _accounting(self) -> Any:
        if self._api is None:
            self._api = _accounting_api(insist_on_https(self._config.api_url), lambda: self._token)
        return self._api


class _Pause(Exception):  # never leaves this module
    """Worth another attempt in the same call."""

    def __init__(self, error: RetryLater, *, is_asked_for: bool, is_of_app: bool = False) -> None:
        super().__init__()
        self.error, self.is_asked_for, self.is_of_app = error, is_asked_for, is_of_app


def _failure(status: int, headers: Mapping[str, str], body: bytes, is_write: bool) -> Exception:
    if status in (401, 403):
        return _Rejected(status, explanation(body))
    if status == 429:
        return _Pause(too_many(headers), is_asked_for=True, is_of_app=is_of_app(headers))
    return refusal(status, headers, body, is_write=is_write)


def _accounting_api(root: str, token: Callable[[], str]) -> Any:
    """The SDK's accounting API, tied to one source of tokens. Loaded here because it is slow to load."""
    from xero_python.accounting import AccountingApi
    from xero_python.api_client import ApiClient
    from xero_python.api_client.configuration import Configuration
    from xero_python.api_client.oauth2 import OAuth2Token

    configuration = Configuration()
    # Configurations are copies of one another and share their token: each needs its own, or one person's calls
    # go out under another's name.
    configuration.oauth2_token = OAuth2Token()
    # Without an expiry and a refresh token the SDK can never refresh by itself.
    client = ApiClient(
        configuration,
        oauth2_token_getter=lambda: {
            "access_token": token(),
            "scope": [],
            "expires_in": 1800,
            "token_type": "Bearer",
        },
    )
    client.rest_client.pool_manager = _pool()
    client.set_default_header("Accept-Encoding", "gzip")
    return AccountingApi(client, base_url=f"{root.rstrip('/')}/api.xro/2.0")


@lru_cache(maxsize=1)
def _pool() -> Any:
    """One pool of connections for every organisation: a TLS handshake costs more than most calls.

    Retries off: urllib3 would sleep out a daily limit inside the call, and send a PUT again that may have been done.
    """
    import certifi
    import urllib3

    return urllib3.PoolManager(maxsize=16, retries=False, cert_reqs="CERT_REQUIRED", ca_certs=certifi.where())
