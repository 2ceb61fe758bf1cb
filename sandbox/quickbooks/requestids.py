"""`requestid`: a repeated call brings back the first answer, byte for byte, and does nothing.

The first answer comes back even if the object has changed since, and even if the second call said something else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.quickbooks import answers
from sandbox.quickbooks.answers import Answer

LONGEST = 50
LONGEST_WITH_BATCH = 36


class RequestIds:
    """One realm's memory of the calls that carried an id."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, Answer]] = {}

    def recall(self, request_id: str, now: datetime, life: timedelta) -> Answer | None:
        """The answer to the first call with this id; None where there was none, or too long ago."""
        kept = self._kept.get(request_id)
        if kept is None or now - kept[0] > life:
            return None
        return kept[1]

    def keep(self, request_id: str, answer: Answer, now: datetime) -> None:
        self._kept[request_id] = (now, answer)


def check(request_id: str, *, is_batch: bool) -> None:
    """Raises 2050 for an id that is too long."""
    longest = LONGEST_WITH_BATCH if is_batch else LONGEST
    if len(request_id) > longest:
        raise answers.too_long("requestid", longest, len(request_id))
