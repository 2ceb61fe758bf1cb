"""Reading what changed, page by page: by change data capture where that can show everything, else by walking queries.

A walk goes through one kind of document after the other in the order of last change, a thousand rows a page. Change
data capture takes one call for all kinds and tells of deletions too, which queries cannot. Once a day all open invoices
are read as well, whatever has been announced of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Raw
from msgspec.structs import replace

from connectors.errors import Refused
from connectors.ports import Clock
from connectors.quickbooks import shapes
from connectors.quickbooks.client import Client
from connectors.quickbooks.cursor import ENTITIES, Cursor, Walk, new_walk, next_entity, next_page
from connectors.quickbooks.gathering import Gathering
from connectors.quickbooks.listing import NAMES
from connectors.quickbooks.query import fills_a_page, quoted, select
from connectors.quickbooks.translate import read_terms
from engine.books import Page

CAPTURE = 1000
"""Objects of all kinds together in one change data capture, at most."""
REACH = timedelta(days=29)
"""Change data capture looks back 30 days at most; a day is kept in hand."""


def changes(client: Client, clock: Clock, at: Cursor) -> Iterator[tuple[Cursor, Page]]:
    """Everything since `at`, each page with where reading stands after it. The last page is complete."""
    now = clock()
    for stands, page in _changed(client, clock, at, now):
        if page.is_complete and stands.must_reread_open(now):
            yield stands, replace(page, is_complete=False)
            yield from _open_again(client, stands, now)
            return
        yield stands, page


def _changed(client: Client, clock: Clock, at: Cursor, now: datetime) -> Iterator[tuple[Cursor, Page]]:
    if at.walk is None:
        since = at.since()
        captured = _capture(client, at, since, now) if since and now - since <= REACH else None
        if captured is not None:
            yield captured
            at = captured[0]
        else:
            at = replace(at, walk=new_walk(now, since))
    while at.walk is not None:
        page, at = _walk_on(client, at, at.walk, clock)
        yield at, page


def raws(rows: shapes.Rows, entity: str) -> list[Raw]:
    """The records of one kind in an answer."""
    found = {
        "customer": rows.customer,
        "invoice": rows.invoice,
        "payment": rows.payment,
        "credit_note": rows.credit_memo,
    }
    return found[entity] or []


def _capture(client: Client, at: Cursor, since: datetime, now: datetime) -> tuple[Cursor, Page] | None:
    """One call for all kinds of change. None when the platform will not look back so far.

    A full answer may have left something out without saying so: what it brought is kept, deletions above all, and a
    walk over the same time follows.
    """
    try:
        answers = client.changes([*NAMES.values(), "Term"], since)
    except Refused:
        return None
    terms = {**at.terms, **read_terms(raw for rows in answers for raw in rows.term or ())}
    gathering = Gathering(replace(at, terms=terms).facts)
    count = 0
    for rows in answers:
        count += len(rows.term or ())
        for entity in ENTITIES:
            gathering.add(entity, raws(rows, entity))
            count += len(raws(rows, entity))
    if count >= CAPTURE:
        # The watermark stays until the walk has been there.
        left = replace(at, terms=terms, walk=new_walk(now, since))
        return left, gathering.page(left.dump())
    done = replace(at, terms=terms).seen(gathering.latest).finished(now)
    return done, gathering.page(done.dump(), is_complete=True)


def _open_again(client: Client, at: Cursor, now: datetime) -> Iterator[tuple[Cursor, Page]]:
    """All open invoices. By position: one that is paid meanwhile may hide another, so what is missing proves nothing.

    Cut short, it begins anew the next time: the cursor knows nothing of it before its end.
    """
    position, is_last = 1, False
    while not is_last:
        rows = client.page_of("invoice", select("Invoice", "Balance > '0'", order="Id", position=position))
        gathering = Gathering(at.facts)
        gathering.add_page(rows)
        is_last = not fills_a_page(rows)
        stands = replace(at, open_read_at=now) if is_last else at
        yield stands, replace(gathering.page(stands.dump(), is_complete=is_last), is_check=True)
        position += len(rows)


def _walk_on(client: Client, at: Cursor, walk: Walk, clock: Clock) -> tuple[Page, Cursor]:
    entity = ENTITIES[walk.entity]
    rows = client.page_of(entity, _statement(entity, walk))
    gathering = Gathering(at.facts)
    gathering.add_page(rows)
    is_full = fills_a_page(rows)
    going_on = next_page(walk, len(rows), gathering.latest) if is_full else next_entity(walk)
    at = at.seen(gathering.latest)
    at = replace(at, walk=going_on) if going_on else at.finished(clock())
    return gathering.page(at.dump(), is_complete=going_on is None), at


def _statement(entity: str, walk: Walk) -> str:
    conditions = [f"MetaData.LastUpdatedTime >= {quoted(walk.at_least.isoformat())}"] if walk.at_least else []
    conditions += whole_list(entity)
    return select(NAMES[entity], *conditions, order="MetaData.LastUpdatedTime ASC", position=walk.position)


def whole_list(entity: str) -> list[str]:
    """A list of names shows only its active ones unless asked for both."""
    return ["Active IN (true, false)"] if entity == "customer" else []
