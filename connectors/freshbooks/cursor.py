"""How far reading has got, as the text that the store keeps between two pages: everything needed to go on from there.

Pure. A text that cannot be read is no cursor: the books are read again from the beginning, which harms nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from connectors.freshbooks.fields import EASTERN

READ_ALL_AFTER = timedelta(hours=20)
"""Once a day, with room for a run that starts a little earlier than yesterday's."""
OVERLAP = timedelta(days=1)
"""FreshBooks' searches by time of change know days only, and our clock is not theirs."""


class Step(Struct, frozen=True):
    """One list of a walk. `is_news` narrows it to what changed since the last reading."""

    entity: str
    deleted: bool = False
    is_news: bool = False


ALL = tuple(Step(entity) for entity in ("customer", "credit_note", "invoice", "payment"))
"""A payment may well name an invoice that has not come yet."""
DELETED = tuple(Step(entity, deleted=True) for entity in ("customer", "invoice", "payment"))
NEWS = tuple(replace(step, is_news=step.entity != "credit_note") for step in (*ALL, *DELETED))
"""Credit balances come whole each time: nothing tells when one changed."""
WALKS = {"first": ALL, "news": NEWS, "daily": (*NEWS, *ALL, *DELETED)}


class Walk(Struct, frozen=True):
    """Reading one list after the other, page by page. `total` is how many rows the list had at its first page."""

    kind: str
    began_at: datetime
    since: date | None = None
    step: int = 0
    page: int = 1
    total: int | None = None
    credits: tuple[str, ...] = ()
    """Credit balances that came so far."""


class Cursor(Struct, frozen=True):
    """`read_at` is when the last complete reading began; `credits` are the credit balances that it told."""

    read_at: datetime | None = None
    read_all_at: datetime | None = None
    credits: tuple[str, ...] = ()
    walk: Walk | None = None

    def begun(self, now: datetime) -> Cursor:
        """With a walk to go on with: the one that was left off, else the next one due."""
        if self.walk is not None:
            return self
        if self.read_at is None:
            return replace(self, walk=Walk("first", now))
        is_due = self.read_all_at is None or now - self.read_all_at >= READ_ALL_AFTER
        return replace(self, walk=Walk("daily" if is_due else "news", now, self.since()))

    def since(self) -> date | None:
        """The day from which changes are read, in the zone in which FreshBooks writes them."""
        return (self.read_at - OVERLAP).astimezone(EASTERN).date() if self.read_at else None

    def finished(self) -> Cursor:
        if self.walk is None:
            return self
        began_at, has_read_all = self.walk.began_at, self.walk.kind != "news"
        return replace(
            self,
            read_at=began_at,
            read_all_at=began_at if has_read_all else self.read_all_at,
            credits=self.walk.credits,
            walk=None,
        )

    def dump(self) -> str:
        return msgspec.json.encode(self).decode()


def load(text: str) -> Cursor:
    try:
        found = msgspec.json.decode(text, type=Cursor) if text else Cursor()
    except ValueError:
        return Cursor()
    known = found.walk is None or found.walk.step < len(WALKS.get(found.walk.kind, ()))
    return found if known else Cursor()
