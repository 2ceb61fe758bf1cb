"""How far reading has got, as the text that the store keeps between two pages.

Pure. A text that cannot be read is no cursor: everything again is slow, but never wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from connectors.xero.values import parse_instant

OPEN_INVOICES = 6
"""The stage after the six lists of changes: all open invoices again."""
OVERLAP = timedelta(minutes=5)
"""Changes are asked for from this long before the last look: the bound counts seconds, and may leave its own out."""
REREAD_OPEN_AFTER = timedelta(hours=20)
"""Once a day, with room for a run that starts a little earlier than yesterday's."""


class Cursor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a sync stands. Instants are in the form of If-Modified-Since; `since` "" reads everything."""

    stage: int = 0
    page: int = 1
    since: str = ""
    next_since: str = ""
    """What `since` will be once this sync is complete: the server's clock when it began, less the overlap."""
    open_read_at: str = ""
    """When all open invoices were last read."""

    def begun(self, at: datetime) -> Cursor:
        """With the moment, by the server's clock, from which the next sync will ask."""
        return replace(self, next_since=in_header_form(at - OVERLAP))

    def at_rest(self, now: datetime) -> Cursor:
        """After the last page."""
        has_read_open = not self.since or self.stage == OPEN_INVOICES
        read_at = in_header_form(now) if has_read_open else self.open_read_at
        return Cursor(since=self.next_since, open_read_at=read_at)

    def must_reread_open(self, now: datetime) -> bool:
        if not self.since:
            return False
        last = parse_instant(self.open_read_at) if self.open_read_at else None
        return last is None or now - last >= REREAD_OPEN_AFTER

    def dump(self) -> str:
        return msgspec.json.encode(self).decode()


def load(text: str) -> Cursor:
    try:
        at = msgspec.json.decode(text, type=Cursor)
    except msgspec.DecodeError:
        return Cursor()
    return at if 0 <= at.stage <= OPEN_INVOICES and at.page >= 1 else Cursor()


def in_header_form(at: datetime) -> str:
    """The one form of If-Modified-Since that Xero documents; with others it may send everything."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
