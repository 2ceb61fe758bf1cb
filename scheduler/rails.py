"""Rails: what keeps a message that is called for from going out this very minute.

The hours, the company's and the law's, the customer's own place in them, and the volume brake. Whether it is called
for at all is the engine's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

import structlog
from sqlmodel import Session

from engine.brake import brake
from engine.hours import turn_on
from engine.policy import Policy
from store import ledger, volume
from store.effects import SPOKEN
from store.tables import Action, Company

log = structlog.get_logger(__name__)


def let_through(
    session: Session, company: Company, policy: Policy, acts: Sequence[Action], now: datetime
) -> list[Action]:
    """Those of the acts that may be done now, in their order. What says nothing to a customer always may."""
    spoken = [act for act in acts if act.kind in SPOKEN]
    if not spoken:
        return list(acts)
    if is_braked(session, company, policy, now):
        return [act for act in acts if act.kind not in SPOKEN]
    known = volume.readers(session, company.stored_id, {act.customer_id for act in spoken})
    nobody = volume.Reader()

    def may_go(act: Action) -> bool:
        if act.kind not in SPOKEN:
            return True
        reader = known.get(act.customer_id, nobody)
        place = f"{company.stored_id} {act.customer_id}"
        turn = turn_on(policy, now, reader.country, is_consumer=reader.is_consumer, customer=place)
        if turn is not None and turn > now and policy.calendar.spread_minutes:
            ledger.put_off(session, company.stored_id, act.key, turn)
        return turn is not None and turn <= now

    return [act for act in acts if may_go(act)]


def is_braked(session: Session, company: Company, policy: Policy, now: datetime) -> bool:
    """Whether today's messages are too many to go out unseen; tells a person when they have become so.

    A company in approve mode puts no brake on: somebody looks at each message. The brake goes off by itself when the
    policy allows so many, or on a day that has fewer.
    """
    company_id = company.stored_id
    if company.mode != "automatic":
        return volume.held_back(session, company_id) is not None
    local = now.astimezone(policy.calendar.zone)
    midnight = datetime.combine(local.date(), time(), policy.calendar.zone)
    planned = volume.of_today(session, company, now, midnight)
    reason = brake(planned, volume.usual(session, company_id, local.date()), policy.brake)
    if reason is None:
        volume.brake_off(session, company_id, now)
        return False
    if volume.brake_on(session, company_id, reason.sentence, now):
        log.warning("the volume brake holds messages back", company=company_id, **reason.figures)
    return True
