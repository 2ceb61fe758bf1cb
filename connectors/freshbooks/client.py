"""The calls that Dunwell makes to one FreshBooks business, decoded as far as the list of records.

What a record means is `translate`'s job.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec
from freshbooks import FilterBuilder, IncludesBuilder, PaginateBuilder
from freshbooks.builders import Builder
from msgspec import Raw, Struct

from connectors.calls import AWAY_FOR, Through
from connectors.errors import OutcomeUnknown, Refused, RetryLater, StopRun
from connectors.freshbooks import shapes
from connectors.freshbooks.faults import TITLE, NotThere
from connectors.freshbooks.transport import RESOURCES, Transport
from connectors.oauth import Access
from connectors.pace import Pace

PAGE = 100
"""Rows of one answer: the platform's maximum. Source: freshbooks-sdk 1.3.0, `PaginateBuilder.MAX_PER_PAGE`."""
NOTHING = bytes(shapes.NOTHING)
T = TypeVar("T")
_ANSWER = msgspec.json.Decoder(shapes.Answer)
_ME = msgspec.json.Decoder(shapes.MeAnswer)


class Search(Struct, frozen=True, kw_only=True):
    """What of a list is meant: what changed since a day, only what was deleted, only these clients', or this one's."""

    since: date | None = None
    deleted: bool = False
    clients: tuple[str, ...] = ()
    invoices_of: str = ""
    has_credit: bool = False

    def builders(self, entity: str) -> list[Builder]:
        asked = FilterBuilder()
        if self.since:
            asked.between("updated_min", min=self.since)
        if self.deleted:
            asked.equals("vis_state", 1)
        if self.clients:
            asked.in_list("userids" if entity == "customer" else "clientids", list(self.clients))
        if self.invoices_of:
            asked.equals("customerid", self.invoices_of)
        if self.has_credit:
            asked.equals("has_credit", "true")
        return [asked]


class Rows(Struct, frozen=True):
    """One page of a list; `total` counts all pages' rows, as of this answer."""

    rows: Sequence[Raw]
    total: int
    is_last: bool


class Client(Through):
    """One business, one thread.

    Every call may raise RetryLater, ReconnectNeeded, and StopRun where a list is refused.
    """

    def __init__(self, api_url: str, client_id: str, account: str, access: Access, pace: Pace) -> None:
        self._sdk = self._caller = Transport(api_url, client_id, account, access, pace)

    def page(self, entity: str, search: Search, number: int = 1, includes: Iterable[str] = ()) -> Rows:
        included = IncludesBuilder()
        for name in includes:
            included.include(name)
        builders = [*search.builders(entity), included, PaginateBuilder(number, PAGE)]
        try:
            result = _decoded(_ANSWER, self._sdk.many(entity, builders)).response.result
        except Refused as error:
            # It would be refused for ever: somebody has to look, and nothing may go out before.
            raise StopRun(f"{TITLE} refuses to be read: {error}") from None
        rows = getattr(result, RESOURCES[entity][2])
        if rows is None or result.total is None or result.pages is None:
            raise _unreadable()
        return Rows(rows, result.total, number >= result.pages)

    def every(self, entity: str, search: Search, includes: Sequence[str] = ()) -> list[Raw]:
        """All rows of a list that is short."""
        rows: list[Raw] = []
        number, is_last = 1, False
        while not is_last:
            page = self.page(entity, search, number, includes)
            rows += page.rows
            number, is_last = number + 1, page.is_last
        return rows

    def one(self, entity: str, id: str) -> Raw | None:
        """None for one that is not there."""
        try:
            return _object(entity, self._sdk.one(entity, id))
        except NotThere:
            return None

    def create(self, entity: str, content: dict[str, Any]) -> Raw:
        """The new object. May raise Refused and OutcomeUnknown as well: FreshBooks knows no request ids."""
        return _written(entity, self._sdk.create(entity, content))

    def update(self, entity: str, id: str, content: dict[str, Any]) -> Raw:
        """Change it, or have something done with it. Never both at once: FreshBooks would drop the change in silence.

        Raises what `create` raises.
        """
        return _written(entity, self._sdk.update(entity, id, content))

    def delete(self, entity: str, id: str) -> None:
        """Raises what `create` raises. What is deleted can be brought back over there."""
        self._sdk.delete(entity, id)

    def me(self) -> shapes.Me:
        return _decoded(_ME, self._sdk.me()).response


def chunks(ids: Sequence[str], size: int = PAGE) -> Iterable[tuple[str, ...]]:
    for start in range(0, len(ids), size):
        yield tuple(ids[start : start + size])


def _object(entity: str, body: bytes) -> Raw:
    found: Raw = getattr(_decoded(_ANSWER, body).response.result, RESOURCES[entity][1])
    if bytes(found) == NOTHING:
        raise _unreadable()
    return found


def _written(entity: str, body: bytes) -> Raw:
    try:
        return _object(entity, body)
    except RetryLater:
        raise OutcomeUnknown(f"{TITLE} answered a write with something that cannot be read") from None


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (ValueError, RecursionError):
        raise _unreadable() from None


def _unreadable() -> RetryLater:
    return RetryLater(TITLE, AWAY_FOR, "its answer was cut short or is not what was asked for")
