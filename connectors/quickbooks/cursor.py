"""How far reading has got, as the text that the store keeps between two pages: everything needed to go on from there.

Pure. A text that cannot be read is no cursor: the books are read again from the beginning, which harms nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from connectors.quickbooks.translate import Facts, Terms

ENTITIES = ("customer", "invoice", "payment", "credit_note")
"""The order of a walk. A payment may well name an invoice that has not come yet."""
REREAD_OPEN_AFTER = timedelta(hours=20)
"""Once a day, with room for a run that starts a little earlier than yesterday's."""
OVERLAP = timedelta(minutes=10)
"""Two clocks of the platform differ by minutes, and what was just written may not be seen at once."""
QUIET_OVERLAP = timedelta(days=1)
"""Allowance for our own clock, which counts only where nothing has changed for longer than that."""


class Walk(Struct, frozen=True):
    """Reading everything changed since `since` (None: everything there is), one kind of document after the other.

    It goes by time of last change: `at_least` is where the next page starts, `position` the first row from there, which
    is 1 unless a whole page bore one and the same second.
    """

    began_at: datetime
    since: datetime | None = None
    entity: int = 0
    at_least: datetime | None = None
    position: int = 1


class Cursor(Struct, frozen=True):
    """`watermark` is the latest change seen, by the platform's clock; `checked_at` when that was, by ours."""

    home: str
    terms: Terms
    watermark: datetime | None = None
    checked_at: datetime | None = None
    walk: Walk | None = None
    open_read_at: datetime | None = None
    """When all open invoices were last read, announced as changed or not."""

    @property
    def facts(self) -> Facts:
        return Facts(self.home, self.terms)

    def since(self) -> datetime | None:
        """Where the next reading of changes starts; None when nothing was ever read to the end.

        The platform's own times decide. Only after a long quiet, when they would point ever further back, does ours.
        """
        marks = [self.watermark - OVERLAP] if self.watermark else []
        marks += [self.checked_at - QUIET_OVERLAP] if self.checked_at else []
        return max(marks, default=None) if self.checked_at else None

    def seen(self, latest: datetime | None) -> Cursor:
        """With the watermark moved up to `latest`; it never moves back."""
        marks = [mark for mark in (self.watermark, latest) if mark]
        return msgspec.structs.replace(self, watermark=max(marks, default=None))

    def finished(self, now: datetime) -> Cursor:
        """After a walk: what changed while it went on is read again, so the mark goes back by as long as it took."""
        if self.walk is None:
            return msgspec.structs.replace(self, checked_at=now)
        watermark = self.watermark - (now - self.walk.began_at) if self.watermark else None
        # A walk over everything has read the open invoices too.
        open_read_at = self.open_read_at if self.walk.since else self.walk.began_at
        return msgspec.structs.replace(
            self, watermark=watermark, checked_at=self.walk.began_at, walk=None, open_read_at=open_read_at
        )

    def must_reread_open(self, now: datetime) -> bool:
        return self.open_read_at is None or now - self.open_read_at >= REREAD_OPEN_AFTER

    def dump(self) -> str:
        return msgspec.json.encode(self).decode()


def load(text: str) -> Cursor | None:
    try:
        return msgspec.json.decode(text, type=Cursor) if text else None
    except ValueError:
        return None


def next_page(walk: Walk, rows: int, latest: datetime | None) -> Walk:
    """Where a walk goes on after a full page of `rows`, the last of them changed at `latest`.

    By time and not by position: a row that changes meanwhile moves to the end, and every position after it would shift
    by one, losing a row at each page's edge.
    """
    start = latest.replace(microsecond=0) if latest else None
    if start is not None and (walk.at_least is None or start > walk.at_least):
        return msgspec.structs.replace(walk, at_least=start, position=1)
    return msgspec.structs.replace(walk, position=walk.position + rows)


def next_entity(walk: Walk) -> Walk | None:
    """The beginning of the next kind of document; None after the last."""
    if walk.entity + 1 == len(ENTITIES):
        return None
    return Walk(walk.began_at, walk.since, walk.entity + 1, walk.since)


def new_walk(began_at: datetime, since: datetime | None) -> Walk:
    start = since.replace(microsecond=0) if since else None
    return Walk(began_at, start, 0, start)
