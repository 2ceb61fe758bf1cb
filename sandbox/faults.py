"""Faults on request, by name: which call they hit, how many times, and with which seed.

The transport faults (`drop_before`, `drop_after`, `slow`, `status`, `truncate`, `empty`, `html`) are worked by
`sandbox.transport` around any endpoint, the `webhook_…` ones by `sandbox.webhooks`, the `smtp_…` ones by
`sandbox.mailbox`; the others by the platform that knows their shape (`throttle`, `unknown_enum`, `nulls`, …).
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """Hits requests whose method and path match, `times` times, after letting `skip` pass, each with `chance`."""

    name: str
    method: str = ""
    """GET, POST, …; empty is any."""
    path: str = ""
    """A regular expression searched in the path; empty is any."""
    times: int = 1
    skip: int = 0
    chance: float = 1.0
    args: Mapping[str, Any] = field(default_factory=dict)

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("", method) and re.search(self.path, path) is not None


class Faults:
    """The faults waiting to happen. `seed` makes those with a chance repeatable."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)
        self.waiting: list[Fault] = []
        self.struck: list[tuple[str, str, str]] = []
        """(name, method, path) of every fault that happened."""

    def add(self, fault: Fault) -> None:
        with self._lock:
            self.waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self.waiting.clear()

    def take(self, method: str, path: str, *names: str) -> Fault | None:
        """The next fault among `names` that hits this request, spent by one; None where all goes well."""
        with self._lock:
            for fault in self.waiting:
                if fault.name not in names or not fault.matches(method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if self._random.random() >= fault.chance:
                    continue
                fault.times -= 1
                self.struck.append((fault.name, method, path))
                return fault
        return None
