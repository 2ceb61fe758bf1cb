"""This process's part of a budget that all processes share: a few calls at a time, so that it is seldom asked for.

How many at once follows the need: a block that was used up brings a bigger one, a block that was left over a smaller
one. What was not used in time is given back with the next question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from connectors.ports import Budgets

GOOD_FOR = 5
"""Seconds within which a block of calls has to be begun."""
FIRST = 20
"""Calls in the first block: enough for a quiet look at a company, and for most nights' acts."""


class Share:
    """One budget, by its name. Safe between threads."""

    def __init__(
        self, budgets: Budgets, name: str, per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._budgets, self._name, self._per_minute, self._clock = budgets, name, per_minute, clock
        self._most = max(1, min(per_minute // 6, 100))
        self._block = min(FIRST, self._most)
        self._left = self._used = 0
        self._good_until = clock()
        self._lock = threading.Lock()

    def take(self) -> float:
        """One call: 0 where it may be made now, else the seconds until that may be asked again."""
        with self._lock:
            if self._left == 0 or self._clock() >= self._good_until:
                wait = self._fetch()
                if wait > 0:
                    return wait
            self._left -= 1
            self._used += 1
            return 0.0

    def give_back(self) -> None:
        """The call that was just taken is not made after all."""
        with self._lock:
            self._left += 1
            self._used -= 1

    def rest(self, seconds: float) -> None:
        with self._lock:
            self._left = 0
        self._budgets.rest(self._name, seconds)

    def _fetch(self) -> float:
        if self._used:
            self._block = max(2, min(2 * self._used, self._most))
        began_at, unused = self._clock(), self._left
        self._left, wait = self._budgets.take(self._name, self._per_minute, self._block, GOOD_FOR, unused)
        # From before the question: the count over there began no earlier.
        self._good_until, self._used = began_at + GOOD_FOR, 0
        return wait if self._left == 0 else 0.0
