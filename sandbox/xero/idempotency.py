"""Idempotency-Key: the first answer to a write, errors included, is given again for six minutes.

Keys belong to the app, not to a tenant: two customers' equal writes under one key meet, as they do at Xero.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from flask import Response

from sandbox.clock import SandboxClock
from sandbox.xero.apps import App
from sandbox.xero.errors import invalid

_LONGEST = 128


@dataclass(frozen=True)
class _Answer:
    last_at: datetime
    request: str
    status: int
    body: bytes
    content_type: str


@dataclass
class Replays:
    """The answers kept, by app and key."""

    clock: SandboxClock
    _answers: dict[tuple[str, str], _Answer] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def once(self, app: App, key: str, request: tuple[str, str, bytes], perform: Callable[[], Response]) -> Response:
        """Perform the write, or give the answer of the first time. Raises Invalid for a key used for something else."""
        if len(key) > _LONGEST:
            raise invalid(f"The Idempotency-Key must not be longer than {_LONGEST} characters")
        method, url, body = request
        what = f"{method} {url} {sha256(body).hexdigest()}"
        with self._lock:
            now = self.clock.now()
            kept = self._answers.get((app.client_id, key))
            if kept is not None and now < kept.last_at:
                if kept.request != what:
                    raise invalid("The Idempotency-Key is used with a different request")
                return Response(kept.body, kept.status, content_type=kept.content_type)
            answer = perform()
            self._forget(now)
            self._answers[app.client_id, key] = _Answer(
                now + app.switches.idempotency_window, what, answer.status_code, answer.get_data(), answer.content_type
            )
            return answer

    def _forget(self, now: datetime) -> None:
        """Drop answers that no window still covers."""
        self._answers = {key: answer for key, answer in self._answers.items() if now < answer.last_at}
