"""Identities: the several sign-ins by which one person is known.

A sign-in is a platform's subject, and by itself a person of its own. Only the person can say that two are the same,
having shown both in one browser: an address is never proof. The one said to be another's keeps its row, so that the
audit still knows who did what, and leads to that person from then on. What a person may do is theirs, whichever way
they come in.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from store import audit, people
from store.sql import run, table_of
from store.tables import Invitation, Membership, User

USER = table_of(User)
MEMBERSHIP = table_of(Membership)
INVITATION = table_of(Invitation)


def ways(session: Session, user_id: int) -> list[User]:
    """Every sign-in of a person, their first one in front."""
    theirs = (USER.c.id == user_id) | (USER.c.same_as_id == user_id)
    rows = session.scalars(select(User).where(theirs).execution_options(populate_existing=True))
    return sorted(rows, key=lambda one: (one.id != user_id, one.id or 0))


def join(session: Session, user_id: int, other_id: int, now: datetime) -> bool:
    """`other_id` is the same person as `user_id`; False when that is so already.

    Roles are put together, the higher one of each company; so are the ways by which the other came in.
    """
    person, other = people.get_user(session, user_id), people.get_user(session, other_id)
    if person is None or other is None or person.id == other.id:
        return False
    for held in session.scalars(select(Membership).where(MEMBERSHIP.c.user_id == other.id)).all():
        _hand_over(session, held, person.id or 0)
        details = {"user": other.id, "platform": other.platform, "same_as": person.id}
        audit.append(session, held.company_id, now, f"user {person.id}", "sign-in added", details)
    run(session, MEMBERSHIP.delete().where(MEMBERSHIP.c.user_id == other.id))
    # Who is no owner any more must not have a way back through an offer made under the other name.
    run(session, update(INVITATION).where(INVITATION.c.invited_by_id == other.id).values(invited_by_id=person.id))
    theirs = (USER.c.id == other.id) | (USER.c.same_as_id == other.id)
    run(session, update(USER).where(theirs).values(same_as_id=person.id))
    return True


def part(session: Session, user_id: int, other_id: int) -> bool:
    """`other_id` is a sign-in of this person no longer, and opens nothing; False when it was none."""
    here = (USER.c.id == other_id) & (USER.c.same_as_id == user_id)
    return run(session, update(USER).where(here).values(same_as_id=None)) == 1


def _hand_over(session: Session, held: Membership, user_id: int) -> None:
    mine = session.get(Membership, (user_id, held.company_id), populate_existing=True)
    if mine is None or people.ROLES.index(held.role) < people.ROLES.index(mine.role):
        people.grant_role(session, user_id, held.company_id, held.role)
