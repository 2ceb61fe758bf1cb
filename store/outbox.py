"""The outbox: what other programs are to be told, written down in the transaction in which it happened.

An event that was rolled back is told to nobody, and one that was committed is not forgotten, whatever is killed next.
Each endpoint has a message of its own. Sending is the scheduler's business; what to send again is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from msgspec import Struct, json
from sqlalchemy import select, update
from sqlmodel import Session

from store import companies, endpoints, tasks
from store.bulk import insert_many
from store.sql import run, table_of
from store.tables import WebhookEndpoint, WebhookMessage

ENDPOINT = table_of(WebhookEndpoint)
MESSAGE = table_of(WebhookMessage)

KINDS = {
    "action.done": "Something was done: a message, a note, a fee, a hold",
    "action.held": "Nobody can tell whether something was done",
    "action.failed": "Something was refused for good",
    "hold.placed": "A customer gets no new credit",
    "hold.released": "A customer gets credit again",
    "promise.kept": "A promise to pay was kept",
    "promise.broken": "A promise to pay was broken",
    "run.finished": "A run has ended",
}
"""What can be told, in words."""
TEST = "test"
"""Sent when an owner presses the button, to one endpoint."""
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long after each failed try the next one comes: eleven tries over some three days."""
LEASE = timedelta(minutes=5)
"""Whoever has taken messages and is not heard of for so long has died over them."""
AT_ONCE = 100
KEPT_FOR = timedelta(days=30)


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message to be sent now, and where."""

    id: int
    company_id: int
    endpoint_id: int
    event_id: str
    url: str
    sealed: bytes
    body: str
    until_at: datetime
    """Until then nobody else is given it."""


def put(session: Session, company_id: int, kind: str, data: Mapping[str, Any], now: datetime) -> int:
    """Tell every endpoint of the company that wants to know; returns how many there are."""
    wanted = [one for one in endpoints.live(session, company_id) if kind in one.kinds.split(",")]
    return _write(session, company_id, wanted, kind, data, now) if wanted else 0


def hold_kind(is_on_hold: bool) -> str:
    """The kind of event that a hold, or its end, is."""
    return "hold.placed" if is_on_hold else "hold.released"


def put_test(session: Session, company_id: int, endpoint_id: int, now: datetime) -> int:
    """A message that tells nothing, to one endpoint; 0 where the company has no such live one."""
    wanted = [one for one in endpoints.live(session, company_id) if one.id == endpoint_id]
    return _write(session, company_id, wanted, TEST, {"says": "It works."}, now) if wanted else 0


def take(session: Session, now: datetime) -> list[Outgoing]:
    """Messages whose time has come, oldest first, of any company; nobody else is given them while the lease lasts."""
    due = select(MESSAGE.c.id).where(MESSAGE.c.state == "waiting", MESSAGE.c.next_try_at <= now)
    taken = []
    for message_id in session.scalars(due.order_by(MESSAGE.c.id).limit(AT_ONCE)).all():
        here = update(MESSAGE).where(MESSAGE.c.id == message_id, MESSAGE.c.state == "waiting")
        if run(session, here.where(MESSAGE.c.next_try_at <= now).values(next_try_at=now + LEASE)):
            taken.append(message_id)
    columns = (MESSAGE.c.id, MESSAGE.c.company_id, MESSAGE.c.endpoint_id, MESSAGE.c.event_id, MESSAGE.c.body)
    wanted = select(*columns, ENDPOINT.c.url, ENDPOINT.c.sealed).join(ENDPOINT, ENDPOINT.c.id == MESSAGE.c.endpoint_id)
    rows = session.execute(wanted.where(MESSAGE.c.id.in_(taken)).order_by(MESSAGE.c.id))
    return [Outgoing(**row._mapping, until_at=now + LEASE) for row in rows]


def delivered(session: Session, message: Outgoing, answer: str, now: datetime) -> None:
    """It was taken over there."""
    values = {"state": "delivered", "delivered_at": now, "next_try_at": None, "answer": answer}
    run(session, _this(message).values(**values, tries=MESSAGE.c.tries + 1))


def not_delivered(session: Session, message: Outgoing, answer: str, now: datetime, *, is_gone: bool = False) -> None:
    """It was not: again after a while, until the waits are used up or the other side says that it is gone for good.

    Then the endpoint is told nothing more, and a person is told that.
    """
    tries = session.execute(select(MESSAGE.c.tries).where(MESSAGE.c.id == message.id)).scalar_one()
    if not is_gone and tries < len(WAITS):
        run(session, _this(message).values(tries=tries + 1, next_try_at=now + WAITS[tries], answer=answer))
        return
    run(session, _this(message).values(tries=tries + 1, state="given_up", next_try_at=None, answer=answer))
    if endpoints.switch_off(session, message.company_id, message.endpoint_id, answer, now):
        _tell(session, message, answer, now)


def give_back(session: Session, message: Outgoing, now: datetime) -> None:
    """It was taken and has had no turn: it waits again. One that was tried keeps its own time."""
    here = _this(message).where(MESSAGE.c.next_try_at == message.until_at)
    run(session, here.values(next_try_at=now + WAITS[0]))


def forget_old(session: Session, now: datetime) -> int:
    """Drop messages that are long over; returns how many."""
    is_over = MESSAGE.c.state != "waiting"
    return run(session, MESSAGE.delete().where(is_over, MESSAGE.c.created_at < now - KEPT_FOR))


def _this(message: Outgoing) -> Any:
    return update(MESSAGE).where(MESSAGE.c.id == message.id, MESSAGE.c.state == "waiting")


def _write(
    session: Session,
    company_id: int,
    wanted: list[WebhookEndpoint],
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
) -> int:
    company, event_id = companies.get(session, company_id), f"evt_{uuid4().hex}"
    about = {"platform": company.platform, "id": company.external_id, "name": company.name}
    body = json.encode({"id": event_id, "type": kind, "timestamp": now, "company": about, "data": dict(data)}).decode()
    rows = [
        {
            "company_id": company_id,
            "endpoint_id": one.id,
            "event_id": event_id,
            "kind": kind,
            "body": body,
            "state": "waiting",
            "created_at": now,
            "next_try_at": now,
            "tries": 0,
            "answer": "",
        }
        for one in wanted
    ]
    return insert_many(session, MESSAGE, rows)


def _tell(session: Session, message: Outgoing, answer: str, now: datetime) -> None:
    tasks.open_task(
        session,
        message.company_id,
        kind="webhook_off",
        subject=str(message.endpoint_id),
        customer_id="",
        title="A program is told nothing more",
        detail=f"{message.url} did not take its messages ({answer}). Once it does, switch it on again under Settings.",
        now=now,
    )
