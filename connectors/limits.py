"""What the platforms last said is left of their limits: for whoever watches, not for deciding whether to call.

Kept per process, from the answers' own headers. Xero tells after every call; QuickBooks Online tells nothing, so it has
no entry here. Staying below a limit is `connectors.pace`'s job.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from msgspec import Struct

WINDOWS = {
    "x-daylimit-remaining": ("day", 86_400.0),
    "x-minlimit-remaining": ("minute", 60.0),
    "x-appminlimit-remaining": ("app minute", 60.0),
}
"""Header → (its window, seconds after which what it said is over). Source: Xero's limits page, 2026."""
MOST_DIGITS = 9


class Left(Struct, frozen=True):
    """Calls left in one window of one company; `company` is "" for a window of the whole app."""

    platform: str
    company: str
    window: str
    calls: int


_seen: dict[tuple[str, str, str], tuple[int, float]] = {}
_lock = threading.Lock()


def note_limits(
    platform: str, company: str, headers: Mapping[str, str], clock: Callable[[], float] = time.monotonic
) -> None:
    """Keep what one answer says is left. Headers that are missing or make no sense are passed over."""
    now = clock()
    with _lock:
        for name, value in headers.items():
            window, lasts = WINDOWS.get(name.lower(), ("", 0.0))
            if window and value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS:
                whose = "" if window.startswith("app") else company
                _seen[platform, whose, window] = (int(value), now + lasts)


def limits_left(clock: Callable[[], float] = time.monotonic) -> list[Left]:
    """What is still true of it, the least first."""
    now = clock()
    with _lock:
        for key in [key for key, (_, until) in _seen.items() if until <= now]:
            del _seen[key]
        return sorted((Left(*key, calls) for key, (calls, _) in _seen.items()), key=lambda left: left.calls)
