"""Our own pace towards each platform, so that its limits are kept instead of hit.

One `Pace` per platform and company within this process. It counts real seconds: a platform's limits do too. Where
several processes share budgets, it keeps its part of those as well. What to do once a platform has said "too many" is
its client's business, which tells `rest` here.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from connectors.errors import RetryLater
from connectors.ports import Budgets
from connectors.shared_pace import Share

WINDOW = 60.0
LONGEST_REST = timedelta(hours=24)
DEFAULT_LIMITS = {
    # Xero: 60 a minute, 5 in flight, per app and organisation. Four, so that a person's click still gets through.
    "xero": (60, 4),
    # QuickBooks Online: 500 a minute, 10 in flight, per app and company.
    "quickbooks": (480, 8),
    # And 40 batches a minute.
    "quickbooks/batch": (40, 8),
    # FreshBooks publishes no limit, only that there is one: a pace that keeps well away from it.
    "freshbooks": (120, 4),
}
"""(calls a minute, calls in flight) of one company. Sources: both platforms' limits pages, 2026.

One run has a company at a time, on one thread: calls in flight need no counting beyond this process.
"""
APP_LIMITS = {"xero": 10_000}
"""Calls a minute of one app over all its companies."""


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
        shares: Sequence[Share] = (),
    ) -> None:
        self._per_minute, self._clock, self._sleep = per_minute, clock, sleep
        self._platform, self._longest_wait, self._shares = platform, longest_wait, tuple(shares)
        self._lock = threading.Lock()
        self._in_flight = threading.BoundedSemaphore(concurrent)
        self._begun: deque[float] = deque()
        self._rest_until, self._rests_for = clock(), ""

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

    def rest(self, seconds: float, why: str = "", *, of_app: bool = False) -> None:
        """No call for this long: the platform has asked for it. A shorter rest never shortens a longer one.

        `of_app` says that it is the app's limit, and not this company's, that was hit.
        """
        with self._lock:
            if (until := self._clock() + seconds) > self._rest_until:
                self._rest_until, self._rests_for = until, why
        for share in self._shares[1:] if of_app else self._shares[:1]:
            share.rest(seconds)

    def _wait_for_turn(self) -> None:
        give_up_at = self._clock() + self._longest_wait
        while (wait := self._take_turn()) > 0:
            if self._clock() + wait > give_up_at:
                raise RetryLater(self._platform, timedelta(seconds=wait), self._why(wait))
            self._sleep(wait)

    def _take_turn(self) -> float:
        """Count a call as begun and return 0, or return the seconds until that may be tried again."""
        with self._lock:
            now = self._clock()
            if self._rest_until > now:
                return self._rest_until - now
            # By the same sum as the wait below: another, rounded otherwise, could leave a wait of nothing at all.
            while self._begun and self._begun[0] + WINDOW <= now:
                self._begun.popleft()
            if len(self._begun) >= self._per_minute:
                return self._begun[0] + WINDOW - now
            if (wait := self._take_of_all()) > 0:
                return wait
            self._begun.append(now)
            return 0.0

    def _why(self, wait: float) -> str:
        if self._rest_until > self._clock():
            return self._rests_for
        return "the calls of this minute are used up" if wait <= WINDOW else "it has asked for quiet"

    def _take_of_all(self) -> float:
        for taken, share in enumerate(self._shares):
            if (wait := share.take()) > 0:
                for former in self._shares[:taken]:
                    former.give_back()
                return wait
        return 0.0


_paces: dict[tuple[str, str, Budgets | None], Pace] = {}
_app_shares: dict[tuple[str, Budgets], Share] = {}
_paces_lock = threading.Lock()


def pace_for(platform: str, company: str, per_minute: int | None = None, budgets: Budgets | None = None) -> Pace:
    """The one pace of this company in this process. `per_minute`, given when first asked for, replaces the usual."""
    with _paces_lock:
        key = (platform, company, budgets)
        if key not in _paces:
            usual, concurrent = DEFAULT_LIMITS[platform]
            limit = per_minute or usual
            _paces[key] = Pace(limit, concurrent, platform=platform, shares=_shares(platform, company, limit, budgets))
        return _paces[key]


def _shares(platform: str, company: str, limit: int, budgets: Budgets | None) -> list[Share]:
    """The company's own budget first, then the app's where it has one."""
    if budgets is None:
        return []
    found = [Share(budgets, f"{platform}/{company}", limit)]
    if platform in APP_LIMITS:
        app = (platform, budgets)
        _app_shares.setdefault(app, Share(budgets, f"{platform}/app", APP_LIMITS[platform]))
        found.append(_app_shares[app])
    return found


def forget_paces() -> None:
    """Start counting afresh: for an installation whose clock has just been moved past the platforms' windows."""
    with _paces_lock:
        _paces.clear()
        _app_shares.clear()


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
