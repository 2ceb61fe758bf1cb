"""Our own pace towards each platform, so that its limits are kept instead of hit.

One `Pace` per platform and company within this process. It counts real seconds: a platform's limits do too. What to
do once a platform has said "too many" is its client's business, which tells `rest` here.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from connectors.errors import RetryLater

WINDOW = 60.0
LONGEST_REST = timedelta(hours=24)
DEFAULT_LIMITS = {
    # Xero: 60 a minute, 5 in flight, per app and organisation. Four, so that a person's click still gets through.
    "xero": (60, 4),
    # QuickBooks Online: 500 a minute, 10 in flight, per app and company.
    "quickbooks": (480, 8),
}
"""(calls a minute, calls in flight) of one company. Sources: both platforms' limits pages, 2026."""


class Pace:
    """At most `per_minute` calls begun in any 60 seconds, and `concurrent` in flight. Safe to share between threads.

    `clock` is a monotonic count of seconds.
    """

    def __init__(
        self,
        per_minute: int,
        concurrent: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        *,
        platform: str = "the platform",
        longest_wait: float = 20.0,
    ) -> None:
        self._per_minute, self._clock, self._sleep = per_minute, clock, sleep
        self._platform, self._longest_wait = platform, longest_wait
        self._lock = threading.Lock()
        self._in_flight = threading.BoundedSemaphore(concurrent)
        self._begun: deque[float] = deque()
        self._rest_until = clock()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """One call's place, waited for briefly. Raises RetryLater when that would take over `longest_wait` seconds."""
        if not self._in_flight.acquire(timeout=self._longest_wait):
            raise RetryLater(self._platform, timedelta(seconds=self._longest_wait), "all our connections are busy")
        try:
            self._wait_for_turn()
            yield
        finally:
            self._in_flight.release()

    def rest(self, seconds: float) -> None:
        """No call for this long: the platform has asked for it. A shorter rest never shortens a longer one."""
        with self._lock:
            self._rest_until = max(self._rest_until, self._clock() + seconds)

    def _wait_for_turn(self) -> None:
        give_up_at = self._clock() + self._longest_wait
        while (wait := self._take_turn()) > 0:
            if self._clock() + wait > give_up_at:
                raise RetryLater(self._platform, timedelta(seconds=wait), "the calls of this minute are used up")
            self._sleep(wait)

    def _take_turn(self) -> float:
        """Count a call as begun and return 0, or return the seconds until that may be tried again."""
        with self._lock:
            now = self._clock()
            if self._rest_until > now:
                return self._rest_until - now
            while self._begun and self._begun[0] <= now - WINDOW:
                self._begun.popleft()
            if len(self._begun) < self._per_minute:
                self._begun.append(now)
                return 0.0
            return self._begun[0] + WINDOW - now


_paces: dict[tuple[str, str], Pace] = {}
_paces_lock = threading.Lock()


def pace_for(platform: str, company: str, per_minute: int | None = None) -> Pace:
    """The one pace of this company in this process. `per_minute`, given when first asked for, replaces the usual."""
    with _paces_lock:
        if (platform, company) not in _paces:
            usual, concurrent = DEFAULT_LIMITS[platform]
            _paces[platform, company] = Pace(per_minute or usual, concurrent, platform=platform)
        return _paces[platform, company]


def forget_paces() -> None:
    """Start counting afresh: for an installation whose clock has just been moved past the platforms' windows."""
    with _paces_lock:
        _paces.clear()


def retry_after(headers: Mapping[str, str], default: timedelta) -> timedelta:
    """How long a `Retry-After` header asks us to wait, at most `LONGEST_REST`; `default` when there is none to be read.

    A date is measured against the answer's own `Date`, the platform's clock, and not against ours.
    """
    found = {name.lower(): value.strip() for name, value in headers.items()}
    asked = found.get("retry-after", "")
    if asked.isascii() and asked.isdecimal():
        # A number of a hundred digits would not fit a timedelta; any of more than five is beyond the cap anyway.
        return min(timedelta(seconds=int(asked)), LONGEST_REST) if len(asked) <= 5 else LONGEST_REST
    until, since = _http_date(asked), _http_date(found.get("date", ""))
    if until is None or since is None:
        return min(default, LONGEST_REST)
    return min(max(until - since, timedelta(0)), LONGEST_REST)


def _http_date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return parsed if parsed.tzinfo else None
