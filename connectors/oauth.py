"""Tokens, the same for both platforms: kept as bytes, fetched, refreshed by one caller at a time.

The code flow itself runs on requests-oauthlib. Which addresses and scopes a platform uses is its own `oauth` module's
business; encrypting and locking is the vault's; who signed in is `identity`'s.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec
import requests
from oauthlib.oauth2 import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from connectors.errors import DunwellError, ReconnectNeeded, RetryLater, StopRun
from connectors.pace import retry_after
from connectors.ports import Clock, TokenSet, TokenVault

REFRESH_BEFORE = timedelta(minutes=2)
"""A token with less than this left is refreshed first: a slow call must not outlive it."""
TIMEOUT = (5.0, 30.0)
"""Seconds to connect, seconds to wait for bytes, at every identity endpoint."""
REFRESH_TIMEOUT = (3.0, 8.0)
"""Two tries of this must end before the lease on the refresh does, or somebody else begins a third."""
AWAY = timedelta(seconds=60)
KEPT_FOR = timedelta(seconds=30)
"""A consent taken back is noticed so soon, in the middle of a run; one that the platform refuses, at once."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# Both libraries write whole tokens to their debug log.
for _name in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)

Refresh = Callable[[TokenSet], TokenSet]
"""Trade a token set for a new one. Raises ReconnectNeeded when the platform refuses it for good."""


def insist_on_https(url: str) -> str:
    """`url` itself. Raises StopRun for anything but https, save plain http to this very machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        # oauthlib knows only all or nothing. Every address passes here first, so its own check may be off.
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        return url
    raise StopRun(f"{url!r} is not a safe address: expected https, or http to localhost only")


def encode(tokens: TokenSet) -> bytes:
    """For the vault. The version stays outside: the vault counts it."""
    return msgspec.json.encode(msgspec.structs.replace(tokens, version=0))


def decode(content: bytes, version: int) -> TokenSet:
    return msgspec.structs.replace(msgspec.json.decode(content, type=TokenSet), version=version)


def fresh_access_token(vault: TokenVault, refresh: Refresh, clock: Clock) -> str:
    """An access token good for two minutes at least. Refreshes once however many processes ask.

    Raises ReconnectNeeded when consent is gone, RetryLater when the platform cannot be reached.
    """
    return _fresh(vault, refresh, clock).access_token


def after_rejection(vault: TokenVault, refresh: Refresh, rejected: str) -> str:
    """Another token than the `rejected` one, which the platform did not take although it had not expired.

    Raises what `fresh_access_token` raises.
    """
    tokens = _held(vault)
    return tokens.access_token if tokens.access_token != rejected else _refreshed(vault, refresh, tokens).access_token


class Access(Protocol):
    """A company's access token as its client needs it: one that is good now, or another one than was rejected."""

    def current(self) -> str: ...

    def after_rejection(self, rejected: str) -> str: ...


class KeptAccess:
    """Access by the tokens in a vault, refreshed as needed. The vault is asked once for the calls of half a minute."""

    def __init__(self, vault: TokenVault, refresh: Refresh, clock: Clock) -> None:
        self._vault, self._refresh, self._clock = vault, refresh, clock
        self._kept: tuple[TokenSet, datetime] | None = None
        """What the vault last gave, and when."""

    def current(self) -> str:
        now = self._clock()
        if self._kept is None or not self._is_good(*self._kept, now):
            self._kept = _fresh(self._vault, self._refresh, self._clock), now
        return self._kept[0].access_token

    def after_rejection(self, rejected: str) -> str:
        self._kept = None
        return after_rejection(self._vault, self._refresh, rejected)

    @staticmethod
    def _is_good(tokens: TokenSet, asked_at: datetime, now: datetime) -> bool:
        return asked_at <= now < asked_at + KEPT_FOR and tokens.expires_at - now >= REFRESH_BEFORE


class GivenAccess:
    """Access by a token just granted and not kept anywhere yet: there is no other one to try."""

    def __init__(self, access_token: str) -> None:
        self._access_token = access_token

    def current(self) -> str:
        return self._access_token

    def after_rejection(self, rejected: str) -> str:  # noqa: ARG002  # whichever it was
        raise ReconnectNeeded("The consent just given does not open this company. Connect it again.")


def _held(vault: TokenVault) -> TokenSet:
    held = vault.read()
    if held is None:
        raise ReconnectNeeded("The consent for this company is gone. Connect it again.")
    return decode(*held)


def _fresh(vault: TokenVault, refresh: Refresh, clock: Clock) -> TokenSet:
    tokens = _held(vault)
    return tokens if tokens.expires_at - clock() >= REFRESH_BEFORE else _refreshed(vault, refresh, tokens)


def _refreshed(vault: TokenVault, refresh: Refresh, stale: TokenSet) -> TokenSet:
    try:
        with vault.refreshing(stale.version) as is_ours_to_do:
            if is_ours_to_do:
                return _refresh_and_store(vault, refresh, stale)
    except TimeoutError:
        raise RetryLater("The refresh of this company's access", AWAY, "somebody else is at it for too long") from None
    return _held(vault)


def _refresh_and_store(vault: TokenVault, refresh: Refresh, stale: TokenSet) -> TokenSet:
    try:
        tokens = refresh(stale)
    except ReconnectNeeded as error:
        # Our lease may have run out while we waited: then somebody else has won, and their set is good.
        held = _held(vault)
        if held.version != stale.version:
            return held
        vault.forget(str(error))
        raise
    vault.replace(encode(tokens), tokens.expires_at, tokens.refresh_expires_at, tokens.hard_expires_at)
    return tokens


class TokenEndpoint:
    """One platform's token endpoint, spoken to with our client id and secret as Basic auth.

    `keys_in_form` puts them into the form instead, for a platform that knows no Basic auth; `form` goes along with each
    refresh. Answers are the platform's JSON object as it came. Raises ReconnectNeeded when a code or a refresh token is
    refused, RetryLater when the platform is away, StopRun when our own keys are.
    """

    def __init__(
        self,
        platform: str,
        url: str,
        client_id: str,
        client_secret: str,
        headers: Mapping[str, str] | None = None,
        *,
        keys_in_form: bool = False,
        form: Mapping[str, str] | None = None,
    ) -> None:
        self._platform, self._url = platform, insist_on_https(url)
        self._client_id = client_id
        self._auth = None if keys_in_form else HTTPBasicAuth(client_id, client_secret)
        keys = {"client_id": client_id, "client_secret": client_secret} if keys_in_form else {}
        self._exchanged: dict[str, Any] = (
            {"include_client_id": True, "client_secret": client_secret} if keys_in_form else {}
        )
        self._refreshed: dict[str, Any] = {**keys, **(form or {})}
        self._headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        self._headers |= headers or {}

    def exchange(self, code: str, redirect_uri: str, code_verifier: str = "") -> dict[str, Any]:
        """Trade the code of a callback. Never repeated: a code used twice can cost the tokens of its first use."""
        verifier: dict[str, Any] = {"code_verifier": code_verifier} if code_verifier else {}
        with self._session(redirect_uri) as session:
            return self._answer(
                lambda: session.fetch_token(
                    self._url,
                    code=code,
                    auth=self._auth,
                    headers=self._headers,
                    timeout=TIMEOUT,
                    **verifier,
                    **self._exchanged,
                )
            )

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        with self._session() as session:

            def once() -> Any:
                return session.refresh_token(
                    self._url,
                    refresh_token=refresh_token,
                    auth=self._auth,
                    headers=self._headers,
                    timeout=REFRESH_TIMEOUT,
                    **self._refreshed,
                )

            try:
                return self._answer(once)
            except RetryLater as error:
                if not isinstance(error.__cause__, requests.RequestException):
                    raise
                # No answer came. Should it have happened all the same, the old value is good for a moment yet.
                return self._answer(once)

    def _session(self, redirect_uri: str | None = None) -> OAuth2Session:
        session = OAuth2Session(self._client_id, redirect_uri=redirect_uri)
        for hook in ("access_token_response", "refresh_token_response"):
            session.register_compliance_hook(hook, self._check)
        return session

    def _check(self, response: requests.Response) -> requests.Response:
        if response.status_code == requests.codes.too_many or response.status_code >= 500:
            wait = retry_after(response.headers, AWAY)
            raise RetryLater(self._platform, wait, f"its sign-in answered {response.status_code}")
        return response

    def _answer(self, call: Callable[[], Any]) -> dict[str, Any]:
        try:
            return dict(call())
        except DunwellError:
            raise
        except requests.RequestException as error:
            raise RetryLater(self._platform, AWAY, "its sign-in did not answer") from error
        except OAuth2Error as error:
            raise self._refusal(error.error) from None
        except ValueError:
            raise RetryLater(self._platform, AWAY, "its sign-in answered something that is not JSON") from None

    def _refusal(self, error: str | None) -> DunwellError:
        if error == "invalid_grant":
            return ReconnectNeeded(f"{self._platform} no longer accepts this consent. Connect the company again.")
        if error == "missing_token":
            return RetryLater(self._platform, AWAY, "its sign-in answered without a token")
        word = error if error and error.isascii() and error.replace("_", "").isalpha() else "an error"
        return StopRun(f"{self._platform} refuses our app itself ({word[:40]}): check its client id and secret")


def callback_code(callback_url: str, platform: str) -> tuple[str, dict[str, str]]:
    """The code and all parameters of a callback. Raises ReconnectNeeded, saying what to do, where there is no code."""
    answers = {name: values[0] for name, values in parse_qs(urlsplit(callback_url).query).items()}
    if answers.get("error") == "access_denied":
        raise ReconnectNeeded(f"You said no on {platform}'s page. Nothing was connected.")
    if "error" in answers or not answers.get("code"):
        raise ReconnectNeeded(f"{platform} could not finish connecting. Try again.")
    return answers["code"], answers


def token_set(
    answer: Mapping[str, Any], now: datetime, *, refresh_days: int | None = None, scopes: tuple[str, ...] = ()
) -> TokenSet:
    """A token endpoint's answer in our words. `refresh_days` is how long a refresh token lives where none is stated.

    Reads Intuit's `x_refresh_token_expires_in` and `x_refresh_token_hard_expires_in`, in seconds. Raises StopRun when
    there is no token to keep.
    """
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not (isinstance(access, str) and isinstance(refresh, str) and access and refresh):
        raise StopRun("The platform's sign-in answered without an access and a refresh token.")
    scope = answer.get("scope")
    rolling = _after(now, answer.get("x_refresh_token_expires_in"))
    return TokenSet(
        access_token=access,
        refresh_token=refresh,
        expires_at=_after(now, answer.get("expires_in")) or now + timedelta(minutes=30),
        refresh_expires_at=rolling or (now + timedelta(days=refresh_days) if refresh_days else None),
        hard_expires_at=_after(now, answer.get("x_refresh_token_hard_expires_in")),
        scopes=tuple(scope) if isinstance(scope, list) else tuple(scope.split()) if isinstance(scope, str) else scopes,
    )


def _after(now: datetime, seconds: object) -> datetime | None:
    try:
        return now + timedelta(seconds=int(seconds))  # type: ignore[call-overload, no-any-return]  # anything may come
    except (TypeError, ValueError, OverflowError):
        return None
