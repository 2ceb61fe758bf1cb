"""The team: who looks after a company, in which role, and who is invited to.

A company that has an owner keeps one: the last owner can neither be removed nor made anything less. What a role may do
is the web app's business.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session

from store import audit, people
from store.scope import Scope
from store.sql import run, table_of
from store.tables import Company, Invitation, Membership, User

MEMBERSHIP = table_of(Membership)
INVITATION = table_of(Invitation)
USER = table_of(User)

INVITATION_LIFE = timedelta(days=7)
MOST_OPEN = 50
"""Invitations of one company that may be open at once: an owner's account must not become a mailing machine."""


class LastOwner(Exception):
    """Nobody would be left who may change the settings."""


class TooManyInvitations(Exception):
    """So many are open already that some have to be taken up or withdrawn first."""


class Member(Struct, frozen=True):
    """One person of the team."""

    user_id: int
    name: str
    email: str
    platform: str
    """Where the person signs in."""
    role: str
    last_seen_at: datetime | None


class Offer(Struct, frozen=True):
    """What a good invitation offers to whoever opens it."""

    company_id: int
    company_name: str
    role: str
    invited_by: str


def members(session: Session, company_id: int) -> list[Member]:
    """Everybody with a role, owners first, by name."""
    wanted = select(User, MEMBERSHIP.c.role).join(Membership, MEMBERSHIP.c.user_id == USER.c.id)
    rows = session.execute(wanted.where(MEMBERSHIP.c.company_id == company_id)).all()
    found = [Member(user.id or 0, user.name, user.email, user.platform, role, user.last_seen_at) for user, role in rows]
    return sorted(found, key=lambda one: (people.ROLES.index(one.role), one.name, one.user_id))


def has_owner(session: Session, company_id: int) -> bool:
    owners = select(func.count()).where(MEMBERSHIP.c.company_id == company_id, MEMBERSHIP.c.role == "owner")
    return bool(session.execute(owners).scalar_one())


def join(session: Session, company_id: int, user_id: int, role: str, now: datetime) -> None:
    """Give a person a role, unless they have one already: connecting again changes nobody's."""
    if session.get(Membership, (user_id, company_id), populate_existing=True) is None:
        people.grant_role(session, user_id, company_id, role, now)


def change_role(session: Session, company_id: int, user_id: int, role: str, now: datetime, by: str) -> bool:
    """Give a member another role; False when there is no such member. Raises LastOwner, or ValueError for no role."""
    if role not in people.ROLES:
        raise ValueError(f"{role!r} is not a role: expected one of {', '.join(people.ROLES)}")
    if role != "owner":
        _keep_an_owner(session, company_id, user_id)
    here = (MEMBERSHIP.c.company_id == company_id) & (MEMBERSHIP.c.user_id == user_id)
    if not run(session, update(MEMBERSHIP).where(here).values(role=role)):
        return False
    if role != "owner":
        _void_offers_of(session, company_id, user_id, now)
    audit.append(session, company_id, now, by, "role changed", {"user": user_id, "role": role})
    return True


def remove(session: Session, company_id: int, user_id: int, now: datetime, by: str) -> bool:
    """Take a member's role away, at once; False when there is no such member. Raises LastOwner."""
    _keep_an_owner(session, company_id, user_id)
    here = (MEMBERSHIP.c.company_id == company_id) & (MEMBERSHIP.c.user_id == user_id)
    if not run(session, MEMBERSHIP.delete().where(here)):
        return False
    _void_offers_of(session, company_id, user_id, now)
    audit.append(session, company_id, now, by, "role taken away", {"user": user_id})
    return True


def invite(session: Session, company_id: int, email: str, role: str, user_id: int, now: datetime) -> str:
    """Offer a role; returns the token of the link, which is kept nowhere. An open offer to the same address lapses.

    Raises TooManyInvitations, or ValueError for a word that is not a role.
    """
    if role not in people.ROLES:
        raise ValueError(f"{role!r} is not a role: expected one of {', '.join(people.ROLES)}")
    again = (INVITATION.c.company_id == company_id) & (INVITATION.c.email == email)
    run(session, update(INVITATION).where(again, INVITATION.c.used_at.is_(None)).values(used_at=now))
    if len(open_invitations(session, company_id, now)) >= MOST_OPEN:
        raise TooManyInvitations(f"{MOST_OPEN} invitations are open")
    token = token_urlsafe(32)
    row = {"company_id": company_id, "token_hash": _hashed(token), "email": email, "role": role}
    known = row | {"invited_by_id": user_id, "created_at": now, "expires_at": now + INVITATION_LIFE}
    run(session, INVITATION.insert().values(**known))
    audit.append(session, company_id, now, f"user {user_id}", "invited", {"email": email, "role": role})
    return token


def open_invitations(session: Session, company_id: int, now: datetime) -> list[Invitation]:
    """Offers that nobody has taken up yet and that still hold, oldest first."""
    scope = Scope(session, company_id)
    wanted = scope.select(Invitation).where(INVITATION.c.used_at.is_(None), INVITATION.c.expires_at > now)
    return scope.all(wanted.order_by(INVITATION.c.id))


def withdraw(session: Session, company_id: int, invitation_id: int, now: datetime, by: str) -> bool:
    """Make an open offer void; False when there is none of that id."""
    here = (INVITATION.c.company_id == company_id) & (INVITATION.c.id == invitation_id)
    changed = run(session, update(INVITATION).where(here, INVITATION.c.used_at.is_(None)).values(used_at=now))
    if changed:
        audit.append(session, company_id, now, by, "invitation withdrawn", {"invitation": invitation_id})
    return bool(changed)


def offer_of(session: Session, token: str, now: datetime) -> Offer | None:
    """What the link offers; None for one that is unknown, used, withdrawn or too old."""
    found = session.scalars(select(Invitation).where(*_is_good(token, now))).one_or_none()
    company = session.get(Company, found.company_id) if found else None
    host = session.get(User, found.invited_by_id) if found else None
    if found is None or company is None:
        return None
    return Offer(found.company_id, company.name, found.role, (host.name or host.email) if host else "")


def accept(session: Session, token: str, user_id: int, now: datetime) -> int | None:
    """Take the offer up, once; returns the company, or None when it no longer holds. A role is never lowered by it."""
    offer = offer_of(session, token, now)
    if offer is None or not run(session, update(INVITATION).where(*_is_good(token, now)).values(used_at=now)):
        return None
    held = session.get(Membership, (user_id, offer.company_id), populate_existing=True)
    if held is None or people.ROLES.index(offer.role) < people.ROLES.index(held.role):
        people.grant_role(session, user_id, offer.company_id, offer.role, now)
    return offer.company_id


def _void_offers_of(session: Session, company_id: int, user_id: int, now: datetime) -> None:
    """Who owns the company no longer must not have a way back in through an offer made before."""
    mine = (INVITATION.c.company_id == company_id) & (INVITATION.c.invited_by_id == user_id)
    run(session, update(INVITATION).where(mine, INVITATION.c.used_at.is_(None)).values(used_at=now))


def _is_good(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return INVITATION.c.token_hash == _hashed(token), INVITATION.c.used_at.is_(None), INVITATION.c.expires_at > now


def _keep_an_owner(session: Session, company_id: int, user_id: int) -> None:
    """Raises LastOwner when `user_id` is the only owner. The rows are locked: two owners may not leave at once."""
    owners = select(MEMBERSHIP.c.user_id).where(MEMBERSHIP.c.company_id == company_id, MEMBERSHIP.c.role == "owner")
    if list(session.scalars(owners.with_for_update())) == [user_id]:
        raise LastOwner("the last owner of a company stays its owner")


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
