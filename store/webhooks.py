"""Deliveries of webhooks: kept before anything is done about them, each once.

They are hints: the companies they name are run sooner, and what changed is read from the platform itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from store import companies
from store.sql import chunks, insert_into, run, table_of
from store.tables import WebhookDelivery

DELIVERY = table_of(WebhookDelivery)


def receive(session: Session, platform: str, body: bytes, external_ids: Iterable[str], now: datetime) -> bool:
    """Keep a verified delivery and bring forward the next run of the companies it names; False for a repeat.

    Companies that we do not know are passed over in silence: they have disconnected.
    """
    row = {"platform": platform, "body_hash": sha256(platform.encode() + b"\n" + body).hexdigest(), "body": body}
    kept = insert_into(session, DELIVERY).values(**row, received_at=now, worked_at=now)
    if not run(session, kept.on_conflict_do_nothing(index_elements=["body_hash"])):
        return False
    for some in chunks(sorted(set(external_ids))):
        companies.bring_named_forward(session, platform, some, now)
    return True
