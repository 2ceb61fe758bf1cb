"""One call over HTTP, to whichever platform: how it is counted, when it may be made again, and what it means that no
answer came.

Xero's SDK speaks through another library, and `connectors.xero.client` keeps the same rule there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

import requests
from urllib3.exceptions import NewConnectionError

from connectors.errors import DunwellError, OutcomeUnknown, ReconnectNeeded, RetryLater
from connectors.ports import always

AWAY_FOR = timedelta(seconds=60)


class TokenRejected(ReconnectNeeded):
    """The access token was not taken: worth one refresh, and a reconnect when that does not help."""


def unanswered(title: str, why: str, *, changes_something: bool) -> DunwellError:
    """No usable answer came. A read is simply asked again later; a write may have taken effect."""
    if changes_something:
        return OutcomeUnknown(f"{title} may or may not have done this: {why}")
    return RetryLater(title, AWAY_FOR, why)


class Caller:
    """Whoever calls a platform: counts its calls, and asks before each whether it may go."""

    before_call: Callable[[], None] = staticmethod(always)
    api_calls: int = 0

    def begin_call(self) -> None:
        self.before_call()
        self.api_calls += 1


class Through:
    """Whoever calls a platform through a caller: there the calls are counted, and asked about."""

    _caller: Caller | Through

    @property
    def api_calls(self) -> int:
        return self._caller.api_calls

    @property
    def before_call(self) -> Callable[[], None]:
        return self._caller.before_call

    @before_call.setter
    def before_call(self, check: Callable[[], None]) -> None:
        self._caller.before_call = check


class Calls(Caller):
    """A caller by way of `requests`."""

    platform_title: ClassVar[str]

    def sent(self, call: Callable[[], requests.Response], is_write: bool) -> requests.Response:
        """The answer, of whatever status. Raises what `unanswered` says."""
        for is_last in (is_write, True):
            self.begin_call()
            try:
                return call()
            except requests.RequestException as error:
                # A connection kept open may have been closed over there in the meantime: a read just asks again.
                if is_last or isinstance(error, requests.Timeout):
                    why = f"no answer came ({type(error).__name__})"
                    raise unanswered(
                        self.platform_title, why, changes_something=is_write and _was_sent(error)
                    ) from None
        raise AssertionError("unreachable: the last attempt returns or raises")


def _was_sent(error: requests.RequestException) -> bool:
    """Only a connection that was never made proves that nothing was done."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return not isinstance(cause, NewConnectionError) and not isinstance(error, requests.ConnectTimeout)
