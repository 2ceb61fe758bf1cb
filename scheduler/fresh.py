"""Does an act still stand? The decision is made again on the documents as they are now, as if the act were not planned.

Only what comes out the same may go ahead, with its text made anew, so that a message never names yesterday's balance.
Where a person worded it, it goes in those words, or not at all once the figures in them are no longer true. A document
that a person has made by hand is made: it stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace
from sqlmodel import Session

from connectors.mail.message import SendMail, as_worded
from engine.needs import needs_of
from engine.plan import Plan
from scheduler import doing
from scheduler.acts import Pen
from scheduler.by_hand import is_by_hand
from scheduler.parts import Parts
from scheduler.words import words_for
from store import companies, families, policies
from store.ledger import PlannedAct
from store.tables import Action


def stands_now(parts: Parts, session: Session, company_id: int, act: Action) -> tuple[PlannedAct | None, str]:
    """The act as of now, or None and the reason why it is no longer called for."""
    if act.kind == "note":
        return PlannedAct(kind=act.kind, key=act.key, body=act.body), ""
    company = companies.get(session, company_id)
    if is_by_hand(doing.decode(act), parts.platforms[company.platform]):
        return PlannedAct(kind=act.kind, key=act.key, body=act.body), ""
    policy = policies.for_company(session, company)
    today = policy.calendar.day_of(parts.clock())
    family = families.families(session, company_id, [act.customer_id], [policy])
    found = list(families.plans(session, company_id, family, policy, today, [act.key], needs_of(policy)))
    mine = next(((account, plan) for account, plan in found if account.customer_id == act.customer_id), None)
    if mine is None:
        return None, "the customer is no longer in the books"
    account, plan = mine
    words, recorded = words_for(session, company_id, [act.customer_id]), doing.decode(act)
    platform = parts.platforms[company.platform]
    is_edited = isinstance(recorded, SendMail) and recorded.edited is not None
    pen = Pen(company, policy, account, parts.links, today, platform, words, keeps_facts=is_edited)
    for action in plan.actions:
        for planned in pen.acts_for(action):
            if planned.key == act.key:
                anew = doing.decode_body(planned.body)
                if doing.is_same(recorded, anew):
                    return _as_worded_by_a_person(planned, recorded, anew), ""
                return None, f"The books have changed, and it is reckoned anew: {action.reason.sentence}"
    return None, _why_not([plan, *(other for account, other in found if account.customer_id != act.customer_id)])


def _as_worded_by_a_person(planned: PlannedAct, recorded: doing.Body, anew: doing.Body) -> PlannedAct:
    """A message goes in the words that a person gave it, if one did."""
    if isinstance(recorded, SendMail) and isinstance(anew, SendMail) and recorded.edited is not None:
        return replace(planned, body=doing.encode(as_worded(recorded, anew)))
    return planned


def _why_not(plans: Iterable[Plan]) -> str:
    reasons = [decision.reason.sentence for plan in plans for decision in plan.decisions]
    return "Decided again on the books as they are now: " + (reasons[0] if reasons else "nothing is owed any more.")
