"""Change data capture: what changed since an instant, deletions included, with its blind spots.

At most 30 days back, at most 1,000 objects over all types together, and nothing says that the cap was reached.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.quickbooks import answers
from sandbox.quickbooks.desk import Entity, Office
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities import BY_PATH
from sandbox.quickbooks.times import read_instant, stamp

FURTHEST_BACK = timedelta(days=30)
MOST_OBJECTS = 1000


def changes(office: Office, entities: str, changed_since: str) -> list[Document]:
    """One object per type, in the order asked; `{}` for a type without changes. Raises 2020 and the 4001 family."""
    if not entities:
        raise answers.missing("entities")
    if not changed_since:
        raise answers.missing("changedSince")
    try:
        since = read_instant(changed_since)
    except ValueError:
        raise answers.invalid_query(f"changedSince {changed_since!r} is not a date-time") from None
    if office.books.clock.now() - since > FURTHEST_BACK:
        raise answers.invalid_query("changedSince is more than 30 days ago")
    left, found = MOST_OBJECTS, []
    for name in entities.split(","):
        entity = BY_PATH.get(name.strip().lower())
        if entity is None:
            raise answers.invalid_query(f"Entity {name.strip()} is not supported by change data capture")
        shown = _of_type(office, entity, since)[:left]
        left -= len(shown)
        found.append({entity.name: shown, "startPosition": 1, "maxResults": len(shown)} if shown else {})
    return found


def _of_type(office: Office, entity: Entity, since: datetime) -> list[Document]:
    """Living ones by LastUpdatedTime, then stubs of the deleted ones, which tell only that they are gone."""
    living = [record for record in office.books.records(entity.name) if record.updated_at >= since]
    living.sort(key=lambda record: record.updated_at)
    graves = [one for one in office.books.graves if one.entity == entity.name and one.deleted_at >= since]
    stubs = [
        {"domain": "QBO", "status": "Deleted", "Id": one.id, "MetaData": {"LastUpdatedTime": stamp(one.deleted_at)}}
        for one in sorted(graves, key=lambda one: one.deleted_at)
    ]
    return [record.document for record in living] + stubs
