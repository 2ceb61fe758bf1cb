"""People who sign in, their roles, and authorisations under way.

There are no passwords: a person is a platform's OpenID subject. What a role may do is the web app's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session

from store import audit
from store.bulk import upsert
from store.secrets import SecretBox
from store.sql import insert_into, run, table_of
from store.tables import Membership, OAuthRequest, User

USER = table_of(User)
MEMBERSHIP = table_of(Membership)
REQUEST = table_of(OAuthRequest)

OAUTH_LIFETIME = timedelta(minutes=10)
"""How long a person may take on the platform's consent page."""

ROLES = ("owner", "bookkeeper", "viewer")


class Begun(Struct, frozen=True):
    """An authorisation that came back: what it was begun with."""

    verifier: str
    nonce: str
    only_identity: bool
    """A mere sign-in: no company was asked for."""
    adds_to: int | None = None
    """The person who said that this is a further sign-in of theirs."""


def sign_in(session: Session, platform: str, subject: str, email: str, name: str, now: datetime) -> User:
    """Find the sign-in by platform and subject, or make it; `get_user` tells whose it is.

    An address or name that came empty keeps the old one.
    """
    statement = insert_into(session, USER).values(
        platform=platform, subject=subject, email=email, name=name, created_at=now, last_seen_at=now
    )
    known = {"last_seen_at": statement.excluded.last_seen_at}
    known |= {key: statement.excluded[key] for key, value in (("email", email), ("name", name)) if value}
    run(session, statement.on_conflict_do_update(index_elements=["platform", "subject"], set_=known))
    wanted = select(User).where(USER.c.platform == platform, USER.c.subject == subject)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def get_user(session: Session, user_id: int) -> User | None:
    """The person behind a sign-in: themselves, or the one whose further sign-in it is."""
    found = session.get(User, user_id, populate_existing=True)
    return found if found is None or found.same_as_id is None else session.get(User, found.same_as_id)


def choose_language(session: Session, user_id: int, language: str) -> None:
    """The language that this person reads in from now on; empty leaves it to their browser."""
    run(session, update(USER).where(USER.c.id == user_id).values(language=language))


def names_of(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Names, or else addresses, of persons by the `user 7` under which the audit and saved settings know them."""
    ids = {int(actor.removeprefix("user ")) for actor in actors if re.fullmatch(r"user \d{1,18}", actor)}
    rows = session.execute(select(USER.c.id, USER.c.name, USER.c.email).where(USER.c.id.in_(sorted(ids))))
    return {f"user {row.id}": row.name or row.email for row in rows if row.name or row.email}


def grant_role(session: Session, user_id: int, company_id: int, role: str, now: datetime | None = None) -> None:
    """Give a person a role in a company, or change it. Raises ValueError for a word that is not a role."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is not a role: expected one of {', '.join(ROLES)}")
    changed = upsert(session, MEMBERSHIP, [{"user_id": user_id, "company_id": company_id, "role": role}])
    if changed and now is not None:
        audit.append(session, company_id, now, f"user {user_id}", "role granted", {"user": user_id, "role": role})


def begin_oauth(
    session: Session,
    box: SecretBox,
    *,
    platform: str,
    state: str,
    browser: str,
    verifier: str,
    nonce: str,
    now: datetime,
    only_identity: bool = False,
    adds_to: int | None = None,
) -> None:
    """Remember an authorisation that a browser begins. Only hashes of `state` and `browser` are kept."""
    run(session, REQUEST.delete().where(REQUEST.c.created_at < now - timedelta(days=1)))
    sealed = box.seal(json.dumps([verifier, nonce, only_identity, adds_to]).encode())
    row = {"state_hash": _hashed(state), "platform": platform, "browser_hash": _hashed(browser)}
    run(session, REQUEST.insert().values(**row, sealed=sealed, created_at=now))


def claim_oauth(
    session: Session, box: SecretBox, *, platform: str, state: str, browser: str, now: datetime
) -> Begun | None:
    """What an authorisation was begun with, once.

    None when it is unknown, used, older than `OAUTH_LIFETIME`, or another browser's.
    """
    claimed = run(
        session,
        update(REQUEST)
        .where(REQUEST.c.state_hash == _hashed(state), REQUEST.c.platform == platform)
        .where(REQUEST.c.browser_hash == _hashed(browser), REQUEST.c.used_at.is_(None))
        .where(REQUEST.c.created_at > now - OAUTH_LIFETIME)
        .values(used_at=now),
    )
    if not claimed:
        return None
    sealed = session.execute(select(REQUEST.c.sealed).where(REQUEST.c.state_hash == _hashed(state))).scalar_one()
    return Begun(*json.loads(box.open(sealed)))


def _hashed(value: str) -> str:
    return sha256(value.encode()).hexdigest()
