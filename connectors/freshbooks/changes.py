"""Reading what changed, list by list and page by page.

A list is walked by page number, in whatever order it comes. A row deleted meanwhile would pull another over the edge
into a page already read: where a list has grown shorter, it is read again from its first page. Once a day everything is
read again, deleted things too, because not every change is sure to be told: what an invoice owes may change without its
own time of change.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from connectors.freshbooks.client import Client, Rows, Search
from connectors.freshbooks.cursor import NEWS, WALKS, Cursor, Step, Walk
from connectors.freshbooks.gathering import Gathering
from connectors.freshbooks.translate import Place
from connectors.ports import Clock
from engine.books import CreditKind, Page

CREDIT = CreditKind.CREDIT_NOTE.value


class _Read(Struct):
    """One page of a list, read, and the walk as it goes on; None where it ends."""

    gathering: Gathering
    gone: list[Place]
    walk: Walk
    goes_on: bool


def changes(client: Client, clock: Clock, at: Cursor) -> Iterator[tuple[Cursor, Page]]:
    """Everything since `at`, each page with where reading stands after it. The last page is complete."""
    at = at.begun(clock())
    seen: set[str] = set()
    while at.walk is not None:
        is_check = at.walk.kind == "daily" and at.walk.step >= len(NEWS)
        read = _page(client, at.walk, at.credits, seen)
        at = replace(at, walk=read.walk)
        at = at if read.goes_on else at.finished()
        yield (
            at,
            read.gathering.page(at.dump(), gone=read.gone, is_complete=not read.goes_on, is_check=is_check),
        )


def _page(client: Client, walk: Walk, told: tuple[str, ...], seen: set[str]) -> _Read:
    step, gathering = WALKS[walk.kind][walk.step], Gathering()
    rows = _rows(client, step, walk)
    gathering.add(step.entity, rows.rows)
    seen |= gathering.ids("invoice")
    if step.is_news and step.entity == "payment":
        _add_paid(client, gathering, seen)
    gone: list[Place] = []
    if step.entity == CREDIT:
        walk = replace(walk, credits=tuple(sorted({*walk.credits, *gathering.credits()})))
        gone = [(CREDIT, id) for id in told if rows.is_last and id not in walk.credits]
    return _Read(gathering, gone, *_next(walk, rows))


def _rows(client: Client, step: Step, walk: Walk) -> Rows:
    if step.entity == CREDIT:
        return client.page("customer", Search(has_credit=True), walk.page, ("credit_balance",))
    search = Search(since=walk.since if step.is_news else None, deleted=step.deleted)
    return client.page(step.entity, search, walk.page)


def _add_paid(client: Client, gathering: Gathering, seen: set[str]) -> None:
    """The invoices that payments are about, where they were not told themselves: what they owe has changed."""
    for id in sorted(gathering.invoices_paid() - seen):
        raw = client.one("invoice", id)
        if raw is not None:
            gathering.add("invoice", [raw])
        seen.add(id)


def _next(walk: Walk, rows: Rows) -> tuple[Walk, bool]:
    """The walk after a page, and whether there is anything left of it."""
    if walk.total is not None and rows.total < walk.total:
        return replace(walk, page=1, total=None), True
    if not rows.is_last:
        return replace(walk, page=walk.page + 1, total=max(rows.total, walk.total or 0)), True
    following = replace(walk, step=walk.step + 1, page=1, total=None)
    return (following, True) if following.step < len(WALKS[walk.kind]) else (walk, False)
