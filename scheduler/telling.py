"""Telling other programs: what waits in the outbox goes out, several endpoints at a time.

Each endpoint is asked up to the first message that it does not take: a server that is down is not called a hundred
times in a row. That message comes again later, the rest in a moment, so that one never taken holds nothing up. A
program that takes a message and dies before it says so gets it twice, with the same id.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import structlog

from connectors.outgoing import NotTaken
from scheduler.parts import Parts
from store import outbox
from store.outbox import Outgoing
from store.secrets import SecretsLost

log = structlog.get_logger(__name__)

AT_A_TIME = 8
"""Endpoints that are called at once."""


def tell_programs(parts: Parts) -> int:
    """Send what is due; returns how many messages were taken."""
    with parts.database.begin() as session:
        taken = outbox.take(session, parts.clock())
    if not taken:
        return 0
    taken.sort(key=lambda message: (message.endpoint_id, message.id))
    queues = [list(some) for _, some in groupby(taken, key=lambda message: message.endpoint_id)]
    with ThreadPoolExecutor(min(AT_A_TIME, len(queues)), "telling") as pool:
        return sum(pool.map(lambda queue: _empty(parts, queue), queues))


def _empty(parts: Parts, queue: list[Outgoing]) -> int:
    """One endpoint's messages, up to the first that is not taken; returns how many were."""
    told = 0
    for message in queue:
        if parts.stopping.is_set() or not _send(parts, message):
            break
        told += 1
    with parts.database.begin() as session:
        for left in queue[told:]:
            outbox.give_back(session, left, parts.clock())
    return told


def _send(parts: Parts, message: Outgoing) -> bool:
    try:
        secret = parts.box.open(message.sealed).decode()
        answer = parts.courier.deliver(message.url, secret, message.event_id, message.body.encode(), parts.clock())
    except (NotTaken, SecretsLost) as error:
        log.info("a program was not told", company=message.company_id, endpoint=message.endpoint_id, why=str(error))
        is_gone = isinstance(error, NotTaken) and error.is_gone
        with parts.database.begin() as session:
            outbox.not_delivered(session, message, str(error), parts.clock(), is_gone=is_gone)
        return False
    with parts.database.begin() as session:
        outbox.delivered(session, message, answer, parts.clock())
    return True
