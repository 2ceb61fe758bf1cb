"""Token sets, encrypted, and the lease that lets one process at a time refresh one.

Deals in bytes: what is in a token set is `connectors.oauth`'s business, and how it is sealed is `store.secrets`'.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session

from store import companies
from store.bulk import upsert
from store.database import Database
from store.secrets import SecretBox, SecretsLost
from store.sql import insert_into, run, table_of
from store.tables import Connection, StoredTokens, WebhookEndpoint

TOKENS = table_of(StoredTokens)
CONNECTION = table_of(Connection)

LEASE = timedelta(seconds=25)
"""How long one refresh may take. Shorter than the wait, so that a waiter outlives a holder that died."""

WARNED_BEFORE = timedelta(days=30)
LAPSE_WARNED = timedelta(days=7)
WAIT_SECONDS = 30.0
POLL_SECONDS = 0.05


class RefreshTimeout(TimeoutError):
    """Others have held the refresh of these tokens for too long: try the whole run again later."""


def put_tokens(
    session: Session,
    box: SecretBox,
    *,
    platform: str,
    owner: str,
    content: bytes,
    expires_at: datetime,
    refresh_expires_at: datetime | None,
    hard_expires_at: datetime | None,
    now: datetime,
) -> int:
    """Keep the token set of a fresh consent and return its row's id; it replaces what the owner had before.

    Every company that was waiting for these tokens is connected again, and runs at `now`.
    """
    fresh = {
        "sealed": box.seal(content),
        "expires_at": expires_at,
        "refresh_expires_at": refresh_expires_at,
        "hard_expires_at": hard_expires_at,
        # A refresh still under way belongs to the old consent: it must not overwrite this one.
        "refreshing_by": "",
        "refreshing_until": None,
        "lost_reason": "",
    }
    statement = insert_into(session, TOKENS).values(platform=platform, owner=owner, version=1, **fresh)
    again = fresh | {"version": TOKENS.c.version + 1}
    run(session, statement.on_conflict_do_update(index_elements=["platform", "owner"], set_=again))
    tokens_id = _id_of(session, platform, owner)
    for company_id in _companies_on(session, tokens_id):
        companies.mark_connected(session, company_id, now)
    return tokens_id


def attach(
    session: Session, company_id: int, tokens_id: int, connection_id: str, user_id: int | None, now: datetime
) -> None:
    """Let a token set speak for a company; `connection_id` is what a disconnect must name."""
    row = {"tokens_id": tokens_id, "connection_id": connection_id, "connected_by_id": user_id, "connected_at": now}
    upsert(session, CONNECTION, [{"company_id": company_id, **row}])


def are_held(session: Session, platform: str, owner: str) -> bool:
    """Whether tokens of this owner are kept, good or lost."""
    wanted = select(TOKENS.c.id).where(TOKENS.c.platform == platform, TOKENS.c.owner == owner)
    return session.execute(wanted).first() is not None


def are_shared(session: Session, company_id: int) -> bool:
    """Whether the company's tokens speak for others too."""
    connection = connection_of(session, company_id)
    return connection is not None and len(_companies_on(session, connection.tokens_id)) > 1


def connection_of(session: Session, company_id: int) -> Connection | None:
    """The company's consent, None when it has none."""
    return session.get(Connection, company_id, populate_existing=True)


def ending(session: Session, now: datetime) -> list[tuple[int, datetime]]:
    """Connected companies whose consent is about to end by itself, and when: only its owner can give a new one.

    A platform's last day for a consent, however busy, is told a month ahead; one that lapses for want of use, a week.
    """
    columns = (CONNECTION.c.company_id, TOKENS.c.hard_expires_at, TOKENS.c.refresh_expires_at)
    wanted = select(*columns).join(TOKENS, TOKENS.c.id == CONNECTION.c.tokens_id).where(TOKENS.c.lost_reason == "")
    is_near = or_(TOKENS.c.hard_expires_at <= now + WARNED_BEFORE, TOKENS.c.refresh_expires_at <= now + LAPSE_WARNED)
    rows = session.execute(wanted.where(is_near).order_by(CONNECTION.c.company_id)).all()
    ends = ((row.company_id, _near_end(row.hard_expires_at, row.refresh_expires_at, now)) for row in rows)
    return [(company_id, at) for company_id, at in ends if at is not None]


def ends_at(session: Session, company_id: int, now: datetime) -> datetime | None:
    """When this company's consent ends by itself, where that is near."""
    connection = connection_of(session, company_id)
    row = session.get(StoredTokens, connection.tokens_id) if connection else None
    return _near_end(row.hard_expires_at, row.refresh_expires_at, now) if row and not row.lost_reason else None


def drop_unused(session: Session) -> int:
    """Delete every token set that speaks for no company any more; returns how many. After a disconnect none is left."""
    return run(session, TOKENS.delete().where(TOKENS.c.id.not_in(select(CONNECTION.c.tokens_id))))


def reseal(session: Session, box: SecretBox) -> tuple[int, int]:
    """Seal all tokens and webhook secrets anew, with the first key; returns how many were, and how many no key opens.

    Versions stay: what is inside does not change. The rows are locked meanwhile, so that no refresh is overwritten.
    """
    done = lost = 0
    for table in (TOKENS, table_of(WebhookEndpoint)):
        for row in session.execute(select(table.c.id, table.c.sealed).with_for_update()).all():
            try:
                content = box.open(row.sealed)
            except SecretsLost:
                lost += 1
                continue
            done += run(session, update(table).where(table.c.id == row.id).values(sealed=box.seal(content)))
    return done, lost


class Vault:
    """One company's tokens, for one worker. Fits `connectors.ports.TokenVault`; safe between threads and processes.

    Every method is a transaction of its own. `worker` names the process; a thread is told apart by itself.
    """

    def __init__(
        self, database: Database, box: SecretBox, company_id: int, clock: Callable[[], datetime], worker: str
    ) -> None:
        self._database, self._box, self._company_id = database, box, company_id
        self._clock, self._worker = clock, worker
        self._seen_version = 0

    def read(self) -> tuple[bytes, int] | None:
        """Content and version; None when the consent is lost. Raises SecretsLost when it cannot be opened."""
        with self._database.read() as session:
            row = self._row(session)
        if row is None or row.lost_reason:
            return None
        self._seen_version = row.version
        return self._box.open(row.sealed), row.version

    @contextmanager
    def refreshing(self, stale_version: int) -> Iterator[bool]:
        """Hold the refresh lease: True for the one caller that must refresh now, False when a newer version is there.

        Waits while another process refreshes. Raises RefreshTimeout when that takes longer than `WAIT_SECONDS`.
        """
        mine = self._take_lease(stale_version)
        try:
            yield mine
        finally:
            if mine:
                self._change(TOKENS.c.refreshing_by == self._holder(), refreshing_by="", refreshing_until=None)

    def replace(
        self,
        content: bytes,
        expires_at: datetime,
        refresh_expires_at: datetime | None,
        hard_expires_at: datetime | None,
    ) -> None:
        """Store a refreshed set, within `refreshing`. Dropped when the owner has meanwhile connected again."""
        self._change(
            TOKENS.c.refreshing_by == self._holder(),
            sealed=self._box.seal(content),
            version=TOKENS.c.version + 1,
            expires_at=expires_at,
            refresh_expires_at=refresh_expires_at,
            hard_expires_at=hard_expires_at,
        )

    def forget(self, why: str) -> None:
        """Consent is gone: every company on these tokens asks to be connected again. A newer consent is left alone."""
        with self._database.begin() as session:
            row = self._row(session)
            if row is None or row.id is None or row.version != self._seen_version:
                return
            lost = update(TOKENS).where(TOKENS.c.id == row.id, TOKENS.c.version == row.version)
            if run(session, lost.values(lost_reason=why, refreshing_by="", refreshing_until=None)):
                for company_id in _companies_on(session, row.id):
                    companies.mark_reconnect_needed(session, company_id, why, self._clock())

    def _take_lease(self, stale_version: int) -> bool:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            now = self._clock()
            free = (TOKENS.c.refreshing_by == "") | (TOKENS.c.refreshing_until <= now)
            stale = (TOKENS.c.version == stale_version) & (TOKENS.c.lost_reason == "")
            if self._change(free & stale, refreshing_by=self._holder(), refreshing_until=now + LEASE):
                return True
            with self._database.read() as session:
                row = self._row(session)
            if row is None or row.lost_reason or row.version != stale_version:
                return False
            if time.monotonic() > deadline:
                raise RefreshTimeout(RefreshTimeout.__doc__)
            time.sleep(POLL_SECONDS)

    def _change(self, condition: ColumnElement[bool], **values: Any) -> int:
        mine = select(CONNECTION.c.tokens_id).where(CONNECTION.c.company_id == self._company_id).scalar_subquery()
        with self._database.begin() as session:
            return run(session, update(TOKENS).where(TOKENS.c.id == mine, condition).values(**values))

    def _row(self, session: Session) -> StoredTokens | None:
        wanted = select(StoredTokens).join(CONNECTION, CONNECTION.c.tokens_id == TOKENS.c.id)
        return session.scalars(wanted.where(CONNECTION.c.company_id == self._company_id)).one_or_none()

    def _holder(self) -> str:
        return f"{self._worker}/{threading.get_ident()}"


def _near_end(hard: datetime | None, lapse: datetime | None, now: datetime) -> datetime | None:
    near = [hard] if hard and hard <= now + WARNED_BEFORE else []
    near += [lapse] if lapse and lapse <= now + LAPSE_WARNED else []
    return min(near, default=None)


def _companies_on(session: Session, tokens_id: int) -> list[int]:
    return list(session.scalars(select(CONNECTION.c.company_id).where(CONNECTION.c.tokens_id == tokens_id)))


def _id_of(session: Session, platform: str, owner: str) -> int:
    wanted = select(TOKENS.c.id).where(TOKENS.c.platform == platform, TOKENS.c.owner == owner)
    return int(session.execute(wanted).scalar_one())
