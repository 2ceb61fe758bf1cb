"""Keys for other programs: made for one company, shown once, kept as a hash, revoked for good.

Whoever knocks with a key is found by its hash alone: the key says which company it opens.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlmodel import Session

from store import audit
from store.scope import Scope
from store.sql import run, table_of
from store.tables import ApiKey

KEY = table_of(ApiKey)

SCOPES = ("read", "act")
"""From the least to the most: act may do what read may, and speak for a person besides."""
PREFIX = "dunwell_"
"""So that a key that was published by mistake is known for what it is."""
MOST = 20
"""Live keys of one company."""
SEEN_EVERY = timedelta(hours=1)


class TooManyKeysError(Exception):
    """The company has as many live keys as it may: one must be revoked first."""


def make(session: Session, company_id: int, name: str, scope: str, now: datetime, by: str) -> str:
    """A new key, told this once. Raises ValueError for a word that is no scope, TooManyKeysError beyond `MOST`."""
    if scope not in SCOPES:
        raise ValueError(f"{scope!r} is not a scope: expected one of {', '.join(SCOPES)}")
    if sum(key.revoked_at is None for key in all_of(session, company_id)) >= MOST:
        raise TooManyKeysError(f"there are {MOST} keys already")
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey(
        company_id=company_id,
        name=name,
        key_hash=_hash(key),
        ending=key[-4:],
        scope=scope,
        created_at=now,
        created_by=by,
    )
    session.add(row)
    session.flush()
    audit.append(session, company_id, now, by, "api key made", {"key": row.id, "name": name, "scope": scope})
    return key


def revoke(session: Session, company_id: int, key_id: int, now: datetime, by: str) -> bool:
    """From now on it opens nothing; False when the company has no such live key."""
    here = update(KEY).where(KEY.c.company_id == company_id, KEY.c.id == key_id, KEY.c.revoked_at.is_(None))
    if not run(session, here.values(revoked_at=now)):
        return False
    audit.append(session, company_id, now, by, "api key revoked", {"key": key_id})
    return True


def all_of(session: Session, company_id: int) -> list[ApiKey]:
    """Every key ever made for the company, the newest first."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(ApiKey).order_by(KEY.c.id.desc()))


def holder(session: Session, key: str) -> ApiKey | None:
    """The live key that was shown to us, whosever it is; None for any other."""
    wanted = select(ApiKey).where(KEY.c.key_hash == _hash(key), KEY.c.revoked_at.is_(None))
    return session.scalars(wanted).one_or_none()


def is_seen_lately(key: ApiKey, now: datetime) -> bool:
    """Whether its last use is on record well enough: that is not written at every call."""
    return key.used_at is not None and now - key.used_at < SEEN_EVERY


def note_use(session: Session, key: ApiKey, now: datetime) -> None:
    """Keep when it was last seen."""
    run(session, update(KEY).where(KEY.c.id == key.id).values(used_at=now))


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
