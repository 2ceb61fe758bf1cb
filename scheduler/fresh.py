"""Does an act still stand? The decision is made again on the documents as they are now, as if the act were not planned.

Only what comes out the same may go ahead, with its text made anew, so that a message never names yesterday's balance.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from engine.decide import decide
from engine.needs import needs_of
from engine.plan import Plan
from scheduler import doing
from scheduler.acts import Pen
from scheduler.parts import Parts
from scheduler.words import words_for
from store import accounts, companies, policies
from store.ledger import PlannedAct
from store.tables import Action


def stands_now(
    parts: Parts, session: Session, company_id: int, act: Action, today: date
) -> tuple[PlannedAct | None, str]:
    """The act as of now, or None and the reason why it is no longer called for."""
    if act.kind == "note":
        return PlannedAct(kind=act.kind, key=act.key, body=act.body), ""
    company, policy = companies.get(session, company_id), policies.current(session, company_id)
    found = accounts.load(session, company_id, [act.customer_id], today, without_acts=[act.key], needs=needs_of(policy))
    if not found:
        return None, "the customer is no longer in the books"
    plan = decide(found[0], policy, today)
    words = words_for(session, company_id, [act.customer_id])
    pen = Pen(company, policy, found[0], parts.links, today, parts.platforms[company.platform], words)
    for action in plan.actions:
        for planned in pen.acts_for(action):
            if planned.key == act.key:
                if doing.is_same(doing.decode(act), doing.decode_body(planned.body)):
                    return planned, ""
                return None, f"The books have changed, and it is reckoned anew: {action.reason.sentence}"
    return None, _why_not(plan)


def _why_not(plan: Plan) -> str:
    reasons = [decision.reason.sentence for decision in plan.decisions]
    return "Decided again on the books as they are now: " + (reasons[0] if reasons else "nothing is owed any more.")
